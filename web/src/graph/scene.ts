/** A frame of data as typed columns that a painter can draw, with what picking needs. Pure. */
import { boundsOf, type Bounds } from './camera';
import { baseRadius, lanes, median } from './geometry';
import type { GraphFrame, GraphLink, GraphNode, LinkDash, NodeShape, NodeStatus } from './view';

export const SHAPES: readonly NodeShape[] = ['router', 'l3switch', 'switch', 'firewall', 'ap', 'host', 'phone', 'segment', 'unknown'];
export const STATUSES: readonly NodeStatus[] = ['ok', 'warning', 'critical', 'unknown'];
export const DASHES: readonly LinkDash[] = ['solid', 'long', 'dashdot', 'dash', 'dot'];

/** Bits of `nodeFlags`. */
export const NODE = { selected: 1, hovered: 2, faded: 4, pinned: 8, stale: 16, gone: 32 } as const;
/** Bits of `linkFlags`. */
export const LINK = { selected: 1, hovered: 2, faded: 4, lag: 8, blocked: 16, gone: 32, stale: 64, down: 128, contradicted: 256 } as const;

/** Pixels between links of the same two nodes. */
export const LANE = 7;
/** Length on the screen, in pixels, that a typical link has at the reference zoom. */
const REFERENCE_LENGTH = 110;

export interface Scene {
  nodes: readonly GraphNode[];
  links: readonly GraphLink[];
  index: Map<string, number>;
  linkIndex: Map<string, number>;
  x: Float32Array;
  y: Float32Array;
  /** Radius in pixels at the reference zoom. */
  radius: Float32Array;
  nodeFlags: Uint16Array;
  /** Node indices of the ends. */
  from: Uint32Array;
  to: Uint32Array;
  lane: Float32Array;
  linkFlags: Uint16Array;
  bounds: Bounds | null;
  /** Zoom at which nodes have their base size. */
  referenceZoom: number;
}

export function buildScene(frame: GraphFrame): Scene {
  const { nodes } = frame;
  const index = new Map(nodes.map((node, at) => [node.id, at]));
  // A link to a node that is not there cannot be drawn; the table view still lists it.
  const links = frame.links.filter((link) => index.has(link.a) && index.has(link.b) && link.a !== link.b);
  const scene: Scene = {
    nodes,
    links,
    index,
    linkIndex: new Map(links.map((link, at) => [link.id, at])),
    x: Float32Array.from(nodes, (node) => node.x),
    y: Float32Array.from(nodes, (node) => node.y),
    radius: Float32Array.from(nodes, (node) => baseRadius(node.degree, node.shape)),
    nodeFlags: Uint16Array.from(nodes, presenceBits),
    from: Uint32Array.from(links, (link) => index.get(link.a) ?? 0),
    to: Uint32Array.from(links, (link) => index.get(link.b) ?? 0),
    lane: lanes(links).map((lane) => lane * LANE),
    linkFlags: Uint16Array.from(links, linkBits),
    bounds: boundsOf(nodes),
    referenceZoom: 1,
  };
  scene.referenceZoom = REFERENCE_LENGTH / spacing(scene);
  return scene;
}

function presenceBits(node: GraphNode): number {
  return (node.pinned ? NODE.pinned : 0) | (node.presence === 'stale' ? NODE.stale : node.presence === 'gone' ? NODE.gone : 0);
}

function linkBits(link: GraphLink): number {
  return (
    (link.lag ? LINK.lag : 0) | (link.blocked ? LINK.blocked : 0) | (link.down ? LINK.down : 0) | (link.contradicted ? LINK.contradicted : 0) |
    (link.presence === 'gone' ? LINK.gone : link.presence === 'stale' ? LINK.stale : 0)
  );
}

/** A typical distance between neighbours in world units. */
function spacing(scene: Scene): number {
  const lengths: number[] = [];
  for (let at = 0; at < scene.links.length; at += 1) {
    const a = scene.from[at] ?? 0;
    const b = scene.to[at] ?? 0;
    const length = Math.hypot((scene.x[a] ?? 0) - (scene.x[b] ?? 0), (scene.y[a] ?? 0) - (scene.y[b] ?? 0));
    if (length > 0) lengths.push(length);
  }
  const { bounds } = scene;
  const area = bounds ? (bounds.right - bounds.left) * (bounds.bottom - bounds.top) : 0;
  const even = area > 0 ? Math.sqrt(area / scene.nodes.length) : REFERENCE_LENGTH;
  return Math.max(1e-3, median(lengths, even));
}

/** Factor on node radii at a zoom: grows slower than the distances, so that near is not crowded. */
export function nodeScale(scene: Scene, zoom: number): number {
  return Math.max(0.28, Math.min(1.7, Math.sqrt(zoom / scene.referenceZoom)));
}

/** Sets or clears a bit of each entry. */
export function setBits(flags: Uint16Array, bit: number, on: (at: number) => boolean): void {
  for (let at = 0; at < flags.length; at += 1) flags[at] = on(at) ? (flags[at] ?? 0) | bit : (flags[at] ?? 0) & ~bit;
}
