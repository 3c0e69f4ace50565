import { useQuery } from '@tanstack/react-query';
import { recordHistoryQuery } from '~/api/queries';
import type { HistoryEntry, Model } from '~/api/types';
import { ErrorState, Skeleton } from '~/kit/States';
import { RelTime } from '~/kit/Text';
import { plain } from '~/lib/format';
import { customName } from './custom';

/** What happened to a record, newest first, with values before and after. */
export function RecordHistory({ model, id }: { model: Model; id: string }) {
  const history = useQuery(recordHistoryQuery(model.path, id));
  if (history.isPending) return <Skeleton lines={5} />;
  if (history.isError) return <ErrorState error={history.error} onRetry={() => void history.refetch()} />;
  if (history.data.items.length === 0) return <p className="muted">No change is recorded for it.</p>;
  return (
    <ol style={{ listStyle: 'none', margin: 0, padding: 0 }} className="stack">
      {history.data.items.map((entry) => (
        <li key={entry.version} className="panel" style={{ padding: '8px 12px' }}>
          <div className="row">
            <strong>{entry.action}</strong>
            <span className="muted">
              by {entry.actor?.name ?? entry.actor?.kind ?? 'unknown'}, <RelTime at={entry.at} />
            </span>
          </div>
          {Object.entries(entry.changes).length > 0 && (
            <table className="tabular">
              <tbody>
                {changesOf(entry.changes).map(([name, change]) => {
                  const field = model.fields.find((each) => each.name === name);
                  return (
                    <tr key={name}>
                      <th scope="row">{field?.label ?? name}</th>
                      <td>
                        {field?.type === 'secret' ? 'changed' : <><del className="muted">{plain(change.before)}</del> → <ins style={{ textDecoration: 'none' }}>{plain(change.after)}</ins></>}
                      </td>
                    </tr>
                  );
                })}
              </tbody>
            </table>
          )}
        </li>
      ))}
    </ol>
  );
}

/** The changes of an entry, with each custom field that differs on its own. */
function changesOf(changes: HistoryEntry['changes']): [string, { before: unknown; after: unknown }][] {
  return Object.entries(changes).flatMap(([name, change]): [string, { before: unknown; after: unknown }][] => {
    if (name !== 'custom_fields') return [[name, change]];
    const [before, after] = [change.before, change.after].map((values) => (typeof values === 'object' && values !== null ? (values as Record<string, unknown>) : {})) as [Record<string, unknown>, Record<string, unknown>];
    return [...new Set([...Object.keys(before), ...Object.keys(after)])]
      .filter((key) => JSON.stringify(before[key] ?? null) !== JSON.stringify(after[key] ?? null))
      .map((key) => [customName(key), { before: before[key], after: after[key] }]);
  });
}
