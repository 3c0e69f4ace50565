import { Button, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { get } from '~/api/client';
import type { Page, Row } from '~/api/types';
import { deniedReason, useMe } from '~/app/session';
import { useView } from '~/app/view';
import { LinkButton } from '~/kit/LinkButton';
import { SearchBox } from '~/kit/SearchBox';
import { defineView, list, text } from '~/lib/urlstate';
import { NextFree, type Wanted } from './NextFree';
import { PrefixTree } from './PrefixTree';

export const prefixesView = defineView({ vrf: text(), q: text(), open: list(), sel: text() });

/** Address space as a tree: how full each prefix is, what is free between them, and the next free one in one step. */
export function PrefixesPage() {
  const me = useMe();
  const [view, setView] = useView(prefixesView);
  const [wanted, setWanted] = useState<Wanted | null>(null);
  const vrfs = useQuery({ queryKey: ['list', '/api/v1/inventory/vrfs', 'all'], queryFn: ({ signal }) => get<Page<Row & { name: string; rd?: string | null }>>('/api/v1/inventory/vrfs', { limit: 1000, sort: 'name' }, signal) });
  const tables = [{ value: '', label: 'Global table' }, ...(vrfs.data?.items ?? []).map((vrf) => ({ value: vrf.id, label: vrf.rd ? `${vrf.name} (${vrf.rd})` : vrf.name }))];
  const denied = { prefix: deniedReason(me, 'inventory/prefixes:write'), address: deniedReason(me, 'inventory/ip-addresses:write') };
  return (
    <div className="page page-full">
      <div className="page-head">
        <h1>Prefix tree</h1>
        <p>Address space by what lies in what; bars say how full it is.</p>
        <span style={{ marginLeft: 'auto' }}>
          <LinkButton to={'/inventory/prefixes' as never} search={{ sel: 'new' } as never} disabled={denied.prefix !== undefined} title={denied.prefix}>
            New prefix
          </LinkButton>
        </span>
      </div>
      <div className="row">
        <SearchBox value={view.q} label="Find a prefix or address" onChange={(q) => setView({ q })} />
        <Select aria-label="Table" data={tables} value={view.vrf} allowDeselect={false} searchable onChange={(next) => setView({ vrf: next ?? '', open: [], sel: '' }, { push: true })} />
        {view.open.length > 0 && view.q === '' && (
          <Button variant="default" onClick={() => setView({ open: [] })}>
            Fold all
          </Button>
        )}
        <span className="grow" />
        <span className="muted">Keys: arrows walk and unfold, n takes the next free one</span>
      </div>
      <PrefixTree
        vrf={view.vrf}
        q={view.q}
        open={view.open}
        selected={view.sel}
        onOpen={(open) => setView({ open })}
        onReveal={(open, sel) => setView({ q: '', open, sel }, { push: true })}
        onNext={setWanted}
      />
      {wanted && (
        <NextFree
          wanted={wanted}
          denied={denied}
          onClose={() => setWanted(null)}
          onMade={(id, under) => {
            setWanted(null);
            setView({ sel: id, open: under && !view.open.includes(under) ? [...view.open, under] : view.open });
          }}
        />
      )}
    </div>
  );
}
