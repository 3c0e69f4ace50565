/** Where everything of a trace is drawn: a column a step, devices as boxes, cables between their ports. Pure. */
import type { Trace, TraceCable, TracePort } from '../api';

export const COLUMN = 300;
export const BOX = 170;
const HEAD = 34;
/** Height of a port; with few of them there is room for the words of every cable. */
const ROOMY = 42;
const DENSE = 24;
const FEW = 60;
const GAP = 26;
const MARGIN = 16;

export interface PortAt {
  port: TracePort;
  side: 'left' | 'right';
  x: number;
  y: number;
}

export interface BoxAt {
  key: string;
  title: string;
  /** Where the title leads. */
  at: { id: string; model: string | null } | null;
  x: number;
  y: number;
  height: number;
  ports: PortAt[];
  origin: boolean;
}

export interface CableAt {
  cable: TraceCable;
  from: { x: number; y: number };
  to: { x: number; y: number };
}

export interface Drawing {
  /** Is there room for more than the names of cables? */
  roomy: boolean;
  width: number;
  height: number;
  boxes: BoxAt[];
  cables: CableAt[];
  /** Ways through panels. */
  passes: { key: string; from: PortAt; to: PortAt }[];
}

interface Draft {
  key: string;
  step: number;
  title: string;
  at: BoxAt['at'];
  left: TracePort[];
  right: TracePort[];
  rank: number;
}

/** At which side of its box each port is: where its cable goes, or away from the port it is joined with. */
function sidesOf(trace: Trace): Map<string, 'left' | 'right'> {
  const step = new Map(trace.ports.map((port) => [port.id, port.step]));
  const sides = new Map<string, 'left' | 'right'>();
  for (const cable of trace.cables) {
    for (const [own, other] of [[cable.a, cable.b], [cable.b, cable.a]] as const) {
      for (const id of own) {
        const there = other.map((each) => step.get(each) ?? 0);
        const far = there.length > 0 ? Math.min(...there) : (step.get(id) ?? 0) + 1;
        sides.set(id, far > (step.get(id) ?? 0) || (far === step.get(id) && own === cable.a) ? 'right' : 'left');
      }
    }
  }
  for (const pass of trace.passes) {
    const from = sides.get(pass.from);
    const to = sides.get(pass.to);
    if (from === undefined && to !== undefined) sides.set(pass.from, to === 'left' ? 'right' : 'left');
    if (to === undefined) sides.set(pass.to, (from ?? 'left') === 'left' ? 'right' : 'left');
  }
  return sides;
}

export function layout(trace: Trace): Drawing {
  const roomy = trace.ports.length <= FEW;
  const row = roomy ? ROOMY : DENSE;
  const sides = sidesOf(trace);
  const drafts = new Map<string, Draft>();
  const draftOf = new Map<string, Draft>();
  for (const port of trace.ports) {
    const key = `${port.step}/${port.at?.id ?? port.id}`;
    const draft = drafts.get(key) ?? { key, step: port.step, title: port.at?.display ?? port.name, at: port.at ? { id: port.at.id, model: port.at_model } : null, left: [], right: [], rank: 0 };
    drafts.set(key, draft);
    draftOf.set(port.id, draft);
    draft[sides.get(port.id) ?? 'right'].push(port);
  }
  const steps = [...new Set([...drafts.values()].map((draft) => draft.step))].sort((a, b) => a - b);
  rank(trace, steps, drafts, draftOf);
  const columns = steps.map((step) => [...drafts.values()].filter((draft) => draft.step === step).sort((a, b) => a.rank - b.rank));
  const boxHeight = (draft: Draft) => HEAD + Math.max(draft.left.length, draft.right.length, 1) * row + 6;
  const columnHeight = (column: Draft[]) => column.reduce((sum, draft) => sum + boxHeight(draft) + GAP, -GAP);
  const height = Math.max(0, ...columns.map(columnHeight)) + 2 * MARGIN;
  const boxes = columns.flatMap((column, at) => {
    let y = (height - columnHeight(column)) / 2;
    return column.map((draft) => {
      const box = boxOf(draft, { x: MARGIN + at * COLUMN, y, height: boxHeight(draft), row }, trace.origin);
      y += box.height + GAP;
      return box;
    });
  });
  const at = new Map(boxes.flatMap((box) => box.ports.map((port) => [port.port.id, port] as const)));
  const cables = trace.cables.flatMap((cable) => cable.a.flatMap((a) => cable.b.map((b) => ({ cable, from: at.get(a), to: at.get(b) })))).filter((each): each is CableAt & { from: PortAt; to: PortAt } => each.from !== undefined && each.to !== undefined);
  const passes = trace.passes.flatMap((pass) => {
    const [from, to] = [at.get(pass.from), at.get(pass.to)];
    return from && to ? [{ key: `${pass.from}${pass.to}`, from, to }] : [];
  });
  return { roomy, width: 2 * MARGIN + (steps.length - 1) * COLUMN + BOX, height, boxes, cables, passes };
}

/** Orders boxes of a column by those they are joined with in the one nearer to the origin, so that few cables cross. */
function rank(trace: Trace, steps: number[], drafts: ReadonlyMap<string, Draft>, draftOf: ReadonlyMap<string, Draft>): void {
  const order = [...steps].sort((a, b) => Math.abs(a) - Math.abs(b));
  const placed = new Map<string, number>();
  for (const step of order) {
    const column = [...drafts.values()].filter((draft) => draft.step === step);
    for (const draft of column) {
      const near = trace.cables.flatMap((cable) => {
        const [a, b] = [cable.a.map((id) => draftOf.get(id)), cable.b.map((id) => draftOf.get(id))];
        if (a.includes(draft)) return b;
        return b.includes(draft) ? a : [];
      });
      const ranks = near.flatMap((each) => (each && placed.has(each.key) ? [placed.get(each.key) ?? 0] : []));
      draft.rank = ranks.length === 0 ? 0 : ranks.reduce((sum, each) => sum + each, 0) / ranks.length;
    }
    column.sort((a, b) => a.rank - b.rank || a.title.localeCompare(b.title, 'en', { numeric: true }));
    column.forEach((draft, at) => {
      draft.rank = at;
      placed.set(draft.key, at - (column.length - 1) / 2);
    });
  }
}

function boxOf(draft: Draft, { x, y, height, row }: { x: number; y: number; height: number; row: number }, origin: readonly string[]): BoxAt {
  const byName = (a: TracePort, b: TracePort) => a.name.localeCompare(b.name, 'en', { numeric: true });
  const place = (side: 'left' | 'right') =>
    [...draft[side]].sort(byName).map((port, at) => {
      const rows = Math.max(draft.left.length, draft.right.length, 1);
      const offset = ((rows - draft[side].length) * row) / 2;
      return { port, side, x: side === 'left' ? x : x + BOX, y: y + HEAD + offset + at * row + row / 2 };
    });
  return { key: draft.key, title: draft.title, at: draft.at, x, y, height, ports: [...place('left'), ...place('right')], origin: [...draft.left, ...draft.right].some((port) => origin.includes(port.id)) };
}

/** The name of a cable: its label, or its number. */
export function cableName(cable: TraceCable): string {
  return cable.label !== '' ? cable.label : `#${cable.number ?? '?'}`;
}

/** Words of a cable beside its name: type and length. */
export function cableWords(cable: TraceCable): string {
  const length = cable.length === null ? null : `${Number(cable.length)} ${cable.length_unit ?? ''}`.trim();
  return [cable.type?.toUpperCase(), length, cable.status === 'connected' ? null : cable.status].filter(Boolean).join(', ');
}

/** Panels that are gone through, each once. */
export function panelsOf(trace: Trace): number {
  const ports = new Map(trace.ports.map((port) => [port.id, port]));
  return new Set(trace.passes.map((pass) => ports.get(pass.from)?.at?.id ?? pass.from)).size;
}

const METRES: Record<string, number> = { km: 1000, m: 1, cm: 0.01, mi: 1609.344, ft: 0.3048, in: 0.0254 };

/** Metres of all cables of a path that does not branch; null when one of them says none. */
export function totalLength(trace: Trace): number | null {
  if (trace.split || trace.cables.length === 0) return null;
  let sum = 0;
  for (const cable of trace.cables) {
    const unit = METRES[cable.length_unit ?? ''];
    if (cable.length === null || unit === undefined) return null;
    sum += Number(cable.length) * unit;
  }
  return sum;
}
