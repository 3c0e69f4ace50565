/** Query options for everything pages read: one key, one address, one cadence each. */
import { infiniteQueryOptions, keepPreviousData, QueryClient, queryOptions } from '@tanstack/react-query';
import { streamState } from './stream';
import { ApiError, call, get } from './client';
import type { Device, DeviceEvent, DeviceSummary, Discovery, HistoryEntry, Host, Job, Layer, Me, Model, Page, RecordHit, Reference, Row, SearchHit, Topology, Unplaced } from './types';

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      refetchOnWindowFocus: true,
      retry: (failures, error) => failures < 2 && !(error instanceof ApiError && error.status >= 400 && error.status < 500),
    },
  },
});

/** Ask again by ourselves only while the event stream is not there to tell. */
export const whenPolling = (ms: number) => () => (streamState.get() === 'polling' ? ms : false);

export const meQuery = queryOptions({ queryKey: ['me'], queryFn: ({ signal }) => get<Me>('/api/v1/me', undefined, signal), staleTime: 60_000, retry: false });

export const modelsQuery = queryOptions({
  queryKey: ['models'],
  queryFn: async ({ signal }) => (await get<{ models: Model[] }>('/api/v1/meta/models', undefined, signal)).models,
  staleTime: 300_000,
});

export const hostQuery = queryOptions({ queryKey: ['host'], queryFn: ({ signal }) => get<Host>('/api/v1/host', undefined, signal), staleTime: 30_000 });

/** Dashboards in place of the home page, in the order in which they count. A server that has none answers so. */
export const homeBoardsQuery = queryOptions({
  queryKey: ['list', '/api/v1/platform/dashboards', 'home'],
  queryFn: ({ signal }) =>
    get<Page<{ id: string; shared: boolean; user: Reference | null }>>('/api/v1/platform/dashboards', { home: true, fields: 'id,shared,user', sort: 'weight', limit: 100 }, signal).then(
      (page) => page.items,
      () => [],
    ),
  staleTime: 60_000,
});

export const topologyQuery = (layer: Layer) =>
  queryOptions({
    queryKey: ['topology', layer],
    queryFn: ({ signal }) => get<Topology>('/api/v1/atlas/topology', { layer }, signal),
    staleTime: 15_000,
    refetchInterval: whenPolling(10_000),
    placeholderData: keepPreviousData,
  });

export type ListParams = Readonly<Record<string, string | undefined>>;

/** Pages of any list by cursor. Lists of the record engine count only when asked; the others always tell. */
export const listQuery = <T>(path: string, params: ListParams, { counted = false, limit = 100 } = {}) =>
  infiniteQueryOptions({
    queryKey: ['list', path, params, limit],
    queryFn: ({ pageParam, signal }) => get<Page<T>>(path, { limit, count: counted && pageParam === '' ? 'exact' : undefined, cursor: pageParam === '' ? undefined : pageParam, ...params }, signal),
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: whenPolling(15_000),
  });

export const devicesQuery = (params: ListParams) => listQuery<DeviceSummary>('/api/v1/atlas/devices', params);

export const deviceCountQuery = queryOptions({
  queryKey: ['list', '/api/v1/atlas/devices', 'count'],
  queryFn: async ({ signal }) => {
    const page = await get<Page<unknown>>('/api/v1/atlas/devices', { limit: 1 }, signal);
    return page.total ?? page.items.length;
  },
});

export const deviceQuery = (id: string) =>
  queryOptions({ queryKey: ['device', id], queryFn: ({ signal }) => get<Device>(`/api/v1/atlas/devices/${encodeURIComponent(id)}`, undefined, signal), refetchInterval: whenPolling(15_000) });

export const deviceHistoryQuery = (id: string) =>
  queryOptions({ queryKey: ['device', id, 'history'], queryFn: ({ signal }) => get<Page<DeviceEvent>>(`/api/v1/atlas/devices/${encodeURIComponent(id)}/history`, undefined, signal) });

export const unplacedQuery = queryOptions({ queryKey: ['unplaced'], queryFn: ({ signal }) => get<Page<Unplaced>>('/api/v1/atlas/unplaced', undefined, signal), refetchInterval: whenPolling(15_000) });

export const discoveriesQuery = queryOptions({
  queryKey: ['discoveries'],
  queryFn: async ({ signal }) => {
    const page = await get<Page<Discovery>>('/api/v1/monitoring/discoveries', undefined, signal);
    return { ...page, items: page.items.map(withCounts) };
  },
  refetchInterval: (query) => (query.state.data?.items.some((item) => isActive(item.state)) ? 3000 : whenPolling(15_000)()),
});

export const discoveryQuery = (id: string) =>
  queryOptions({ queryKey: ['discovery', id], queryFn: async ({ signal }) => withCounts(await get<Discovery>(`/api/v1/monitoring/discoveries/${encodeURIComponent(id)}`, undefined, signal)), staleTime: 0 });

export const jobQuery = (id: string) => queryOptions({ queryKey: ['job', id], queryFn: ({ signal }) => get<Job>(`/api/v1/platform/jobs/${encodeURIComponent(id)}`, undefined, signal), staleTime: 0 });

/** One record with its entity tag. */
export const recordQuery = (path: string, id: string) =>
  queryOptions({
    queryKey: ['record', path, id],
    queryFn: async ({ signal }) => {
      const answer = await call<Row>('GET', `${path}/${encodeURIComponent(id)}`, { signal });
      return { row: answer.data, etag: answer.etag ?? (answer.data.version === undefined ? null : `"v${answer.data.version}"`) };
    },
    staleTime: 0,
  });

export const recordHistoryQuery = (path: string, id: string) =>
  queryOptions({ queryKey: ['record', path, id, 'history'], queryFn: ({ signal }) => get<Page<HistoryEntry>>(`${path}/${encodeURIComponent(id)}/history`, undefined, signal), staleTime: 0 });

/** Records page by page, of all models or of one. */
export const recordSearchQuery = (q: string, models: string) =>
  infiniteQueryOptions({
    queryKey: ['search', 'records', q, models],
    queryFn: ({ pageParam, signal }) => get<Page<RecordHit>>('/api/v1/search', { q, models: models || undefined, limit: 50, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    enabled: q.trim() !== '',
    placeholderData: keepPreviousData,
  });

export const searchQuery = (q: string) =>
  queryOptions({
    queryKey: ['search', q],
    queryFn: ({ signal }) => search(q, signal),
    enabled: q.trim() !== '',
    placeholderData: keepPreviousData,
  });

/** A discovery that has not begun has no counts. */
function withCounts(run: Discovery): Discovery {
  return { ...run, counts: { asked: 0, answered: 0, failed: 0, queued: 0, skipped: 0, ...(run.counts as Partial<Discovery['counts']>) } };
}

/** Records of all kinds, and what was seen on the map. Who may not see the map finds records all the same. */
async function search(q: string, signal: AbortSignal): Promise<{ records: RecordHit[]; map: SearchHit[] }> {
  const [records, map] = await Promise.allSettled([
    get<Page<RecordHit>>('/api/v1/search', { q, limit: 20 }, signal),
    get<Page<SearchHit>>('/api/v1/atlas/search', { q, limit: 10 }, signal),
  ]);
  if (records.status === 'rejected' && map.status === 'rejected') throw records.reason;
  return { records: records.status === 'fulfilled' ? records.value.items : [], map: map.status === 'fulfilled' ? map.value.items : [] };
}

/** Whether a job or a discovery still has something to do. */
export function isActive(state: string): boolean {
  return state === 'available' || state === 'queued' || state === 'scheduled' || state === 'running' || state === 'retryable';
}
