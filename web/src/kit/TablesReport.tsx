import { count } from '~/lib/format';
import { StatusBadge } from './Status';
import { RelTime } from './Text';

interface Report {
  table: string;
  declared: number | null;
  read: number;
  complete: boolean;
  note?: string | null;
  reason?: { text: string } | null;
  seen_at?: string | null;
}

/** Rows read against rows the agent declared, table by table. */
export function TablesReport({ tables }: { tables: readonly Report[] }) {
  const timed = tables.some((table) => table.seen_at);
  return (
    <div className="scroll-x">
      <table className="tabular">
        <thead>
          <tr>
            <th scope="col">Table</th>
            <th scope="col">Result</th>
            <th scope="col" className="num">Read</th>
            <th scope="col" className="num">Declared</th>
            {timed && <th scope="col">Seen</th>}
            <th scope="col">Note</th>
          </tr>
        </thead>
        <tbody>
          {tables.map((table) => (
            <tr key={table.table}>
              <td>
                <code>{table.table}</code>
              </td>
              <td>{table.complete ? <StatusBadge tone="ok">Complete</StatusBadge> : <StatusBadge tone="warning">Incomplete</StatusBadge>}</td>
              <td className="num">{count(table.read)}</td>
              <td className="num">{count(table.declared)}</td>
              {timed && (
                <td>
                  <RelTime at={table.seen_at} />
                </td>
              )}
              <td>{[table.reason?.text, table.note].filter(Boolean).join('; ')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
