/** What the pages of drift ask. Not among the common queries: the first page has no need of it. */
import { queryOptions } from '@tanstack/react-query';
import { get } from '~/api/client';
import { listQuery, whenPolling, type ListParams } from '~/api/queries';
import type { AcceptanceRule, DriftDetail, DriftItem, DriftSummary, ImportPreview } from '~/api/types';

export const driftQuery = (params: ListParams) => listQuery<DriftItem>('/api/v1/atlas/drift', params);

export const driftSummaryQuery = queryOptions({ queryKey: ['drift', 'summary'], queryFn: ({ signal }) => get<DriftSummary>('/api/v1/atlas/drift/summary', undefined, signal), refetchInterval: whenPolling(15_000) });

export const driftItemQuery = (id: string) => queryOptions({ queryKey: ['drift', 'item', id], queryFn: ({ signal }) => get<DriftDetail>(`/api/v1/atlas/drift/${encodeURIComponent(id)}`, undefined, signal), staleTime: 0 });

/** What an import would do. Asked when the page opens and when a choice changes, not by itself. */
export const importPreviewQuery = (site: string) => queryOptions({ queryKey: ['drift', 'import', site], queryFn: ({ signal }) => get<ImportPreview>('/api/v1/atlas/drift/import', { site: site || undefined }, signal), staleTime: 0, refetchOnWindowFocus: false });

export const acceptanceRulesQuery = queryOptions({ queryKey: ['drift', 'acceptance-rules'], queryFn: ({ signal }) => get<{ items: AcceptanceRule[] }>('/api/v1/atlas/drift/acceptance-rules', undefined, signal), staleTime: 0 });
