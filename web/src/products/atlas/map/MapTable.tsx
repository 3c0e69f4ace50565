import { SegmentedControl } from '@mantine/core';
import type { TopologyLink, TopologyNode } from '~/api/types';
import { DataTable, TableFoot, type Column } from '~/kit/DataTable';
import { Role } from '~/kit/RoleIcon';
import { EmptyState } from '~/kit/States';
import { StateBadge } from '~/kit/Status';
import { RelTime } from '~/kit/Text';
import { percent, plain, plural } from '~/lib/format';
import { shapeOf } from './frame';
import { kindName } from './Panels';
import css from './map.module.css';

export interface MapTableProps {
  rows: 'nodes' | 'links';
  onRows: (rows: 'nodes' | 'links') => void;
  nodes: TopologyNode[];
  links: TopologyLink[];
  selected: string;
  onSelect: (id: string) => void;
}

/** The same nodes and links as the picture, as tables: the equal of the map for the ear and for the eye that prefers rows. */
export function MapTable({ rows, onRows, nodes, links, selected, onSelect }: MapTableProps) {
  const names = new Map(nodes.map((node) => [node.id, node.name]));
  const pick = (id: string, words: string) => (
    <button type="button" className="link-button" onClick={() => onSelect(id)}>
      {words}
    </button>
  );
  const nodeColumns: Column<TopologyNode>[] = [
    { key: 'name', label: 'Name', render: (node) => pick(node.id, node.name) },
    { key: 'role', label: 'Role', render: (node) => <Role role={shapeOf(node)} /> },
    { key: 'state', label: 'Seen', render: (node) => <StateBadge state={node.state} /> },
    { key: 'status', label: 'Status', render: (node) => <StateBadge state={node.status} /> },
    { key: 'addresses', label: 'Addresses', render: (node) => <code>{node.addresses.slice(0, 3).join(' ') || '-'}</code> },
    { key: 'vendor', label: 'Vendor', render: (node) => plain(node.vendor) },
    { key: 'model', label: 'Model', render: (node) => plain(node.model) },
    { key: 'site', label: 'Site', render: (node) => plain(node.site) },
    { key: 'degree', label: 'Links', align: 'right', render: (node) => node.degree ?? 0 },
  ];
  const linkColumns: Column<TopologyLink>[] = [
    { key: 'kind', label: 'Kind', render: (link) => pick(link.id, kindName(link.kind)) },
    { key: 'a', label: 'From', render: (link) => <>{names.get(link.a.device)} <code>{link.a.interface}</code></> },
    { key: 'b', label: 'To', render: (link) => <>{names.get(link.b.device)} <code>{link.b.interface}</code></> },
    { key: 'state', label: 'State', render: (link) => <>{<StateBadge state={link.state} />}{link.blocked ? ' blocked' : ''}</> },
    { key: 'grade', label: 'Grade', render: (link) => <StateBadge state={link.grade} /> },
    { key: 'confidence', label: 'Confidence', align: 'right', render: (link) => percent(link.confidence) },
    { key: 'evidence', label: 'Evidence', render: (link) => [...new Set(link.evidence.map((each) => each.method))].join(', ') },
    { key: 'seen', label: 'Last seen', render: (link) => <RelTime at={link.last_seen} /> },
  ];
  const empty = <EmptyState title="Nothing to list">Clear the filters, or choose another layer.</EmptyState>;
  return (
    <div className={css.tables}>
      <SegmentedControl aria-label="Rows" value={rows} onChange={(next) => onRows(next === 'links' ? 'links' : 'nodes')} data={[{ value: 'nodes', label: `Nodes ${nodes.length}` }, { value: 'links', label: `Links ${links.length}` }]} style={{ alignSelf: 'flex-start' }} />
      {rows === 'nodes' ? (
        <DataTable fill label="Nodes" columns={nodeColumns} rows={nodes} rowKey={(node) => node.id} activeKey={selected} onOpen={(node) => onSelect(node.id)} empty={empty} />
      ) : (
        <DataTable fill label="Links" columns={linkColumns} rows={links} rowKey={(link) => link.id} activeKey={selected} onOpen={(link) => onSelect(link.id)} empty={empty} />
      )}
      <TableFoot>
        <span>
          {plural(nodes.length, 'node')}, {plural(links.length, 'link')}
        </span>
      </TableFoot>
    </div>
  );
}
