import { useQuery } from '@tanstack/react-query';
import { deviceHistoryQuery } from '~/api/queries';
import { EmptyState, ErrorState, Skeleton } from '~/kit/States';
import { StatusBadge, type Tone } from '~/kit/Status';
import { RelTime } from '~/kit/Text';
import { plain } from '~/lib/format';

const KINDS: Record<string, [Tone, string]> = {
  appeared: ['ok', 'Appeared'],
  changed: ['info', 'Changed'],
  gone: ['critical', 'Gone'],
  'link.up': ['ok', 'Link up'],
  'link.gone': ['critical', 'Link gone'],
  merged: ['maintenance', 'Merged'],
  split: ['maintenance', 'Split'],
};

export function HistoryTab({ id }: { id: string }) {
  const history = useQuery(deviceHistoryQuery(id));
  if (history.isPending) return <Skeleton lines={5} />;
  if (history.isError) return <ErrorState error={history.error} onRetry={() => void history.refetch()} />;
  if (history.data.items.length === 0) return <EmptyState title="Nothing has changed">Changes of facts, links and identity are listed here as they are seen.</EmptyState>;
  return (
    <div className="panel">
      <table className="tabular" aria-label="History">
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">What</th>
            <th scope="col">Detail</th>
            <th scope="col">Before</th>
            <th scope="col">After</th>
          </tr>
        </thead>
        <tbody>
          {history.data.items.map((event, at) => {
            const [tone, word] = KINDS[event.kind] ?? ['unknown', event.kind];
            return (
              <tr key={`${event.at}${at}`}>
                <td><RelTime at={event.at} /></td>
                <td><StatusBadge tone={tone}>{word}</StatusBadge></td>
                <td>{event.text}</td>
                <td className="muted">{plain(event.before)}</td>
                <td>{plain(event.after)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
