import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { recordQuery } from '~/api/queries';
import { LinkButton } from '~/kit/LinkButton';
import { ErrorState, Skeleton } from '~/kit/States';
import { DashboardView } from './DashboardView';
import { DASHBOARDS, type Dashboard } from './queries';

/** The home page that somebody put together; it is changed on its own page. */
export function HomeBoard({ id }: { id: string }) {
  const navigate = useNavigate();
  const found = useQuery(recordQuery(DASHBOARDS, id));
  const board = found.data?.row as Dashboard | undefined;
  return (
    <div className="page">
      <div className="page-head">
        <h1>Home</h1>
        {board && <p>{board.name}</p>}
        <span className="row" style={{ marginLeft: 'auto' }}>
          <LinkButton variant="default" to={`/dashboards/${id}` as never}>
            Open
          </LinkButton>
        </span>
      </div>
      {found.isPending && <Skeleton lines={8} />}
      {found.isError && <ErrorState error={found.error} onRetry={() => void found.refetch()} />}
      {board && <DashboardView board={board} editing={false} onEditing={() => void navigate({ to: `/dashboards/${id}` as never, search: { edit: '1' } as never })} />}
    </div>
  );
}
