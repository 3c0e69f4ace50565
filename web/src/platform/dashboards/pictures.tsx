/** Widgets that draw: the map, a rack, how full and how different things are. */
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { apiUrl, get } from '~/api/client';
import { modelsQuery, recordQuery, topologyQuery, whenPolling } from '~/api/queries';
import type { DriftSummary, Layer, NodeState, Topology } from '~/api/types';
import { deniedReason, useMe } from '~/app/session';
import { Meter } from '~/kit/Meter';
import { ErrorState, Skeleton } from '~/kit/States';
import { count, percent, plain, plural } from '~/lib/format';
import { useStore } from '~/lib/store';
import { recordPagePath } from '~/platform/records/paths';
import { resolved, themeStore } from '~/theme';
import css from './dashboards.module.css';
import { limitOf, Missing, textOf, type Config } from './parts';

const LAYERS: Layer[] = ['l1', 'l2', 'l3'];
/** Pages of a level of the prefix tree that are looked at for the fullest. */
const PAGES = 4;
const PAGE = 500;

export function DriftPart() {
  const me = useMe();
  const denied = deniedReason(me, 'atlas/drift:read');
  const summary = useQuery({ queryKey: ['drift', 'summary'], queryFn: ({ signal }) => get<DriftSummary>('/api/v1/atlas/drift/summary', undefined, signal), enabled: denied === undefined, refetchInterval: whenPolling(30_000) });
  if (denied !== undefined) return <Missing>{denied}</Missing>;
  if (summary.isPending) return <Skeleton lines={3} />;
  if (summary.isError) return <ErrorState error={summary.error} onRetry={() => void summary.refetch()} />;
  const { accuracy, coverage, counts, states, severities } = summary.data;
  const open = states.open ?? 0;
  return (
    <div className="stack" style={{ gap: 8 }}>
      <p>
        <Link to="/drift">{plural(open, 'difference')}</Link> open
        {Object.entries(severities).filter(([, number]) => number > 0).map(([name, number]) => (
          <span key={name} className="muted">
            , {count(number)} {name}
          </span>
        ))}
      </p>
      <ul className={css.bars}>
        {([['As intended', accuracy, `${count(counts.alike)} of ${count(counts.comparable)} attributes`], ['Seen', coverage, `${count(counts.covered)} of ${plural(counts.intended, 'device')}`]] as const).map(([label, share, note]) => (
          <li key={label} title={note}>
            <span>{label}</span>
            <span className={css.track} aria-hidden="true">
              <i style={{ width: `${(share ?? 0) * 100}%` }} />
            </span>
            <strong>{percent(share)}</strong>
          </li>
        ))}
      </ul>
    </div>
  );
}

export function MapPart({ config }: { config: Config }) {
  const me = useMe();
  const denied = deniedReason(me, 'atlas/topology:read');
  const layer = LAYERS.find((each) => each === textOf(config, 'layer')) ?? 'l2';
  const topology = useQuery({ ...topologyQuery(layer), enabled: denied === undefined });
  if (denied !== undefined) return <Missing>{denied}</Missing>;
  if (topology.isPending) return <Skeleton lines={4} />;
  if (topology.isError) return <ErrorState error={topology.error} onRetry={() => void topology.refetch()} />;
  if (topology.data.nodes.length === 0) return <Missing>Nothing is drawn yet: it begins with a discovery.</Missing>;
  return (
    <Link to="/map" search={{ layer } as never} className={css.map}>
      <Sketch topology={topology.data} />
      <span>
        {plural(topology.data.nodes.length, 'node')}, {plural(topology.data.links.length, 'link')}
      </span>
    </Link>
  );
}

/** The map without its words: dots and lines where the server put them. */
function Sketch({ topology }: { topology: Topology }) {
  const at = new Map(topology.nodes.flatMap((node): [string, { x: number; y: number; state: NodeState }][] => (node.x === null || node.y === null ? [] : [[node.id, { x: node.x, y: node.y, state: node.state }]])));
  const xs = [...at.values()].map((point) => point.x);
  const ys = [...at.values()].map((point) => point.y);
  const [left, top] = [xs.reduce((a, b) => Math.min(a, b), Infinity), ys.reduce((a, b) => Math.min(a, b), Infinity)];
  const [width, height] = [xs.reduce((a, b) => Math.max(a, b), -Infinity) - left || 1, ys.reduce((a, b) => Math.max(a, b), -Infinity) - top || 1];
  const size = Math.max(width, height);
  const line = topology.links.flatMap((link) => {
    const [a, b] = [at.get(link.a.device), at.get(link.b.device)];
    return a && b ? [`M${a.x} ${a.y}L${b.x} ${b.y}`] : [];
  });
  return (
    <svg role="img" aria-label="The network as dots and lines" viewBox={`${left - size * 0.05} ${top - size * 0.05} ${width + size * 0.1} ${height + size * 0.1}`} preserveAspectRatio="xMidYMid meet">
      <path d={line.join('')} strokeWidth={size / 400} />
      {[...at].map(([id, point]) => (
        <circle key={id} cx={point.x} cy={point.y} r={size / 110} data-state={point.state} />
      ))}
    </svg>
  );
}

interface Level {
  items: { kind: string; id?: string; prefix: string; description?: string; utilisation?: number }[];
  next_cursor: string | null;
}

export function PrefixesPart({ config }: { config: Config }) {
  const me = useMe();
  const denied = deniedReason(me, 'inventory/prefixes:read');
  const [vrf, parent] = [textOf(config, 'vrf'), textOf(config, 'parent')];
  const level = useQuery({
    queryKey: ['prefix-tree', 'fullest', vrf, parent],
    queryFn: async ({ signal }) => {
      const found: Level['items'] = [];
      let cursor: string | undefined;
      for (let page = 0; page < PAGES; page += 1) {
        const next = await get<Level>('/api/v1/inventory/prefix-tree', { vrf: vrf || undefined, parent: parent || undefined, limit: PAGE, cursor }, signal);
        found.push(...next.items.filter((item) => item.kind === 'prefix'));
        if (next.next_cursor === null) return { found, whole: true };
        cursor = next.next_cursor;
      }
      return { found, whole: false };
    },
    enabled: denied === undefined,
    staleTime: 30_000,
  });
  if (denied !== undefined) return <Missing>{denied}</Missing>;
  if (level.isPending) return <Skeleton lines={4} />;
  if (level.isError) return <ErrorState error={level.error} onRetry={() => void level.refetch()} />;
  const fullest = [...level.data.found].sort((a, b) => (b.utilisation ?? 0) - (a.utilisation ?? 0)).slice(0, limitOf(config, 'top', 5));
  if (fullest.length === 0) return <Missing>No prefixes here.</Missing>;
  return (
    <>
      <ul className={css.prefixes}>
        {fullest.map((item) => (
          <li key={item.id}>
            <Link to="/prefixes" search={{ q: item.prefix, ...(vrf ? { vrf } : {}) } as never}>
              <code>{item.prefix}</code>
            </Link>
            <Meter label={`${item.prefix} in use`} share={item.utilisation ?? 0} text={`${Math.round(item.utilisation ?? 0)} %`} note={item.description} />
          </li>
        ))}
      </ul>
      {!level.data.whole && <p className="muted">Of the first {count(PAGES * PAGE)} at this level.</p>}
    </>
  );
}

export function RackPart({ config }: { config: Config }) {
  const me = useMe();
  const { data: models } = useSuspenseQuery(modelsQuery);
  const theme = resolved(useStore(themeStore)) === 'light' ? 'light' : 'dark';
  const denied = deniedReason(me, 'inventory/racks:read');
  const model = models.find((each) => each.name === 'inventory.rack');
  const id = textOf(config, 'rack');
  const face = textOf(config, 'face') === 'rear' ? 'rear' : 'front';
  const rack = useQuery({ ...recordQuery('/api/v1/inventory/racks', id), enabled: denied === undefined && id !== '' && model !== undefined });
  if (denied !== undefined) return <Missing>{denied}</Missing>;
  if (!model || id === '') return <Missing>Choose a rack.</Missing>;
  if (rack.isPending) return <Skeleton lines={6} />;
  if (rack.isError) return <ErrorState error={rack.error} />;
  const name = plain(rack.data.row.name);
  return (
    <figure className={css.rack}>
      <img src={apiUrl(`/api/v1/inventory/racks/${encodeURIComponent(id)}/elevation.svg`, { face, theme })} alt={`Rack ${name}, ${face}`} />
      <figcaption>
        <Link to={recordPagePath(model, id) as never}>{name}</Link>, {face}
      </figcaption>
    </figure>
  );
}
