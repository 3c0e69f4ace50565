import { Button, Modal, Select, Switch, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { deniedReason, useMe } from '~/app/session';
import { useView } from '~/app/view';
import { IconLayoutDashboard, IconPlus } from '~/kit/icons';
import { EmptyState, ErrorState, Skeleton } from '~/kit/States';
import { RelTime } from '~/kit/Text';
import { plural } from '~/lib/format';
import { defineView, flag, text } from '~/lib/urlstate';
import { OPTIONS } from '~/platform/records/FieldInput';
import { layoutBody, createDashboard, dashboardsQuery, mine, type Dashboard } from './queries';
import { parseLayout } from './layout';

export const dashboardsView = defineView({ new: flag(), from: text() });

/** Dashboards one may look at, one's own first. */
export function DashboardsPage() {
  const me = useMe();
  const [view, setView] = useView(dashboardsView);
  const boards = useQuery(dashboardsQuery);
  const denied = deniedReason(me, 'platform/dashboards:write');
  const shown = mine(me, boards.data ?? []);
  const own = shown.filter((board) => board.user?.id === me.user.id);
  const others = shown.filter((board) => board.user?.id !== me.user.id);
  const button = (
    <Button leftSection={<IconPlus size={15} />} disabled={denied !== undefined} title={denied} onClick={() => setView({ new: true }, { push: true })}>
      New dashboard
    </Button>
  );
  return (
    <div className="page">
      <div className="page-head">
        <h1>Dashboards</h1>
        <p>What one wants to see at a glance.</p>
        <span style={{ marginLeft: 'auto' }}>{button}</span>
      </div>
      {boards.isPending && <Skeleton lines={4} />}
      {boards.isError && <ErrorState error={boards.error} onRetry={() => void boards.refetch()} />}
      {boards.isSuccess && shown.length === 0 && (
        <EmptyState icon={IconLayoutDashboard} title="No dashboards yet" actions={button}>
          Put counts, lists, charts, the map and racks on one page, for yourself or for everybody.
        </EmptyState>
      )}
      {own.length > 0 && <Boards title="Mine" boards={own} />}
      {others.length > 0 && <Boards title="Shared by others" boards={others} />}
      {boards.isSuccess && (view.new || view.from !== '') && <NewBoard boards={shown} from={view.from} onClose={() => setView({ new: false, from: '' })} />}
    </div>
  );
}

function Boards({ title, boards }: { title: string; boards: readonly Dashboard[] }) {
  return (
    <section className="panel">
      <header>
        <h2>{title}</h2>
      </header>
      <div className="scroll-x">
        <table className="tabular" aria-label={title}>
          <thead>
            <tr>
              {['Name', 'What for', 'Seen by', 'Widgets', 'Changed'].map((head) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {boards.map((board) => (
              <tr key={board.id}>
                <td>
                  <Link to={`/dashboards/${board.id}` as never}>{board.name}</Link>
                  {board.home && <span className="muted"> home page</span>}
                </td>
                <td>{board.description}</td>
                <td>{board.shared ? 'Everybody' : 'Me'}</td>
                <td>{plural(parseLayout(board.layout).length, 'widget')}</td>
                <td>
                  <RelTime at={typeof board.updated_at === 'string' ? board.updated_at : null} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function NewBoard({ boards, from, onClose }: { boards: readonly Dashboard[]; from: string; onClose: () => void }) {
  const me = useMe();
  const navigate = useNavigate();
  const [source, setSource] = useState<string | null>(boards.some((board) => board.id === from) ? from : null);
  const copied = boards.find((board) => board.id === source);
  const [name, setName] = useState(copied ? `${copied.name} copy` : '');
  const [shared, setShared] = useState(false);
  const [home, setHome] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() === '') return;
    setBusy(true);
    setProblem(null);
    createDashboard({ name: name.trim(), user: me.user.id, shared, home, layout: layoutBody(copied ? parseLayout(copied.layout) : []) })
      .then((board) => navigate({ to: `/dashboards/${board.id}` as never, search: (copied ? {} : { edit: '1' }) as never }))
      .catch((reason: unknown) => setProblem(reason))
      .finally(() => setBusy(false));
  };
  return (
    <Modal opened onClose={onClose} title="New dashboard" closeButtonProps={{ 'aria-label': 'Close' }}>
      <form className="stack" noValidate onSubmit={submit}>
        <TextInput data-autofocus label="Name" required maxLength={100} value={name} onChange={(event) => setName(event.currentTarget.value)} />
        {boards.length > 0 && <Select {...OPTIONS} label="Begin with a copy of" placeholder="An empty page" data={boards.map((board) => ({ value: board.id, label: board.name }))} value={source} clearable onChange={setSource} />}
        <Switch label="Shared" description="Others see it too." checked={shared} onChange={(event) => setShared(event.currentTarget.checked)} />
        <Switch label="Home page" description={shared ? 'For everybody who has none of their own.' : 'For you alone.'} checked={home} onChange={(event) => setHome(event.currentTarget.checked)} />
        {problem !== null && <ErrorState error={problem} />}
        <div className="row" style={{ justifyContent: 'flex-end' }}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={busy} disabled={name.trim() === ''}>
            Create
          </Button>
        </div>
      </form>
    </Modal>
  );
}
