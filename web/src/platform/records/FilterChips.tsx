import { ActionIcon } from '@mantine/core';
import { useQueries, useSuspenseQuery } from '@tanstack/react-query';
import { get } from '~/api/client';
import { modelsQuery } from '~/api/queries';
import type { Model, Page, Row } from '~/api/types';
import { IconX } from '~/kit/icons';
import { plain } from '~/lib/format';
import { describeFilter, fieldOf, filterKey, type Filter } from './filters';

/** The filters of a list in words, each with a button that takes it away. */
export function FilterChips({ model, filters, onRemove }: { model: Model; filters: readonly Filter[]; onRemove: (filter: Filter) => void }) {
  const named = useNames(model, filters);
  return filters.map((filter) => {
    const words = describeFilter(model, filter, named);
    return (
      <span key={filterKey(filter)} className="tag" style={{ height: 26, paddingRight: 1, maxWidth: '100%' }}>
        <span style={{ overflow: 'hidden', textOverflow: 'ellipsis' }}>{words}</span>
        <ActionIcon variant="subtle" color="gray" size={24} aria-label={`Remove filter ${words}`} onClick={() => onRemove(filter)}>
          <IconX size={12} />
        </ActionIcon>
      </span>
    );
  });
}

/** What the ids in filters by reference stand for. */
function useNames(model: Model, filters: readonly Filter[]): ReadonlyMap<string, string> {
  const { data: models } = useSuspenseQuery(modelsQuery);
  const asked = filters.flatMap((filter) => {
    const target = fieldOf(model, filter)?.reference;
    const display = models.find((each) => each.name === target?.model)?.display;
    return target && display && !filter.field.includes('.') && filter.op !== 'isnull' ? [{ path: target.path, display, ids: filter.value }] : [];
  });
  return useQueries({
    queries: asked.map(({ path, ids }) => ({
      queryKey: ['list', path, 'named', ids],
      queryFn: ({ signal }: { signal: AbortSignal }) => get<Page<Row>>(path, { id__in: ids, limit: 500 }, signal).then((page) => page.items),
      staleTime: 60_000,
      retry: false,
    })),
    combine: (answers) => new Map(answers.flatMap((answer, at) => (answer.data ?? []).map((row): [string, string] => [row.id, plain(row[asked[at]?.display ?? 'name'] ?? row.id)]))),
  });
}
