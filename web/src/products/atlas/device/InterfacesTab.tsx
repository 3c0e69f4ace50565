import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { Interface } from '~/api/types';
import { DataTable, type Column } from '~/kit/DataTable';
import { SearchBox } from '~/kit/SearchBox';
import { EmptyState } from '~/kit/States';
import { StateBadge } from '~/kit/Status';
import { bitrate, plain } from '~/lib/format';

const addressOf = (value: unknown): string =>
  typeof value === 'object' && value !== null && 'address' in value ? `${plain(value.address)}${'prefix_length' in value && value.prefix_length !== null ? `/${plain(value.prefix_length)}` : ''}` : plain(value);

const vlanOf = (value: unknown): string => (typeof value === 'object' && value !== null && 'id' in value ? plain(value.id) : plain(value));

const columns: Column<Interface>[] = [
  { key: 'name', label: 'Name', render: (each) => <code>{each.name}</code> },
  { key: 'alias', label: 'Description', render: (each) => plain(each.alias) },
  { key: 'oper', label: 'State', render: (each) => (each.admin === 'down' ? <span className="muted">Shut</span> : <StateBadge state={each.oper} />) },
  { key: 'speed', label: 'Speed', align: 'right', render: (each) => bitrate(each.speed_bps || null) },
  { key: 'addresses', label: 'Addresses', render: (each) => <code>{(each.addresses ?? []).map(addressOf).join(' ') || '-'}</code> },
  {
    key: 'neighbour',
    label: 'Neighbour',
    render: (each) =>
      (each.neighbours ?? []).length === 0 ? (
        <span className="muted">-</span>
      ) : (
        (each.neighbours ?? []).slice(0, 3).map((other, at) => (
          <span key={`${other.link_id}${at}`}>
            {at > 0 && ', '}
            {other.device_id ? <Link to="/devices/$id" params={{ id: other.device_id }}>{other.name ?? 'device'}</Link> : other.name} <code>{other.interface}</code>
          </span>
        ))
      ),
  },
  { key: 'vlans', label: 'VLANs', render: (each) => (each.vlans ?? []).map(vlanOf).join(' ') || '-' },
  { key: 'lag', label: 'LAG', render: (each) => plain(each.lag) },
  { key: 'mac', label: 'MAC', render: (each) => <code>{plain(each.mac)}</code> },
  { key: 'mtu', label: 'MTU', align: 'right', render: (each) => plain(each.mtu) },
  { key: 'index', label: 'ifIndex', align: 'right', render: (each) => plain(each.index) },
];

export function InterfacesTab({ interfaces, q, onSearch }: { interfaces: Interface[]; q: string; onSearch: (q: string) => void }) {
  const rows = useMemo(() => {
    const wanted = q.toLowerCase();
    return wanted === '' ? interfaces : interfaces.filter((each) => `${each.name} ${each.alias ?? ''} ${each.mac ?? ''} ${(each.addresses ?? []).map(addressOf).join(' ')}`.toLowerCase().includes(wanted));
  }, [interfaces, q]);
  const used = columns.filter((column) => !['lag', 'vlans', 'alias'].includes(column.key) || interfaces.some((each) => { const value = each[column.key as 'lag' | 'vlans' | 'alias']; return Array.isArray(value) ? value.length > 0 : value; }));
  return (
    <div className="stack">
      <SearchBox value={q} label="Search interfaces" onChange={onSearch} />
      <DataTable label="Interfaces" columns={used} rows={rows} rowKey={(each) => `${each.name}/${each.index}`} empty={<EmptyState title={interfaces.length === 0 ? 'No interface table was read' : 'No interface matches'} />} />
    </div>
  );
}
