import { ActionIcon } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call, del, get, messageOf } from '~/api/client';
import { queryClient } from '~/api/queries';
import type { Page, Row } from '~/api/types';
import { may, useMe } from '~/app/session';
import { IconBookmark, IconBookmarkOff } from '~/kit/icons';
import { toast } from '~/kit/toast';

const AT = '/api/v1/platform/bookmarks';

/** Keeps a record at hand, or lets it go; who may not have bookmarks sees none. */
export function BookmarkButton({ model, id }: { model: string; id: string }) {
  const me = useMe();
  const [busy, setBusy] = useState(false);
  const allowed = may(me, 'platform/bookmarks:write');
  const marks = useQuery({ queryKey: ['list', AT, 'about', id, me.user.id], queryFn: ({ signal }) => get<Page<Row>>(AT, { object_id: id, user: me.user.id, limit: 1 }, signal), enabled: allowed, retry: false });
  if (!allowed || !marks.isSuccess) return null;
  const mark = marks.data.items.find((each) => (each.object as { id?: string } | null)?.id === id);
  const turn = () => {
    setBusy(true);
    (mark ? del(`${AT}/${mark.id}`) : call('POST', AT, { body: { object: { type: model, id }, user: me.user.id } }))
      .then(() => queryClient.invalidateQueries({ queryKey: ['list', AT] }))
      .catch((error: unknown) => toast(messageOf(error), 'critical'))
      .finally(() => setBusy(false));
  };
  const label = mark ? 'Take the bookmark away' : 'Bookmark it';
  return (
    <ActionIcon variant="default" size={30} aria-pressed={mark !== undefined} aria-label={label} title={label} loading={busy} onClick={turn}>
      {mark ? <IconBookmarkOff size={16} /> : <IconBookmark size={16} />}
    </ActionIcon>
  );
}
