import { Button, TextInput } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { post } from '~/api/client';
import { queryClient } from '~/api/queries';
import type { Device, IdentityProposal } from '~/api/types';
import { deniedReason, useMe } from '~/app/session';
import { EmptyState, ErrorState } from '~/kit/States';
import { StatusBadge } from '~/kit/Status';
import { RelTime } from '~/kit/Text';
import { toast } from '~/kit/toast';
import { humanise } from '~/lib/format';

/** Why these sightings are one device: the keys, and which source said what. */
export function IdentityTab({ device }: { device: Device }) {
  const { keys, subjects, proposals = [] } = device.identity;
  if (keys.length === 0 && subjects.length === 0) return <EmptyState title="No identity key">The device is known by a name alone.</EmptyState>;
  return (
    <div className="grid">
      {proposals.map((proposal) => (
        <Proposal key={proposal.entities.join()} proposal={proposal} device={device} />
      ))}
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

/** Evidence that is not enough for the machine: a person says whether two devices are one. It can be taken back. */
function Proposal({ proposal, device }: { proposal: IdentityProposal; device: Device }) {
  const me = useMe();
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const denied = deniedReason(me, 'atlas/topology:write');
  const other = proposal.entities.find((id) => id !== device.id);

  const decide = (kind: 'link' | 'unlink') => {
    setBusy(true);
    setError(null);
    post<{ id: string }>('/api/v1/atlas/decisions', { kind, subjects: proposal.subjects, reason: reason.trim() })
      .then(({ id }) => {
        const refresh = () => {
          for (const key of ['device', 'topology', 'unplaced']) void queryClient.invalidateQueries({ queryKey: [key] });
        };
        refresh();
        const undo = () => void post(`/api/v1/atlas/decisions/${id}/actions/undo`).then(refresh);
        toast(
          <>
            {kind === 'link' ? 'They are one device now.' : 'They stay two devices.'}{' '}
            <button type="button" className="link-button" onClick={undo}>
              Undo
            </button>
          </>,
        );
      })
      .catch((problem: unknown) => setError(problem))
      .finally(() => setBusy(false));
  };

  return (
    <section className="panel" aria-label="Possibly the same device">
      <header>
        <h2>
          May be the same device as {other ? <Link to="/devices/$id" params={{ id: other }}>another one</Link> : 'another one'}
        </h2>
        <span className="muted">{proposal.score} points, not enough to decide alone</span>
      </header>
      <div className="panel-body stack">
        <p>
          Both have {proposal.keys.map((key) => `${humanise(key.kind).toLowerCase()} ${key.value}`).join(', ')}.
        </p>
        {error !== null && <ErrorState error={error} />}
        <div className="row" style={{ alignItems: 'flex-end' }}>
          <TextInput className="grow" label="Reason" description="For whoever looks at it later" maxLength={500} value={reason} disabled={denied !== undefined} onChange={(event) => setReason(event.currentTarget.value)} />
          <Button loading={busy} disabled={denied !== undefined || reason.trim() === ''} title={denied} onClick={() => decide('link')}>
            One device
          </Button>
          <Button variant="default" loading={busy} disabled={denied !== undefined || reason.trim() === ''} title={denied} onClick={() => decide('unlink')}>
            Two devices
          </Button>
        </div>
      </div>
    </section>
  );
}
