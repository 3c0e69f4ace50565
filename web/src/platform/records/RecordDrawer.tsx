import { Button, Drawer, Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useRouter } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { del, messageOf, post } from '~/api/client';
import { queryClient, recordQuery } from '~/api/queries';
import type { Model, Row } from '~/api/types';
import { deniedReason, useMe } from '~/app/session';
import { ConfirmDanger } from '~/kit/ConfirmDanger';
import { IconPlayerStop, IconRadar, IconTrash } from '~/kit/icons';
import { ErrorState, Skeleton } from '~/kit/States';
import { KeyValue, RelTime } from '~/kit/Text';
import { toast } from '~/kit/toast';
import { lower, plain } from '~/lib/format';
import { valueOf } from './custom';
import { recordPagePath } from './paths';
import { RecordForm } from './RecordForm';
import { RecordHistory } from './RecordHistory';
import { useWhole } from './useWhole';
import { Value } from './Value';

export type RecordTab = 'record' | 'history';

export interface RecordDrawerProps {
  model: Model;
  /** Record id, `new`, or nothing. */
  selected: string;
  tab: RecordTab;
  onTab: (tab: RecordTab) => void;
  onClose: () => void;
  onCreated: (row: Row) => void;
}

/** One record beside its list: form or facts, history, delete. */
export function RecordDrawer({ model: bare, selected, tab, onTab, onClose, onCreated }: RecordDrawerProps) {
  const me = useMe();
  const { model, pending, error } = useWhole(bare);
  const creating = selected === 'new';
  return (
    <Drawer opened={selected !== ''} onClose={onClose} size={480} title={creating ? `New ${lower(model.title)}` : model.title} closeButtonProps={{ 'aria-label': 'Close' }}>
      {error && selected !== '' && <ErrorState error={error} />}
      {creating && pending && <Skeleton lines={6} />}
      {creating && !pending && (
        <RecordForm
          model={model}
          row={null}
          etag={null}
          denied={deniedReason(me, `${model.permission}:write`)}
          onCancel={onClose}
          onSaved={(row) => {
            toast(`${model.title} created`);
            onCreated(row);
          }}
        />
      )}
      {!creating && selected !== '' && (
        <Tabs value={tab} onChange={(next) => onTab(next === 'history' ? 'history' : 'record')}>
          {/* The link stands beside the tabs, not among them: a list of tabs holds tabs only. */}
          <div style={{ display: 'flex', alignItems: 'center', gap: 12, marginBottom: 12 }}>
            <Tabs.List style={{ flex: 1 }}>
              <Tabs.Tab value="record">{model.operations.includes('update') ? 'Edit' : 'Facts'}</Tabs.Tab>
              <Tabs.Tab value="history">History</Tabs.Tab>
            </Tabs.List>
            <Link to={recordPagePath(model, selected) as never}>Open its page</Link>
          </div>
          <Tabs.Panel value="record">
            {pending ? <Skeleton lines={6} /> : <RecordBody model={model} id={selected} onClose={onClose} />}
          </Tabs.Panel>
          <Tabs.Panel value="history">{tab === 'history' && <RecordHistory model={model} id={selected} />}</Tabs.Panel>
        </Tabs>
      )}
    </Drawer>
  );
}

function RecordBody({ model, id, onClose }: { model: Model; id: string; onClose: () => void }) {
  const me = useMe();
  const [confirm, setConfirm] = useState(false);
  const record = useQuery(recordQuery(model.path, id));
  if (record.isPending) return <Skeleton lines={6} />;
  if (record.isError) return <ErrorState error={record.error} onRetry={() => void record.refetch()} />;
  const { row, etag } = record.data;
  const deletable = model.operations.includes('delete');
  const denied = deniedReason(me, `${model.permission}:delete`);
  const name = plain(row[model.display] ?? row.id);

  const remove = () =>
    del(`${model.path}/${id}`, etag).then(() => {
      void queryClient.invalidateQueries({ queryKey: ['list', model.path] });
      toast(`${model.title} ${name} deleted`);
      onClose();
    });

  const readOnly = model.fields.filter((field) => field.read_only && field.type !== 'secret' && row[field.name] !== undefined);
  const stamps = (['created_at', 'updated_at'] as const).filter((name) => typeof row[name] === 'string' && !model.fields.some((field) => field.name === name));
  return (
    <div className="stack">
      {model.operations.includes('update') ? (
        <RecordForm
          key={etag}
          model={model}
          row={row}
          etag={etag}
          denied={deniedReason(me, `${model.permission}:write`)}
          onCancel={onClose}
          onReload={() => void record.refetch()}
          onSaved={() => {
            toast(`${model.title} ${name} saved`);
            onClose();
          }}
        />
      ) : (
        <KeyValue items={model.fields.filter((field) => !field.write_only && !field.read_only && field.type !== 'custom').map((field) => [field.label, <Value key={field.name} field={field} value={valueOf(row, field)} />])} />
      )}
      {readOnly.length + stamps.length > 0 && (
        <>
          <hr style={{ width: '100%', border: 0, borderTop: '1px solid var(--border)' }} />
          <KeyValue
            items={[
              ...readOnly.map((field): [string, ReactNode] => [field.label, <Value key={field.name} field={field} value={row[field.name]} />]),
              ...stamps.map((name): [string, ReactNode] => [name === 'created_at' ? 'Created' : 'Updated', <RelTime key={name} at={String(row[name])} />]),
            ]}
          />
        </>
      )}
      <div className="row">
        {model.name === 'platform.job' && <CancelJob row={row} />}
        {model.name === 'monitoring.scope' && <DiscoverScope row={row} />}
        {deletable && (
          <Button variant="subtle" color="red" leftSection={<IconTrash size={15} />} disabled={denied !== undefined} title={denied} onClick={() => setConfirm(true)}>
            Delete
          </Button>
        )}
      </div>
      <ConfirmDanger opened={confirm} onClose={() => setConfirm(false)} title={`Delete ${lower(model.title)} ${name}?`} action="Delete" onConfirm={remove}>
        It can be read in the audit log afterwards, but not brought back.
      </ConfirmDanger>
    </div>
  );
}

function CancelJob({ row }: { row: Row }) {
  const active = ['available', 'scheduled', 'running', 'retryable'].includes(String(row.state));
  if (!active) return null;
  return (
    <Button
      variant="default"
      leftSection={<IconPlayerStop size={15} />}
      onClick={() => {
        post(`/api/v1/platform/jobs/${row.id}/actions/cancel`).then(
          () => {
            toast('The job stops at its next step');
            void queryClient.invalidateQueries({ queryKey: ['record', '/api/v1/platform/jobs'] });
          },
          (error: unknown) => toast(messageOf(error), 'critical'),
        );
      }}
    >
      Cancel job
    </Button>
  );
}

function DiscoverScope({ row }: { row: Row }) {
  const me = useMe();
  const router = useRouter();
  const denied = deniedReason(me, 'monitoring/discoveries:execute');
  return (
    <Button
      variant="default"
      leftSection={<IconRadar size={15} />}
      disabled={denied !== undefined}
      title={denied}
      onClick={() => {
        post<{ id: string }>(`/api/v1/monitoring/scopes/${row.id}/actions/discover`).then(
          ({ id }) => void router.navigate({ to: '/discovery/$id', params: { id } }),
          (error: unknown) => toast(messageOf(error), 'critical'),
        );
      }}
    >
      Discover now
    </Button>
  );
}
