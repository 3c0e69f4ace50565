/** Documents of the inventory beyond records, and how they are read and changed. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { call, get, post } from '~/api/client';
import { queryClient } from '~/api/queries';
import type { Page, Reference, Row } from '~/api/types';

const AT = '/api/v1/inventory';

export interface PrefixRow {
  kind: 'prefix';
  id: string;
  prefix: string;
  status: string | null;
  vrf: Reference | null;
  role: Reference | null;
  vlan: Reference | null;
  assigned_tenant: Reference | null;
  scope: (Reference & { type: string }) | null;
  description: string;
  is_pool: boolean;
  mark_utilized: boolean;
  version: number | null;
  children: number;
  depth: number;
  utilisation: number;
  addresses: number;
}

export interface FreeRow {
  kind: 'free';
  prefix: string;
}

export interface PrefixLevel {
  above: Omit<PrefixRow, 'kind'>[];
  items: (PrefixRow | FreeRow)[];
  next_cursor: string | null;
}

export interface LevelOf {
  vrf?: string;
  parent?: string;
  q?: string;
}

/** The direct children of a prefix, or the top of a table. */
export const prefixLevelQuery = (of: LevelOf) =>
  infiniteQueryOptions({
    queryKey: ['prefix-tree', of],
    queryFn: ({ pageParam, signal }) => get<PrefixLevel>(`${AT}/prefix-tree`, { ...of, limit: 100, cursor: pageParam === '' ? undefined : pageParam }, signal),
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });

export const availablePrefixesQuery = (id: string) =>
  queryOptions({ queryKey: ['available', 'prefixes', id], queryFn: ({ signal }) => get<{ items: { prefix: string }[] }>(`${AT}/prefixes/${id}/available-prefixes`, { limit: 1000 }, signal), staleTime: 0 });

export const availableAddressQuery = (id: string) =>
  queryOptions({ queryKey: ['available', 'ips', id], queryFn: ({ signal }) => get<{ items: { address: string }[] }>(`${AT}/prefixes/${id}/available-ips`, { limit: 1 }, signal), staleTime: 0 });

/** The next free prefix of this length, or the next free address, as a new record. */
export const takeNext = (parent: string, kind: 'prefix' | 'address', body: Record<string, unknown>) =>
  post<Row>(`${AT}/prefixes/${parent}/${kind === 'prefix' ? 'available-prefixes' : 'available-ips'}`, body).then((row) => {
    spaceChanged();
    return row;
  });

export const createPrefix = (body: Record<string, unknown>) =>
  post<Row>(`${AT}/prefixes`, body, { idempotent: true }).then((row) => {
    spaceChanged();
    return row;
  });

function spaceChanged(): void {
  for (const key of [['prefix-tree'], ['available'], ['list', `${AT}/prefixes`], ['list', `${AT}/ip-addresses`]]) void queryClient.invalidateQueries({ queryKey: key });
}

export interface RackDevice {
  id: string;
  name: string | null;
  position: number | null;
  face: Face | null;
  height: number;
  full_depth: boolean;
  status: string | null;
  role: { id: string; display: string; color: string | null } | null;
  device_type: Reference | null;
  asset_tag: string | null;
  version: number | null;
}

export type Face = 'front' | 'rear';

export interface Elevation {
  id: string;
  name: string;
  site: Reference | null;
  location: Reference | null;
  status: string | null;
  u_height: number;
  starting_unit: number;
  desc_units: boolean;
  devices: RackDevice[];
  reservations: { id: string; units: number[]; description: string; user: Reference | null; assigned_tenant: Reference | null }[];
  utilisation: { units: number; units_used: number; units_reserved: number; power_available: number; power_allocated: number; power_maximum: number };
}

export const elevationQuery = (rack: string) => queryOptions({ queryKey: ['elevation', rack], queryFn: ({ signal }) => get<Elevation>(`${AT}/racks/${rack}/elevation`, undefined, signal) });

export const sitesQuery = queryOptions({ queryKey: ['list', `${AT}/sites`, 'all'], queryFn: ({ signal }) => get<Page<Row & { name: string; rack_count?: number }>>(`${AT}/sites`, { limit: 1000, sort: 'name' }, signal) });

export const racksQuery = (site: string) =>
  queryOptions({
    queryKey: ['list', `${AT}/racks`, 'of', site],
    queryFn: ({ signal }) => get<Page<Row & { name: string; location: Reference | null }>>(`${AT}/racks`, { site, limit: 500, sort: 'name' }, signal),
    enabled: site !== '',
  });

/** Devices of a site that are in no rack, with what their types measure. */
export const looseDevicesQuery = (site: string) =>
  queryOptions({
    queryKey: ['list', `${AT}/devices`, 'loose', site],
    queryFn: async ({ signal }): Promise<RackDevice[]> => {
      const found = await get<Page<Row>>(`${AT}/devices`, { site, rack__isnull: 'true', limit: 200, sort: 'name' }, signal);
      const types = [...new Set(found.items.map((row) => idOf(row.device_type)).filter((id) => id !== ''))];
      const measures = types.length === 0 ? [] : (await get<Page<Row>>(`${AT}/device-types`, { id__in: types.join(','), limit: 1000 }, signal)).items;
      return found.items.map((row) => {
        const type = measures.find((each) => each.id === idOf(row.device_type));
        return {
          id: row.id, name: typeof row.name === 'string' ? row.name : null, position: null, face: null, height: Number(type?.u_height ?? 1), full_depth: type?.is_full_depth !== false,
          status: String(row.status ?? ''), role: row.role ? { ...(row.role as Reference), color: null } : null, device_type: row.device_type as Reference, asset_tag: null, version: row.version ?? null,
        };
      });
    },
    enabled: site !== '',
  });

function idOf(value: unknown): string {
  return typeof value === 'object' && value !== null && 'id' in value ? String(value.id) : '';
}

/** Puts a device elsewhere; refused when somebody else changed it meanwhile. */
export const moveDevice = (device: RackDevice, to: Record<string, unknown>) =>
  call<Row>('PATCH', `${AT}/devices/${device.id}`, { body: to, ifMatch: device.version === null ? undefined : `"v${device.version}"` }).then((answer) => answer.data);

export interface TracePort {
  id: string;
  model: string;
  name: string;
  label: string;
  at: Reference | null;
  at_model: string | null;
  step: number;
}

export interface TraceCable {
  id: string;
  number: number | null;
  label: string;
  type: string | null;
  status: string | null;
  color: string | null;
  length: string | number | null;
  length_unit: string | null;
  a: string[];
  b: string[];
}

export interface Trace {
  origin: string[];
  ports: TracePort[];
  cables: TraceCable[];
  passes: { from: string; to: string }[];
  open: string[];
  complete: boolean;
  split: boolean;
  cut: boolean;
}

export const traceQuery = (collection: string, id: string) =>
  queryOptions({ queryKey: ['trace', collection, id], queryFn: ({ signal }) => get<Trace>(`${AT}/${encodeURIComponent(collection)}/${encodeURIComponent(id)}/trace`, undefined, signal) });

/** The page of a record of the inventory, by model name or collection. */
export function recordPath(collection: string, id: string): string {
  return `/inventory/${collection}/${id}`;
}
