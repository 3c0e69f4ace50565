/** Geometry of the graph without a screen: distances, lanes, directions. Pure. */
import type { Point } from './camera';

/** Distance from a point to a segment. */
export function segmentDistance(p: Point, a: Point, b: Point): number {
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const length = dx * dx + dy * dy;
  const t = length === 0 ? 0 : Math.max(0, Math.min(1, ((p.x - a.x) * dx + (p.y - a.y) * dy) / length));
  return Math.hypot(p.x - a.x - t * dx, p.y - a.y - t * dy);
}

/** A lane for each link so that links between the same two nodes lie side by side, in steps of one, centred on 0. */
export function lanes(links: readonly { a: string; b: string }[]): Float32Array {
  const pairs = new Map<string, number[]>();
  links.forEach(({ a, b }, at) => {
    const key = a < b ? `${a}\n${b}` : `${b}\n${a}`;
    const list = pairs.get(key);
    if (list) list.push(at);
    else pairs.set(key, [at]);
  });
  const out = new Float32Array(links.length);
  for (const list of pairs.values()) {
    list.forEach((at, place) => {
      const link = links[at];
      const side = link !== undefined && link.a < link.b ? 1 : -1;
      out[at] = side * (place - (list.length - 1) / 2);
    });
  }
  return out;
}

export type Direction = 'left' | 'right' | 'up' | 'down';

const AXES: Record<Direction, Point> = { left: { x: -1, y: 0 }, right: { x: 1, y: 0 }, up: { x: 0, y: -1 }, down: { x: 0, y: 1 } };

/**
 * The candidate that an arrow key means: in a cone of 60 degrees either side of the direction, the
 * one with the least distance, where being off the axis counts double. -1 when there is none.
 */
export function inDirection(from: Point, candidates: readonly Point[], direction: Direction): number {
  const axis = AXES[direction];
  let best = -1;
  let bestCost = Infinity;
  candidates.forEach((point, at) => {
    const dx = point.x - from.x;
    const dy = point.y - from.y;
    const along = dx * axis.x + dy * axis.y;
    const off = Math.abs(dx * axis.y - dy * axis.x);
    if (along <= 1e-9 || off > along * 1.7321) return;
    const cost = along + 2 * off;
    if (cost < bestCost) {
      bestCost = cost;
      best = at;
    }
  });
  return best;
}

/** The middle value; `fallback` for none. */
export function median(values: readonly number[], fallback: number): number {
  if (values.length === 0) return fallback;
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? fallback;
}

/** Radius in pixels at the reference zoom, from the number of links (12 to 48 px across). */
export function baseRadius(degree: number, shape: string): number {
  const small = shape === 'host' || shape === 'phone' || shape === 'unknown' || shape === 'segment';
  return Math.min(24, (small ? 9 : 12) + 2.6 * Math.log2(1 + Math.max(0, degree)));
}

/** Places nodes the server gave no coordinates on a spiral around the middle of the others, so that they are seen. */
export function placeMissing<T extends { x: number | null; y: number | null }>(nodes: readonly T[], spacing: number): (T & Point)[] {
  const placed = nodes.filter((node) => node.x !== null && node.y !== null);
  const cx = placed.reduce((sum, node) => sum + (node.x ?? 0), 0) / Math.max(1, placed.length);
  const cy = placed.reduce((sum, node) => sum + (node.y ?? 0), 0) / Math.max(1, placed.length);
  let missing = 0;
  return nodes.map((node) => {
    if (node.x !== null && node.y !== null && Number.isFinite(node.x) && Number.isFinite(node.y)) return { ...node, x: node.x, y: node.y };
    missing += 1;
    const angle = missing * 2.399963;
    const radius = spacing * Math.sqrt(missing);
    return { ...node, x: cx + radius * Math.cos(angle), y: cy + radius * Math.sin(angle) };
  });
}
