import { ActionIcon, Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { apiUrl } from '~/api/client';
import { deniedReason, may, useMe } from '~/app/session';
import { IconTrash } from '~/kit/icons';
import { ErrorState } from '~/kit/States';
import { toast } from '~/kit/toast';
import { dropPicture, picturesQuery, pictureUrl, putPicture, type Picture } from './queries';
import css from './types.module.css';

const SIDES = ['front', 'rear'] as const;

/** How devices of the type look from both sides: pictures that are named so. */
export function Pictures({ type, name }: { type: string; name: string }) {
  const me = useMe();
  const readable = may(me, 'platform/image-attachments:read');
  const pictures = useQuery({ ...picturesQuery(type), enabled: readable });
  if (!readable) return <p className="muted">{deniedReason(me, 'platform/image-attachments:read')}</p>;
  if (pictures.isError) return <ErrorState error={pictures.error} />;
  return (
    <div className={css.pictures}>
      {SIDES.map((side) => (
        <Side key={side} type={type} of={name} side={side} pictures={pictures.data ?? []} />
      ))}
    </div>
  );
}

function Side({ type, of, side, pictures }: { type: string; of: string; side: (typeof SIDES)[number]; pictures: readonly Picture[] }) {
  const me = useMe();
  const input = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const picture = pictures.find((each) => each.name === side);
  const write = deniedReason(me, 'platform/image-attachments:write');
  const run = (done: Promise<void>, text: string) => {
    setBusy(true);
    setProblem(null);
    done.then(() => toast(text), (reason: unknown) => setProblem(reason)).finally(() => setBusy(false));
  };
  const title = side === 'front' ? 'Front' : 'Rear';
  return (
    <figure>
      <figcaption className="row">
        <strong>{title}</strong>
        <span className="grow" />
        <Button variant="default" size="compact-xs" loading={busy} disabled={write !== undefined} title={write} onClick={() => input.current?.click()}>
          {picture ? 'Replace' : `Choose a picture of the ${side}`}
        </Button>
        {picture && (
          <ActionIcon variant="subtle" color="red" size={24} aria-label={`Delete the picture of the ${side}`} disabled={deniedReason(me, 'platform/image-attachments:delete') !== undefined} onClick={() => run(dropPicture(picture), `${title} picture deleted`)}>
            <IconTrash size={14} />
          </ActionIcon>
        )}
      </figcaption>
      <input
        ref={input}
        type="file"
        hidden
        aria-label={`Picture of the ${side}`}
        accept="image/png,image/jpeg,image/gif,image/webp"
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          event.currentTarget.value = '';
          if (file) run(putPicture(type, side, file, picture), `${title} picture kept`);
        }}
      />
      {picture ? <img src={apiUrl(pictureUrl(picture))} alt={`${of} from the ${side}`} /> : <p className="muted">PNG, JPEG, GIF or WebP, at most 10 MiB.</p>}
      {problem !== null && <ErrorState error={problem} />}
    </figure>
  );
}
