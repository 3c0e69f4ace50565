/** Pages of products about a record of a model, offered beside the generated ones. */
import type { Row } from '~/api/types';

export interface RecordLink {
  label: string;
  icon: string;
  to: string;
  search?: Record<string, string>;
}

const TRACED: Record<string, string> = {
  'inventory.interface': 'interfaces', 'inventory.front_port': 'front-ports', 'inventory.rear_port': 'rear-ports', 'inventory.console_port': 'console-ports', 'inventory.console_server_port': 'console-server-ports',
  'inventory.power_port': 'power-ports', 'inventory.power_outlet': 'power-outlets', 'inventory.power_feed': 'power-feeds', 'inventory.cable': 'cables',
};

const idOf = (value: unknown) => (typeof value === 'object' && value !== null && 'id' in value ? String(value.id) : undefined);

export function linksOf(model: string, row: Row): RecordLink[] {
  const traced = TRACED[model];
  if (traced) return [{ label: 'Trace', icon: 'route', to: `/trace/${traced}/${row.id}` }];
  if (model === 'inventory.device_type') return [{ label: 'Components', icon: 'plug', to: `/device-types/${row.id}` }];
  if (model === 'platform.dashboard') return [{ label: 'Open', icon: 'layout-dashboard', to: `/dashboards/${row.id}` }];
  if (model === 'inventory.rack') return [{ label: 'Elevation', icon: 'server-2', to: '/racks', search: { site: idOf(row.site) ?? '', racks: row.id } }];
  if (model === 'inventory.site') return [{ label: 'Racks', icon: 'server-2', to: '/racks', search: { site: row.id } }];
  if (model === 'inventory.device' && idOf(row.rack)) return [{ label: 'In its rack', icon: 'server-2', to: '/racks', search: { site: idOf(row.site) ?? '', racks: idOf(row.rack) ?? '', sel: row.id } }];
  if (model === 'inventory.vrf') return [{ label: 'Prefix tree', icon: 'list-numbers', to: '/prefixes', search: { vrf: row.id } }];
  if (model === 'inventory.prefix') return [{ label: 'In the tree', icon: 'list-numbers', to: '/prefixes', search: { q: String(row.prefix), ...(idOf(row.vrf) ? { vrf: idOf(row.vrf) ?? '' } : {}) } }];
  return [];
}

/** Pages of products about all records of a model, offered beside their list. */
const BESIDE: Record<string, RecordLink[]> = {
  'inventory.device_type': [{ label: 'Import YAML', icon: 'list', to: '/device-types/import' }],
  'inventory.prefix': [{ label: 'Prefix tree', icon: 'list-numbers', to: '/prefixes' }],
  'inventory.rack': [{ label: 'Elevations', icon: 'server-2', to: '/racks' }],
};

export function listLinksOf(model: string): readonly RecordLink[] {
  return BESIDE[model] ?? [];
}
