import { Button, SegmentedControl } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { get, messageOf } from '~/api/client';
import { devicesQuery } from '~/api/queries';
import type { DeviceSummary, Page } from '~/api/types';
import { useView } from '~/app/view';
import { DataTable, TableFoot, type Column } from '~/kit/DataTable';
import { IconDownload, IconRadar, IconRouter, IconSearch } from '~/kit/icons';
import { Role } from '~/kit/RoleIcon';
import { SearchBox } from '~/kit/SearchBox';
import { EmptyState, ErrorState } from '~/kit/States';
import { StateBadge } from '~/kit/Status';
import { RelTime } from '~/kit/Text';
import { toast } from '~/kit/toast';
import { toCsv } from '~/lib/csv';
import { saveFile } from '~/lib/download';
import { count, plain } from '~/lib/format';
import { defineView, oneOf, sort, text } from '~/lib/urlstate';

const STATES = ['', 'fresh', 'stale', 'gone'] as const;
const view = defineView({ q: text(), state: oneOf(STATES, ''), sort: sort() });

/** The latest of whatever the server says about when a device was seen. */
function lastSeen(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return null;
  const times = value.flatMap((each: unknown) => (typeof each === 'object' && each !== null && 'at' in each ? [String(each.at)] : []));
  return times.sort().at(-1) ?? null;
}

function addressText(value: unknown): string {
  return typeof value === 'object' && value !== null && 'address' in value ? plain(value.address) : plain(value);
}

const columns: Column<DeviceSummary>[] = [
  { key: 'name', label: 'Name', sortable: true, render: (device) => <Link to="/devices/$id" params={{ id: device.id }}>{device.name}</Link> },
  { key: 'state', label: 'State', render: (device) => <StateBadge state={device.state} /> },
  { key: 'role', label: 'Role', sortable: true, render: (device) => <Role role={device.role} /> },
  {
    key: 'addresses',
    label: 'Addresses',
    render: (device) => {
      const all = (device.addresses ?? []).map(addressText);
      return (
        <code title={all.join(' ')}>
          {all.slice(0, 2).join(' ')}
          {all.length > 2 && ` +${all.length - 2}`}
        </code>
      );
    },
  },
  { key: 'vendor', label: 'Vendor', sortable: true, render: (device) => plain(device.vendor) },
  { key: 'model', label: 'Model', render: (device) => plain(device.model) },
  { key: 'site', label: 'Site', sortable: true, render: (device) => plain(device.site) },
  { key: 'interfaces', label: 'Interfaces', align: 'right', render: (device) => count(device.interface_count) },
  { key: 'last_seen', label: 'Last seen', sortable: true, render: (device) => <RelTime at={lastSeen(device.last_seen)} /> },
];

export function DevicesPage() {
  const navigate = useNavigate();
  const [{ q, state, sort: order }, setView] = useView(view);
  const params = useMemo(() => ({ q: q || undefined, state: state || undefined, sort: order ? `${order.descending ? '-' : ''}${order.key}` : 'name' }), [q, state, order]);
  const devices = useInfiniteQuery(devicesQuery(params));
  const rows = useMemo(() => devices.data?.pages.flatMap((page) => page.items) ?? [], [devices.data]);
  const total = devices.data?.pages[0]?.total;
  // A column nobody fills is left out rather than shown as dashes.
  const filled = useMemo(() => columns.filter((column) => !['vendor', 'model', 'site', 'interfaces', 'last_seen'].includes(column.key) || rows.some((row) => row[(column.key === 'interfaces' ? 'interface_count' : column.key) as keyof DeviceSummary])), [rows]);
  const narrowed = q !== '' || state !== '';

  return (
    <div className="page page-full">
      <div className="page-head">
        <h1>Devices</h1>
        {total !== undefined && <p>{count(total)} {narrowed ? 'match' : 'known'}</p>}
      </div>
      <div className="row">
        <SearchBox value={q} label="Search name or address" onChange={(next) => setView({ q: next })} />
        <SegmentedControl aria-label="State" value={state} onChange={(next) => setView({ state: next as (typeof STATES)[number] })} data={STATES.map((value) => ({ value, label: value === '' ? 'All' : value.charAt(0).toUpperCase() + value.slice(1) }))} />
        <span className="grow" />
        <ExportButton params={params} />
      </div>
      {devices.isError ? (
        <ErrorState error={devices.error} onRetry={() => void devices.refetch()} />
      ) : (
        <DataTable
          fill
          label="Devices"
          columns={filled}
          rows={rows}
          rowKey={(device) => device.id}
          total={total}
          sort={order}
          onSort={(next) => setView({ sort: next })}
          onOpen={(device) => void navigate({ to: '/devices/$id', params: { id: device.id } })}
          loading={devices.isPending}
          onEnd={() => devices.hasNextPage && !devices.isFetchingNextPage && void devices.fetchNextPage()}
          empty={
            narrowed ? (
              <EmptyState icon={IconSearch} title="No device matches" actions={<Button variant="default" onClick={() => setView({ q: '', state: '' })}>Clear search and filters</Button>} />
            ) : (
              <EmptyState icon={IconRouter} title="No device is known yet" actions={<Button leftSection={<IconRadar size={15} />} onClick={() => void navigate({ to: '/discovery', search: { new: '1' } as never })}>Start a discovery</Button>}>
                Devices appear here as soon as one answers a discovery.
              </EmptyState>
            )
          }
        />
      )}
      <TableFoot>
        <span>
          {count(rows.length)} of {total === undefined ? '?' : count(total)} loaded
        </span>
        {devices.hasNextPage && (
          <Button variant="default" size="compact-xs" loading={devices.isFetchingNextPage} onClick={() => void devices.fetchNextPage()}>
            Load more
          </Button>
        )}
      </TableFoot>
    </div>
  );
}

const EXPORT_PAGE = 1000;

/** All devices that match, page by page, as CSV. */
function ExportButton({ params }: { params: Readonly<Record<string, string | undefined>> }) {
  const [busy, setBusy] = useState(false);
  const save = async () => {
    const rows: DeviceSummary[] = [];
    let cursor: string | undefined;
    do {
      const page: Page<DeviceSummary> = await get<Page<DeviceSummary>>('/api/v1/atlas/devices', { ...params, limit: EXPORT_PAGE, cursor });
      rows.push(...page.items);
      cursor = page.next_cursor ?? undefined;
    } while (cursor !== undefined);
    const heads = ['id', 'name', 'state', 'role', 'vendor', 'model', 'site', 'addresses', 'last_seen'];
    saveFile('devices.csv', 'text/csv', toCsv(heads, rows.map((row) => [row.id, row.name, row.state, row.role, row.vendor, row.model, row.site, (row.addresses ?? []).map(addressText).join(' '), lastSeen(row.last_seen)])));
  };
  return (
    <Button
      variant="default"
      loading={busy}
      leftSection={<IconDownload size={15} />}
      onClick={() => {
        setBusy(true);
        save()
          .catch((error: unknown) => toast(messageOf(error), 'critical'))
          .finally(() => setBusy(false));
      }}
    >
      CSV
    </Button>
  );
}
