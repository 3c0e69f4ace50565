import { EmptyState } from '~/kit/States';
import { RelTime } from '~/kit/Text';
import { humanise, plain } from '~/lib/format';

const MONO = /address|mac|prefix|hop|peer|neighbour|router|serial|interface/i;
const SHOWN = 500;

/** A table of whatever keys the rows have, in the order they first appear. */
export function AutoTable({ label, rows, empty }: { label: string; rows: readonly object[]; empty: string }) {
  if (rows.length === 0) return <EmptyState title={`Nothing under ${label.toLowerCase()}`}>{empty}</EmptyState>;
  const records = rows as readonly Record<string, unknown>[];
  const keys = [...new Set(records.flatMap((row) => Object.keys(row)))].filter((key) => records.some((row) => row[key] !== null && row[key] !== undefined && row[key] !== ''));
  return (
    <div className="panel scroll-x">
      <table className="tabular" aria-label={label}>
        <thead>
          <tr>
            {keys.map((key) => (
              <th key={key} scope="col">
                {humanise(key)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {records.slice(0, SHOWN).map((row, at) => (
            <tr key={at}>
              {keys.map((key) => (
                <td key={key}>
                  <Cell name={key} value={row[key]} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > SHOWN && <p className="panel-body muted">The first {SHOWN} of {rows.length} rows.</p>}
    </div>
  );
}

function Cell({ name, value }: { name: string; value: unknown }) {
  if (typeof value === 'string' && /(_at|^at|seen)$/.test(name) && !Number.isNaN(Date.parse(value))) return <RelTime at={value} />;
  return MONO.test(name) ? <code>{plain(value)}</code> : <>{plain(value)}</>;
}
