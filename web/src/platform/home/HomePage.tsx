import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, type ReactNode } from 'react';
import { deviceCountQuery, discoveriesQuery, homeBoardsQuery, hostQuery, isActive, topologyQuery, unplacedQuery } from '~/api/queries';
import type { Discovery, Topology } from '~/api/types';
import { may, useMe } from '~/app/session';
import { IconRadar } from '~/kit/icons';
import { ErrorState, ProgressBar, Skeleton } from '~/kit/States';
import { StateBadge } from '~/kit/Status';
import { RelTime } from '~/kit/Text';
import { count, plural } from '~/lib/format';
import { HostPanels } from './HostPanels';
import css from './home.module.css';

// A home page of one's own making comes with its widgets.
const HomeBoard = lazy(() => import('~/platform/dashboards/HomeBoard').then((module) => ({ default: module.HomeBoard })));

/** The dashboard that somebody chose as the home page, or the server at a glance. */
export function HomePage() {
  const me = useMe();
  const asked = may(me, 'platform/dashboards:read');
  const boards = useQuery({ ...homeBoardsQuery, enabled: asked });
  const board = boards.data?.filter((each) => each.shared || each.user?.id === me.user.id).sort((a, b) => Number(a.shared) - Number(b.shared))[0];
  if (asked && boards.isPending) return <div className="page"><Skeleton lines={6} /></div>;
  if (!board) return <Glance />;
  return (
    <Suspense fallback={<div className="page"><Skeleton lines={6} /></div>}>
      <HomeBoard id={board.id} />
    </Suspense>
  );
}

function Glance() {
  const devices = useQuery(deviceCountQuery);
  const topology = useQuery(topologyQuery('l1'));
  const unplaced = useQuery(unplacedQuery);
  const discoveries = useQuery(discoveriesQuery);
  const host = useQuery(hostQuery);
  const last = discoveries.data?.items[0];

  return (
    <div className="page">
      <div className="page-head">
        <h1>Home</h1>
        {host.data && (
          <p>
            Server on <code>{host.data.hostname}</code>
          </p>
        )}
      </div>
      {/* The server knows its own machine from the start; a map begins with the first discovery. */}
      {discoveries.data && !last && <FirstDiscovery />}
      <div className={css.tiles}>
        <Tile title="Devices" to="/devices" value={devices.data} sub={<NodeStates topology={topology.data} />} />
        <Tile title="Links, layer 1" to="/map" value={topology.data?.links.length} sub={<LinkStates topology={topology.data} />} />
        <Tile title="Unplaced" to="/unplaced" value={unplaced.data?.items.length} sub={unplaced.data && <UnplacedSummary rescan={unplaced.data.items.filter((item) => item.rescan_helps).length} total={unplaced.data.items.length} />} />
        <LastDiscovery discovery={last} loading={discoveries.isPending} />
      </div>
      {host.isError && <ErrorState error={host.error} onRetry={() => void host.refetch()} />}
      {host.isPending && <Skeleton lines={6} />}
      {host.data && <HostPanels host={host.data} />}
    </div>
  );
}

function FirstDiscovery() {
  const navigate = useNavigate();
  return (
    <section className={css.start} aria-labelledby="first">
      <div>
        <h2 id="first">Draw your first map</h2>
        <p>Name one router or switch and a credential it accepts. Portolan asks it who its neighbours are, then asks those, and draws what they say. It stays inside the prefixes you allow.</p>
      </div>
      <Button size="sm" leftSection={<IconRadar size={16} />} onClick={() => void navigate({ to: '/discovery', search: { new: '1' } as never })}>
        Start the first discovery
      </Button>
    </section>
  );
}

function Tile({ title, to, value, sub }: { title: string; to: string; value: number | undefined; sub?: ReactNode }) {
  return (
    <Link to={to as never} className={css.tile}>
      <span className={css.title}>{title}</span>
      <strong>{value === undefined ? '-' : count(value)}</strong>
      <span className={css.sub}>{sub}</span>
    </Link>
  );
}

function tally<T>(items: readonly T[], of: (item: T) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(of(item), (counts.get(of(item)) ?? 0) + 1);
  return counts;
}

function NodeStates({ topology }: { topology: Topology | undefined }) {
  if (!topology) return null;
  const states = tally(topology.nodes.filter((node) => node.kind === 'device'), (node) => node.state);
  return [...states].map(([state, number]) => (
    <span key={state}>
      {number} {state}
    </span>
  ));
}

function LinkStates({ topology }: { topology: Topology | undefined }) {
  if (!topology) return null;
  return [...tally(topology.links, (link) => link.state)].map(([state, number]) => (
    <span key={state}>
      {number} {state}
    </span>
  ));
}

function UnplacedSummary({ rescan, total }: { rescan: number; total: number }) {
  if (total === 0) return <span>Everything seen has its place</span>;
  return <span>{rescan === 0 ? 'each with reason and remedy' : `a rescan helps ${rescan}`}</span>;
}

function LastDiscovery({ discovery, loading }: { discovery: Discovery | undefined; loading: boolean }) {
  if (!discovery) {
    return <Tile title="Last discovery" to="/discovery" value={undefined} sub={loading ? null : <span>none yet</span>} />;
  }
  const { counts } = discovery;
  return (
    <Link to="/discovery/$id" params={{ id: discovery.id }} className={css.tile}>
      <span className={css.title}>
        Last discovery, <RelTime at={discovery.finished_at ?? discovery.started_at} />
      </span>
      <strong>
        {count(counts.answered)}
        <span className="muted" style={{ fontSize: 14, fontWeight: 400, letterSpacing: 0 }}>
          {' '}
          of {plural(counts.asked, 'target')} answered
        </span>
      </strong>
      {isActive(discovery.state) ? <ProgressBar label="Discovery" done={counts.answered + counts.failed + counts.skipped} total={counts.asked + counts.queued} /> : <span className={css.sub}><StateBadge state={discovery.state} /></span>}
    </Link>
  );
}
