import { Button } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useMemo } from 'react';
import { enteredBranch } from '~/api/branch';
import { basePath } from '~/api/client';
import { modelsQuery, recordSearchQuery } from '~/api/queries';
import type { RecordHit } from '~/api/types';
import { useView } from '~/app/view';
import { DataTable, TableFoot, type Column } from '~/kit/DataTable';
import { IconSearch } from '~/kit/icons';
import { SearchBox } from '~/kit/SearchBox';
import { EmptyState, ErrorState } from '~/kit/States';
import { plural } from '~/lib/format';
import { groupHits } from '~/lib/hits';
import { defineView, text } from '~/lib/urlstate';

const view = defineView({ q: text(), model: text() });

const HOW: Record<RecordHit['matched']['how'], string> = { exact: 'is it', prefix: 'begins with it', network: 'is around it', inside: 'is in it', word: 'has a word that begins so', part: 'has it somewhere' };

/** Everything that was found: records of all kinds, or of one. */
export function SearchPage() {
  const router = useRouter();
  const [{ q, model }, setView] = useView(view);
  const models = useQuery(modelsQuery);
  const found = useInfiniteQuery(recordSearchQuery(q, model));
  const rows = useMemo(() => found.data?.pages.flatMap((page) => page.items) ?? [], [found.data]);
  const kinds = useMemo(() => groupHits(rows).map(([title, hits]) => ({ title, name: hits[0]?.model ?? '', count: hits.length })), [rows]);
  const chosen = models.data?.find((each) => each.name === model);
  const open = (hit: RecordHit) => router.history.push(`${basePath.slice(0, -1)}${hit.url}`);

  const columns: Column<RecordHit>[] = [
    { key: 'kind', label: 'Kind', render: (hit) => hit.title },
    {
      key: 'display',
      label: 'Record',
      render: (hit) => (
        <button type="button" className="link-button" onClick={() => open(hit)}>
          {hit.display ?? hit.title}
        </button>
      ),
    },
    { key: 'context', label: 'Belongs to', render: (hit) => hit.context ?? '' },
    { key: 'field', label: 'Found by', render: (hit) => hit.matched.label ?? hit.matched.field },
    { key: 'text', label: 'Value', render: (hit) => hit.matched.text ?? '' },
    { key: 'how', label: 'Which', render: (hit) => <span className="muted">{HOW[hit.matched.how]}</span> },
  ];

  return (
    <div className="page page-full">
      <div className="page-head">
        <h1>Search</h1>
        <p>Names, addresses, networks, MAC addresses in any notation, serial numbers, ids; or the beginning or a part of one.</p>
        {enteredBranch() !== null && <p>This finds what the main line has. What the branch changed is in its lists.</p>}
      </div>
      <div className="row">
        <SearchBox value={q} label="Search all records" onChange={(next) => setView({ q: next })} />
        {chosen && (
          <Button variant="light" aria-pressed onClick={() => setView({ model: '' })}>
            {chosen.title_plural} only
          </Button>
        )}
        {!chosen && kinds.length > 1 && kinds.map((kind) => (
          <Button key={kind.name} variant="default" onClick={() => setView({ model: kind.name })}>
            {kind.title} {kind.count}
          </Button>
        ))}
      </div>
      {found.isError ? (
        <ErrorState error={found.error} onRetry={() => void found.refetch()} />
      ) : (
        <DataTable
          fill
          label="Found records"
          columns={columns}
          rows={q.trim() === '' ? [] : rows}
          rowKey={(hit) => `${hit.model}/${hit.id}`}
          loading={found.isFetching && rows.length === 0}
          onOpen={open}
          onEnd={() => {
            if (found.hasNextPage && !found.isFetchingNextPage) void found.fetchNextPage();
          }}
          empty={
            <EmptyState icon={IconSearch} title={q.trim() === '' ? 'Write something to look for' : `Nothing matches "${q}"`}>
              Parts of words need three letters at least.
            </EmptyState>
          }
        />
      )}
      <TableFoot>
        {rows.length > 0 && q.trim() !== '' && `${plural(rows.length, 'record', 'records')}${found.hasNextPage ? ', more below' : ''}`}
      </TableFoot>
    </div>
  );
}
