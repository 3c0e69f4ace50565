/**
 * The graph on the screen, as pages see it. Which engine draws it is not their business: they hold
 * a `GraphView` from `createGraphView`, feed it frames, and listen.
 */
import type { Cam } from '~/lib/urlstate';

export type NodeShape = 'router' | 'l3switch' | 'switch' | 'firewall' | 'ap' | 'host' | 'phone' | 'segment' | 'unknown';
export type NodeStatus = 'ok' | 'warning' | 'critical' | 'unknown';
export type Presence = 'fresh' | 'stale' | 'gone';

export interface GraphNode {
  id: string;
  label: string;
  /** World coordinates, from the server's layout. */
  x: number;
  y: number;
  shape: NodeShape;
  status: NodeStatus;
  presence: Presence;
  /** Number of links; sets the size and which label wins. */
  degree: number;
  pinned: boolean;
}

export type LinkDash = 'solid' | 'long' | 'dashdot' | 'dash' | 'dot';

export interface GraphLink {
  id: string;
  /** Node ids. */
  a: string;
  b: string;
  labelA: string;
  labelB: string;
  dash: LinkDash;
  /** Pixels. */
  width: number;
  lag: boolean;
  blocked: boolean;
  down: boolean;
  presence: Presence;
  contradicted: boolean;
}

export interface GraphFrame {
  nodes: readonly GraphNode[];
  links: readonly GraphLink[];
}

export interface GraphDelta {
  nodes?: readonly GraphNode[];
  links?: readonly GraphLink[];
  removedNodes?: readonly string[];
  removedLinks?: readonly string[];
}

export type Pick = { kind: 'node' | 'link'; id: string } | null;

export interface GraphEvents {
  hover: (hit: Pick, x: number, y: number) => void;
  select: (hit: Pick) => void;
  open: (id: string) => void;
  /** A node was dropped at a world position. */
  drag: (id: string, x: number, y: number) => void;
  /** The camera came to rest; `whole` when it shows everything because nobody moved it. */
  camera: (camera: Cam, whole: boolean) => void;
}

export interface GraphDebug {
  backend: 'webgl2' | 'canvas2d';
  nodes: number;
  links: number;
  labels: number;
  frames: number;
  /** Main-thread milliseconds of the last frame, and from the last setGraph to its first frame. */
  lastFrameMs: number;
  firstPictureMs: number;
}

export interface GraphView {
  mount(element: HTMLElement, options: { editable: boolean }): void;
  setGraph(frame: GraphFrame): void;
  patch(delta: GraphDelta): void;
  /** Nodes and links that carry the halo. */
  select(ids: readonly string[]): void;
  /** Everything else fades; null ends it. */
  highlight(ids: readonly string[] | null): void;
  /** Shows all, or these nodes. */
  fit(ids?: readonly string[]): void;
  zoomBy(factor: number): void;
  /** Moves a node on the screen only, for moving by keyboard. */
  moveNode(id: string, x: number, y: number): void;
  getCamera(): Cam;
  setCamera(camera: Cam): void;
  pick(x: number, y: number): Pick;
  on<K extends keyof GraphEvents>(event: K, listener: GraphEvents[K]): () => void;
  /** Reads the colours of the page again. */
  refreshTheme(): void;
  snapshotPng(): Promise<Blob>;
  debug(): GraphDebug;
  destroy(): void;
}
