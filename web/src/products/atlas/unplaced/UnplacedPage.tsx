import { Button, Drawer } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { unplacedQuery } from '~/api/queries';
import type { Unplaced } from '~/api/types';
import { useView } from '~/app/view';
import { DataTable, TableFoot, type Column } from '~/kit/DataTable';
import { IconCheck, IconRadar, IconSearch } from '~/kit/icons';
import { SearchBox } from '~/kit/SearchBox';
import { EmptyState, ErrorState } from '~/kit/States';
import { KeyValue, RelTime } from '~/kit/Text';
import { humanise, plural } from '~/lib/format';
import { defineView, text } from '~/lib/urlstate';

const view = defineView({ q: text(), reason: text(), sel: text() });

/** Everything that was seen and could not be placed, with the reason and what helps. */
export function UnplacedPage() {
  const navigate = useNavigate();
  const [{ q, reason, sel }, setView] = useView(view);
  const unplaced = useQuery(unplacedQuery);
  const all = useMemo(() => unplaced.data?.items ?? [], [unplaced.data]);
  const rows = useMemo(() => {
    const wanted = q.toLowerCase();
    return all.filter((item) => (reason === '' || item.reason.code === reason) && (wanted === '' || `${item.text} ${item.seen_on?.name ?? ''} ${item.reason.text}`.toLowerCase().includes(wanted)));
  }, [all, q, reason]);
  const codes = useMemo(() => {
    const found = new Map<string, number>();
    for (const item of all) found.set(item.reason.code, (found.get(item.reason.code) ?? 0) + 1);
    return [...found].sort((a, b) => b[1] - a[1]);
  }, [all]);

  const columns = useMemo<Column<Unplaced>[]>(
    () => [
      { key: 'what', label: 'What', render: (item) => humanise(item.what) },
      {
        key: 'text',
        label: 'Seen',
        render: (item) => (
          <button type="button" className="link-button" onClick={() => setView({ sel: item.id }, { push: true })}>
            <code>{item.text}</code>
          </button>
        ),
      },
      { key: 'on', label: 'On', render: (item) => <SeenOn item={item} /> },
      { key: 'reason', label: 'Why it has no place', render: (item) => item.reason.text },
      { key: 'rescan', label: 'Rescan', render: (item) => (item.rescan_helps ? 'helps' : <span className="muted">no use</span>) },
      { key: 'source', label: 'Source', render: (item) => item.source },
      { key: 'at', label: 'When', render: (item) => <RelTime at={item.seen_at} /> },
    ],
    [setView],
  );
  const open = all.find((item) => item.id === sel);
  const start = (
    <Button leftSection={<IconRadar size={15} />} onClick={() => void navigate({ to: '/discovery', search: { new: '1' } as never })}>
      Start a discovery
    </Button>
  );

  return (
    <div className="page page-full">
      <div className="page-head">
        <h1>Unplaced</h1>
        <p>Neighbours, addresses and tables that were seen but could not be placed on the map.</p>
        <span style={{ marginLeft: 'auto' }}>{start}</span>
      </div>
      <div className="row">
        <SearchBox value={q} label="Search unplaced" onChange={(next) => setView({ q: next })} />
        {codes.map(([code, number]) => (
          <Button key={code} variant={reason === code ? 'light' : 'default'} aria-pressed={reason === code} onClick={() => setView({ reason: reason === code ? '' : code })}>
            {humanise(code.replaceAll('-', ' '))} {number}
          </Button>
        ))}
      </div>
      {unplaced.isError ? (
        <ErrorState error={unplaced.error} onRetry={() => void unplaced.refetch()} />
      ) : (
        <DataTable
          fill
          label="Unplaced"
          columns={columns}
          rows={rows}
          rowKey={(item) => item.id}
          activeKey={sel}
          onOpen={(item) => setView({ sel: item.id }, { push: true })}
          loading={unplaced.isPending}
          empty={
            all.length > 0 ? (
              <EmptyState icon={IconSearch} title="Nothing matches" actions={<Button variant="default" onClick={() => setView({ q: '', reason: '' })}>Clear search</Button>} />
            ) : (
              <EmptyState icon={IconCheck} title="Everything seen has its place" actions={start}>
                When a neighbour does not answer, or an address belongs to nobody known, it is listed here with the reason and what helps.
              </EmptyState>
            )
          }
        />
      )}
      <TableFoot>
        <span>{plural(rows.length, 'entry', 'entries')}</span>
      </TableFoot>
      <Drawer opened={open !== undefined} onClose={() => setView({ sel: '' })} title={open ? humanise(open.what) : ''} size={480} closeButtonProps={{ 'aria-label': 'Close' }}>
        {open && (
          <div className="stack">
            <code>{open.text}</code>
            <KeyValue
              items={[
                ['Seen on', <SeenOn key="o" item={open} />],
                ['Source', open.source],
                ['When', <RelTime key="w" at={open.seen_at} />],
                ['Reason', <>{open.reason.text} <code className="muted">{open.reason.code}</code></>],
                ['What helps', open.reason.remedy],
                ['Rescan', open.rescan_helps ? 'Asking again can place it' : 'Asking again changes nothing'],
              ]}
            />
          </div>
        )}
      </Drawer>
    </div>
  );
}

function SeenOn({ item }: { item: Unplaced }) {
  if (!item.seen_on) return <span className="muted">-</span>;
  const { device_id: id, name, interface: port } = item.seen_on;
  return (
    <>
      {id ? <Link to="/devices/$id" params={{ id }}>{name ?? 'device'}</Link> : name} {port && <code>{port}</code>}
    </>
  );
}
