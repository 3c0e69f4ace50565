import { Button, Drawer } from '@mantine/core';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { modelsQuery, queryClient, recordQuery } from '~/api/queries';
import { deniedReason, useMe } from '~/app/session';
import { useView } from '~/app/view';
import { ConfirmDanger } from '~/kit/ConfirmDanger';
import { IconTrash } from '~/kit/icons';
import { LinkButton } from '~/kit/LinkButton';
import { ErrorState, Skeleton } from '~/kit/States';
import { toast } from '~/kit/toast';
import { defineView, flag, text } from '~/lib/urlstate';
import { DashboardView } from './DashboardView';
import { DASHBOARDS, deleteDashboard, type Dashboard } from './queries';

const RecordForm = lazy(() => import('~/platform/records/RecordForm').then((module) => ({ default: module.RecordForm })));

export const dashboardView = defineView({ edit: flag(), facts: flag(), from: text() });

/** One dashboard on its page: its widgets, its name, and who sees it. */
export function DashboardPage() {
  const { id } = useParams({ strict: false }) as { id: string };
  const me = useMe();
  const navigate = useNavigate();
  const [view, setView] = useView(dashboardView);
  const [confirm, setConfirm] = useState(false);
  const { data: models } = useSuspenseQuery(modelsQuery);
  const found = useQuery(recordQuery(DASHBOARDS, id));
  const model = models.find((each) => each.path === DASHBOARDS);
  if (found.isPending) return <div className="page"><Skeleton lines={8} /></div>;
  if (found.isError) {
    return (
      <div className="page">
        <h1>Dashboard</h1>
        <ErrorState error={found.error} onRetry={() => void found.refetch()} />
      </div>
    );
  }
  const board = found.data.row as Dashboard;
  const write = deniedReason(me, 'platform/dashboards:write');
  const remove = deniedReason(me, 'platform/dashboards:delete');
  // Its layout is put together by hand, not typed.
  const facts = model && { ...model, fields: model.fields.filter((field) => field.name !== 'layout') };

  return (
    <div className="page">
      <nav className="crumb" aria-label="Where this is">
        <Link to="/dashboards">Dashboards</Link>
      </nav>
      <div className="page-head">
        <h1>{board.name}</h1>
        {board.description && <p>{board.description}</p>}
        {!view.edit && (
          <span className="row" style={{ marginLeft: 'auto' }}>
            <LinkButton variant="subtle" to="/dashboards" search={{ from: board.id } as never}>
              Copy
            </LinkButton>
            <Button variant="default" disabled={write !== undefined} title={write} onClick={() => setView({ facts: true }, { push: true })}>
              Name and sharing
            </Button>
            <Button disabled={write !== undefined} title={write} onClick={() => setView({ edit: true }, { push: true })}>
              Edit
            </Button>
            <Button variant="subtle" color="red" leftSection={<IconTrash size={15} />} disabled={remove !== undefined} title={remove} onClick={() => setConfirm(true)}>
              Delete
            </Button>
          </span>
        )}
      </div>
      <DashboardView key={board.id} board={board} editing={view.edit && write === undefined} onEditing={(edit) => setView({ edit })} />
      {facts && (
        <Drawer opened={view.facts} onClose={() => setView({ facts: false })} size={440} title={`Edit ${board.name}`} closeButtonProps={{ 'aria-label': 'Close' }}>
          <Suspense fallback={<Skeleton />}>
            <RecordForm
              key={found.data.etag}
              model={facts}
              row={board}
              etag={found.data.etag}
              denied={write}
              onCancel={() => setView({ facts: false })}
              onReload={() => void found.refetch()}
              onSaved={() => {
                void queryClient.invalidateQueries({ queryKey: ['list', DASHBOARDS] });
                setView({ facts: false });
              }}
            />
          </Suspense>
        </Drawer>
      )}
      <ConfirmDanger
        opened={confirm}
        onClose={() => setConfirm(false)}
        title={`Delete dashboard ${board.name}?`}
        action="Delete"
        onConfirm={() =>
          deleteDashboard(board).then(() => {
            toast(`${board.name} is deleted`);
            void navigate({ to: '/dashboards' });
          })
        }
      >
        {board.shared ? 'Others lose it as well.' : 'It is seen by you alone.'}
      </ConfirmDanger>
    </div>
  );
}
