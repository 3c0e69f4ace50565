import { Button, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { get, messageOf, post } from '~/api/client';
import { isActive, jobQuery } from '~/api/queries';
import { importPreviewQuery } from './queries';
import type { ImportCandidate, ImportLeftOut, ImportPreview, Page, Unplaced } from '~/api/types';
import { may, useMe } from '~/app/session';
import { useView } from '~/app/view';
import { DataTable, TableFoot, type Column } from '~/kit/DataTable';
import { IconCheck, IconDownload } from '~/kit/icons';
import { EmptyState, ErrorState, ProgressBar, Skeleton } from '~/kit/States';
import { humanise, plural } from '~/lib/format';
import { defineView, text } from '~/lib/urlstate';
import { refreshDrift } from './decide';

const view = defineView({ site: text(), job: text() });
const POLL_MS = 1000;

/** One reviewed step from what was discovered to an inventory. */
export function ImportPage() {
  const [{ site, job }, setView] = useView(view);
  const me = useMe();
  const preview = useQuery(importPreviewQuery(site));
  const sites = useQuery({ queryKey: ['import-sites'], queryFn: ({ signal }) => get<Page<{ id: string; name: string }>>('/api/v1/inventory/sites', { limit: 1000, sort: 'name' }, signal), retry: false });
  return (
    <div className="page">
      <div className="page-head">
        <h1>Import what was discovered</h1>
        <p>Each device is written as a whole or not at all. What is there already stays as it is.</p>
        <Link to="/drift" style={{ marginLeft: 'auto' }}>
          Back to drift
        </Link>
      </div>
      {job !== '' && (
        <Running
          id={job}
          onEnd={() => {
            refreshDrift();
            void preview.refetch();
          }}
        />
      )}
      <div className="row">
        <Select
          label="Site"
          placeholder="By what each device says of its place"
          clearable
          searchable
          clearButtonProps={{ 'aria-label': 'By what each device says' }}
          data={(sites.data?.items ?? []).map((each) => ({ value: each.id, label: each.name }))}
          value={site || null}
          onChange={(value) => setView({ site: value ?? '' })}
          w={320}
        />
      </div>
      {preview.isError ? <ErrorState error={preview.error} onRetry={() => void preview.refetch()} /> : preview.data ? <Review preview={preview.data} site={site} may={may(me, 'atlas/drift:execute')} onStarted={(id) => setView({ job: id })} /> : <Skeleton lines={10} />}
    </div>
  );
}

const importable = (device: ImportCandidate) => device.plan.obstacles.length === 0 && device.plan.exists === null;

function Review({ preview, site, may: mayStart, onStarted }: { preview: ImportPreview; site: string; may: boolean; onStarted: (job: string) => void }) {
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const ready = useMemo(() => preview.devices.filter(importable), [preview.devices]);
  const blocked = useMemo(() => preview.devices.filter((device) => !importable(device)), [preview.devices]);
  const selected = useMemo(() => new Set(ready.map((device) => device.entity).filter((id) => !left.has(id))), [ready, left]);
  const start = () => {
    setBusy(true);
    setError(null);
    const devices = selected.size === preview.devices.length ? undefined : [...selected];
    post<{ job_id: string }>('/api/v1/atlas/drift/import', { devices, site: site || undefined })
      .then((answer) => onStarted(answer.job_id))
      .catch((reason: unknown) => setError(messageOf(reason)))
      .finally(() => setBusy(false));
  };
  if (preview.devices.length === 0 && preview.cables === 0 && preview.ambiguous.length === 0) {
    return (
      <EmptyState icon={IconCheck} title="Everything discovered is in the inventory" actions={<Link to="/drift">See what differs</Link>}>
        {plural(preview.known, 'discovered device')} {preview.known === 1 ? 'has its' : 'have their'} record. New devices appear here after the next discovery.
      </EmptyState>
    );
  }
  return (
    <>
      {error !== null && <p role="alert">{error}</p>}
      <DataTable
        label="Devices to import"
        columns={COLUMNS}
        rows={ready}
        rowKey={(device) => device.entity}
        selected={selected}
        onSelect={(next) => setLeft(new Set(ready.map((device) => device.entity).filter((id) => !next.has(id))))}
        empty={<EmptyState icon={IconCheck} title="No device to import" />}
      />
      <TableFoot>
        <span>
          {plural(selected.size, 'device')} and {plural(preview.cables, 'cable')} would be created{preview.known > 0 && `, ${plural(preview.known, 'device')} ${preview.known === 1 ? 'is' : 'are'} there already`}
          {preview.more > 0 && `, ${preview.more} more not shown`}
        </span>
        {mayStart && (
          <Button leftSection={<IconDownload size={15} />} loading={busy} disabled={selected.size === 0 && preview.cables === 0} onClick={start}>
            Import {plural(selected.size, 'device')}
          </Button>
        )}
      </TableFoot>
      <LeftOut title="Cannot be imported now" rows={[...blocked.map(asLeftOut), ...preview.ambiguous]} />
      <LeftOut title="Seen, but without a place" rows={preview.unplaced.map(unplacedAsLeftOut)} />
    </>
  );
}

const COLUMNS: Column<ImportCandidate>[] = [
  { key: 'name', label: 'Name', render: (device) => <Link to="/devices/$id" params={{ id: device.entity }}>{device.name}</Link> },
  { key: 'site', label: 'Site', render: (device) => device.plan.site },
  { key: 'role', label: 'Role', render: (device) => device.plan.role },
  { key: 'type', label: 'Type', render: (device) => device.plan.device_type },
  { key: 'platform', label: 'Platform', render: (device) => device.plan.platform || <span className="muted">-</span> },
  { key: 'serial', label: 'Serial', render: (device) => device.serial ?? <span className="muted">-</span> },
  { key: 'interfaces', label: 'Interfaces', align: 'right', render: (device) => device.interfaces },
  { key: 'addresses', label: 'Addresses', align: 'right', render: (device) => device.addresses },
  { key: 'new', label: 'Also new', render: (device) => device.plan.creates.filter(([kind]) => WORDS.has(kind)).map(([kind]) => humanise(kind).toLowerCase()).join(', ') || <span className="muted">-</span> },
  { key: 'notes', label: 'Left out', render: (device) => (device.plan.notes.length > 0 ? <span title={device.plan.notes.join('\n')}>{plural(device.plan.notes.length, 'address', 'addresses')}</span> : <span className="muted">-</span>) },
];

/** Kinds of records that describe a device. */
const WORDS = new Set(['site', 'device_role', 'manufacturer', 'device_type', 'platform']);

function asLeftOut(device: ImportCandidate): ImportLeftOut {
  const exists = device.plan.exists !== null;
  return { name: device.name, entity: device.entity, why: exists ? 'The inventory has it already.' : device.plan.obstacles.join(' '), remedy: exists ? 'Nothing to do.' : 'Put the inventory or the device in order, then look again.' };
}

function unplacedAsLeftOut(item: Unplaced): ImportLeftOut {
  return { name: item.text, entity: null, why: item.reason.text, remedy: item.reason.remedy ?? '' };
}

function LeftOut({ title, rows }: { title: string; rows: ImportLeftOut[] }) {
  if (rows.length === 0) return null;
  const columns: Column<ImportLeftOut>[] = [
    { key: 'name', label: 'What', render: (row) => (row.entity ? <Link to="/devices/$id" params={{ id: row.entity }}>{row.name}</Link> : <code>{row.name}</code>) },
    { key: 'why', label: 'Why', render: (row) => row.why },
    { key: 'remedy', label: 'What helps', render: (row) => row.remedy },
  ];
  return (
    <section aria-label={title}>
      <h2>
        {title} <span className="muted">{rows.length}</span>
      </h2>
      <DataTable label={title} columns={columns} rows={rows} rowKey={(row) => `${row.name} ${row.why}`} />
    </section>
  );
}

interface Result {
  created: number;
  existed: number;
  failed: number;
  cables: number;
  problems: { name: string; why: string }[];
}

function Running({ id, onEnd }: { id: string; onEnd: () => void }) {
  const [ended, setEnded] = useState(false);
  const job = useQuery({
    ...jobQuery(id),
    refetchInterval: (query) => {
      const running = query.state.data === undefined || isActive(query.state.data.state);
      if (!running && !ended) {
        setEnded(true);
        onEnd();
      }
      return running ? POLL_MS : false;
    },
  });
  if (!job.data) return null;
  const result = job.data.result as Result | null;
  return (
    <section aria-label="The import" className="stack">
      {isActive(job.data.state) && <ProgressBar done={job.data.progress?.done ?? 0} total={job.data.progress?.total ?? null} label={job.data.progress?.message || 'The import waits for its turn'} />}
      {job.data.state === 'discarded' && <p role="alert">The import failed: {String(job.data.error ?? 'no reason is known')}</p>}
      {result && (
        <p role="status">
          {plural(result.created, 'device')} and {plural(result.cables, 'cable')} created{result.existed > 0 && `, ${result.existed} there already`}
          {result.failed > 0 && `, ${result.failed} refused`}.
        </p>
      )}
      {result && result.problems.length > 0 && (
        <ul>
          {result.problems.map((problem) => (
            <li key={`${problem.name} ${problem.why}`}>
              {problem.name}: {problem.why}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
