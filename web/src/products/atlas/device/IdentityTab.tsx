import type { Device } from '~/api/types';
import { EmptyState } from '~/kit/States';
import { StatusBadge } from '~/kit/Status';
import { RelTime } from '~/kit/Text';
import { humanise } from '~/lib/format';

/** Why these sightings are one device: the keys, and which source said what. */
export function IdentityTab({ device }: { device: Device }) {
  const { keys, subjects } = device.identity;
  if (keys.length === 0 && subjects.length === 0) return <EmptyState title="No identity key">The device is known by a name alone.</EmptyState>;
  return (
    <div className="grid">
      <section className="panel span-6">
        <header>
          <h2>Identity keys</h2>
        </header>
        <table className="tabular">
          <thead>
            <tr>
              <th scope="col">Kind</th>
              <th scope="col">Value</th>
              <th scope="col">Decides</th>
            </tr>
          </thead>
          <tbody>
            {keys.map((key) => (
              <tr key={`${key.kind}${key.value}`}>
                <td>{humanise(key.kind)}</td>
                <td><code>{key.value}</code></td>
                <td>{key.ambiguous ? <StatusBadge tone="warning">No, others share it</StatusBadge> : <StatusBadge tone="ok">Yes</StatusBadge>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <section className="panel span-6">
        <header>
          <h2>Sightings joined here</h2>
        </header>
        <table className="tabular">
          <thead>
            <tr>
              <th scope="col">Source</th>
              <th scope="col">Called</th>
              <th scope="col">Because</th>
              <th scope="col">Since</th>
            </tr>
          </thead>
          <tbody>
            {subjects.map((subject) => (
              <tr key={`${subject.source}${subject.subject}`}>
                <td>{subject.source}</td>
                <td><code>{subject.subject}</code></td>
                <td>{subject.reason ?? '-'}</td>
                <td><RelTime at={subject.assigned_at} /></td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </div>
  );
}
