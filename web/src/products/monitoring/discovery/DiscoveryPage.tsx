import { Button, Modal } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { discoveriesQuery } from '~/api/queries';
import type { Discovery } from '~/api/types';
import { deniedReason, useMe } from '~/app/session';
import { useView } from '~/app/view';
import { DataTable, type Column } from '~/kit/DataTable';
import { IconRadar } from '~/kit/icons';
import { EmptyState, ErrorState } from '~/kit/States';
import { StateBadge } from '~/kit/Status';
import { RelTime } from '~/kit/Text';
import { count, duration } from '~/lib/format';
import { defineView, flag } from '~/lib/urlstate';
import { StartForm } from './StartForm';

const view = defineView({ new: flag() });

const columns: Column<Discovery>[] = [
  {
    key: 'seeds',
    label: 'Seeds',
    render: (run) => (
      <Link to="/discovery/$id" params={{ id: run.id }}>
        <code>{run.seeds.join(' ') || run.id.slice(0, 8)}</code>
      </Link>
    ),
  },
  { key: 'state', label: 'State', render: (run) => <StateBadge state={run.state} /> },
  { key: 'answered', label: 'Answered', align: 'right', render: (run) => count(run.counts.answered) },
  { key: 'failed', label: 'Failed', align: 'right', render: (run) => count(run.counts.failed) },
  { key: 'asked', label: 'Asked', align: 'right', render: (run) => count(run.counts.asked) },
  { key: 'allow', label: 'Allowed', render: (run) => <code>{run.allow.join(' ')}</code> },
  { key: 'started', label: 'Started', render: (run) => <RelTime at={run.started_at ?? run.created_at} /> },
  { key: 'took', label: 'Took', align: 'right', render: (run) => (run.started_at && run.finished_at ? duration(Date.parse(run.finished_at) - Date.parse(run.started_at)) : '-') },
];

export function DiscoveryPage() {
  const me = useMe();
  const navigate = useNavigate();
  const [{ new: opened }, setView] = useView(view);
  const runs = useQuery(discoveriesQuery);
  const denied = deniedReason(me, 'monitoring/discoveries:execute') && deniedReason(me, 'monitoring/discoveries:write');
  const start = (
    <Button leftSection={<IconRadar size={15} />} disabled={denied !== undefined} title={denied} onClick={() => setView({ new: true }, { push: true })}>
      Start a discovery
    </Button>
  );
  return (
    <div className="page page-full">
      <div className="page-head">
        <h1>Discovery</h1>
        <p>Asks devices by SNMP who they are and who their neighbours are, then asks those.</p>
        <span style={{ marginLeft: 'auto' }}>{start}</span>
      </div>
      {runs.isError ? (
        <ErrorState error={runs.error} onRetry={() => void runs.refetch()} />
      ) : (
        <DataTable
          fill
          label="Discoveries"
          columns={columns}
          rows={runs.data?.items ?? []}
          rowKey={(run) => run.id}
          loading={runs.isPending}
          onOpen={(run) => void navigate({ to: '/discovery/$id', params: { id: run.id } })}
          empty={
            <EmptyState icon={IconRadar} title="Nothing has been discovered yet" actions={start}>
              You need the address of one router or switch, and an SNMP community or user it accepts.
            </EmptyState>
          }
        />
      )}
      <Modal opened={opened} onClose={() => setView({ new: false })} title="Start a discovery" size={620} closeButtonProps={{ 'aria-label': 'Close' }}>
        <StartForm onStarted={(id) => void navigate({ to: '/discovery/$id', params: { id }, replace: true })} onCancel={() => setView({ new: false })} />
      </Modal>
    </div>
  );
}
