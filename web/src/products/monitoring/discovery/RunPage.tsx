import { Button, SegmentedControl } from '@mantine/core';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { messageOf, post } from '~/api/client';
import { queryClient } from '~/api/queries';
import type { Discovery, Target } from '~/api/types';
import { useView } from '~/app/view';
import { DataTable, type Column } from '~/kit/DataTable';
import { IconPlayerStop, IconRefresh, IconTopology } from '~/kit/icons';
import { SearchBox } from '~/kit/SearchBox';
import { EmptyState, ErrorState, ProgressBar, Skeleton } from '~/kit/States';
import { StateBadge } from '~/kit/Status';
import { RelTime } from '~/kit/Text';
import { toast } from '~/kit/toast';
import { count, duration, plural } from '~/lib/format';
import { defineView, oneOf, text } from '~/lib/urlstate';
import { TargetDrawer } from './TargetDrawer';
import { useRun } from './useRun';
import css from './discovery.module.css';

const SHOW = ['all', 'answered', 'failed', 'asking', 'queued', 'skipped'] as const;
const view = defineView({ q: text(), show: oneOf(SHOW, 'all'), sel: text() });

const ORDER = { failed: 0, asking: 1, queued: 2, skipped: 3, answered: 4 } as const;

function withheld(target: Target): string {
  const cut = (target.tables ?? []).filter((table) => !table.complete);
  return cut.length === 0 ? '' : `${plural(cut.length, 'table')} incomplete`;
}

export function RunPage() {
  const { id } = useParams({ strict: false }) as { id: string };
  const [{ q, show, sel }, setView] = useView(view);
  const { run, job, streaming, active } = useRun(id);
  const targets = useMemo(() => {
    const wanted = q.toLowerCase();
    return (run.data?.targets ?? [])
      .filter((target) => (show === 'all' || target.state === show) && (wanted === '' || `${target.address} ${target.name ?? ''}`.toLowerCase().includes(wanted)))
      .sort((a, b) => ORDER[a.state] - ORDER[b.state]);
  }, [q, run.data, show]);

  const columns = useMemo<Column<Target>[]>(
    () => [
      {
        key: 'address',
        label: 'Address',
        render: (target) => (
          <button type="button" className="link-button" onClick={() => setView({ sel: target.address }, { push: true })}>
            <code>{target.address}</code>
          </button>
        ),
      },
      { key: 'state', label: 'State', render: (target) => <StateBadge state={target.state} /> },
      { key: 'name', label: 'Name', render: (target) => (target.device_id ? <Link to="/devices/$id" params={{ id: target.device_id }}>{target.name ?? 'device'}</Link> : (target.name ?? <span className="muted">-</span>)) },
      { key: 'reason', label: 'What happened', render: (target) => (target.reason ? <>{target.reason.text} <code className="muted">{target.reason.code}</code></> : <span className="muted">{withheld(target) || (target.state === 'answered' ? 'everything read' : '-')}</span>) },
      { key: 'tables', label: 'Tables', align: 'right', render: (target) => (target.tables?.length ? `${target.tables.filter((table) => table.complete).length} of ${target.tables.length}` : '-') },
      { key: 'rows', label: 'Rows', align: 'right', render: (target) => (target.tables?.length ? count(target.tables.reduce((sum, table) => sum + table.read, 0)) : '-') },
      { key: 'took', label: 'Took', align: 'right', render: (target) => duration(target.duration_ms) },
    ],
    [setView],
  );

  if (run.isPending) return <div className="page"><h1>Discovery</h1><Skeleton lines={6} /></div>;
  if (run.isError) return <div className="page"><h1>Discovery</h1><ErrorState error={run.error} onRetry={() => void run.refetch()} /></div>;
  const { counts } = run.data;
  const finished = counts.answered + counts.failed + counts.skipped;

  return (
    <div className="page page-full">
      <nav className="crumb" aria-label="Breadcrumb">
        <Link to="/discovery">Discovery</Link>
      </nav>
      <div className="page-head">
        <h1>
          From <code style={{ fontSize: 18 }}>{run.data.seeds.join(' ')}</code>
        </h1>
        <StateBadge state={run.data.state} />
        <p>
          started <RelTime at={run.data.started_at ?? run.data.created_at} />
          {run.data.started_at && run.data.finished_at && <>, took {duration(Date.parse(run.data.finished_at) - Date.parse(run.data.started_at))}</>}
        </p>
        <span style={{ marginLeft: 'auto' }} className="row">
          <RunActions run={run.data} active={active} />
        </span>
      </div>
      <section className={css.progress} aria-label="Progress">
        {active && <ProgressBar label="Discovery progress" done={job?.progress?.done ?? finished} total={job?.progress?.total ?? counts.asked + counts.queued} />}
        <div className={css.counts}>
          {(['asked', 'answered', 'failed', 'queued', 'skipped'] as const).map((name) => (
            <div key={name}>
              <strong>{count(counts[name])}</strong>
              <span>{name}</span>
            </div>
          ))}
          <span className="grow" />
          {active && <span className="muted" aria-live="polite">{job?.progress?.message ?? 'Working'}{!streaming && ' (asking for news every 1.5 s)'}</span>}
        </div>
      </section>
      <div className="row">
        <SearchBox value={q} label="Find a target" onChange={(next) => setView({ q: next })} />
        <SegmentedControl aria-label="Which targets" value={show} onChange={(next) => setView({ show: next as (typeof SHOW)[number] })} data={SHOW.map((value) => ({ value, label: value === 'all' ? 'All' : value.charAt(0).toUpperCase() + value.slice(1) }))} />
      </div>
      <DataTable
        fill
        label="Targets"
        columns={columns}
        rows={targets}
        rowKey={(target) => target.address}
        onOpen={(target) => setView({ sel: target.address }, { push: true })}
        activeKey={sel}
        empty={
          <EmptyState title={show === 'all' && q === '' ? 'No target yet' : 'No target is in this state'}>
            {show === 'all' && q === '' ? 'The job has not started asking; it may wait for another one.' : 'Choose another state, or clear the search.'}
          </EmptyState>
        }
      />
      <TargetDrawer target={run.data.targets?.find((target) => target.address === sel)} onClose={() => setView({ sel: '' })} />
    </div>
  );
}

function RunActions({ run, active }: { run: Discovery; active: boolean }) {
  const navigate = useNavigate();
  const [busy, setBusy] = useState(false);
  const act = (request: Promise<unknown>, then: (answer: unknown) => void) => {
    setBusy(true);
    request.then(then, (error: unknown) => toast(messageOf(error), 'critical')).finally(() => setBusy(false));
  };
  if (active) {
    return (
      <Button variant="default" loading={busy} leftSection={<IconPlayerStop size={15} />} onClick={() => act(post(`/api/v1/platform/jobs/${run.job_id}/actions/cancel`), () => toast('The discovery stops; what it found stays.'))}>
        Stop
      </Button>
    );
  }
  return (
    <>
      <Button
        variant="default"
        loading={busy}
        leftSection={<IconRefresh size={15} />}
        onClick={() =>
          act(post<{ id?: string } | undefined>(`/api/v1/monitoring/discoveries/${run.id}/actions/rescan`), (answer) => {
            const next = (answer as { id?: string } | undefined)?.id ?? run.id;
            void queryClient.invalidateQueries({ queryKey: ['discovery', next] });
            void navigate({ to: '/discovery/$id', params: { id: next } });
          })
        }
      >
        Run again
      </Button>
      <Button leftSection={<IconTopology size={15} />} onClick={() => void navigate({ to: '/map' })}>
        Show the map
      </Button>
    </>
  );
}
