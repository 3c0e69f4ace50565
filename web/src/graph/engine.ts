/** The graph view: camera, pointer, picking and state over a painter. */
import type { Cam } from '~/lib/urlstate';
import { LABEL_HEIGHT } from './atlas';
import { boundsOf, fitBounds, panBy, toScreen, toWorld, zoomAt, type Point, type Size } from './camera';
import { Canvas2dPainter } from './canvas2d';
import { segmentDistance } from './geometry';
import { labelZooms, zoomLadder } from './labels';
import type { LabelPlan, Painter } from './painter';
import { readPalette } from './palette';
import { buildScene, LINK, NODE, nodeScale, setBits, type Scene } from './scene';
import type { GraphDebug, GraphDelta, GraphEvents, GraphFrame, GraphView, Pick } from './view';
import { WebglPainter } from './webgl';

const FIT_MARGIN = 56;
const DRAG_FROM = 4;
const CAMERA_REST_MS = 250;
const LADDER_STEPS = 22;
/** Average letter width of the label font: plans need no measuring. */
const LETTER = 6.6;
/** Pixels a label keeps clear around it. */
const LABEL_AIR = 14;
/** Up to this many nodes every label may show from the start. */
const FEW = 80;

type Listeners = { [K in keyof GraphEvents]: Set<GraphEvents[K]> };

export function createGraphView(): GraphView {
  return new Engine();
}

class Engine implements GraphView {
  private element: HTMLElement | null = null;
  private painter: Painter | null = null;
  private scene: Scene = buildScene({ nodes: [], links: [] });
  private frame: GraphFrame = { nodes: [], links: [] };
  private plan: LabelPlan = { nodeZoom: new Float32Array(), linkZoom: new Float32Array() };
  private size: Size = { width: 1, height: 1 };
  private camera: Cam = { x: 0, y: 0, zoom: 1 };
  private cameraSet = false;
  /** What the camera was fitted to and still shows: it follows when the graph grows or the view is resized. */
  private fitted: readonly string[] | 'all' | null = null;
  /** A frame that arrived while a node was being dragged. */
  private waiting: GraphFrame | null = null;
  private editable = false;
  private hovered: Pick = null;
  private selectedIds: ReadonlySet<string> = new Set();
  private highlighted: ReadonlySet<string> | null = null;
  private request = 0;
  private rest: ReturnType<typeof setTimeout> | undefined;
  private observer: ResizeObserver | null = null;
  private readonly abort = new AbortController();
  private readonly pointers = new Map<number, Point>();
  private gesture: { start: Point; last: Point; node: number; moved: boolean; additive: boolean } | null = null;
  /** Milliseconds between the last two frames. */
  private frameGap = 0;
  private lastDraw = 0;
  private stats = { frames: 0, lastFrameMs: 0, firstPictureMs: 0, sceneMs: 0 };
  private readonly listeners: Listeners = { hover: new Set(), select: new Set(), open: new Set(), drag: new Set(), camera: new Set() };

  mount(element: HTMLElement, options: { editable: boolean }): void {
    this.element = element;
    this.editable = options.editable;
    this.startPainter();
    this.observer = new ResizeObserver(() => this.measure());
    this.observer.observe(element);
    this.measure();
    this.listen(element);
  }

  private startPainter(): void {
    const { element } = this;
    if (!element) return;
    this.painter?.canvas.remove();
    this.painter = makePainter();
    const { canvas } = this.painter;
    Object.assign(canvas.style, { display: 'block', width: '100%', height: '100%', touchAction: 'none' });
    canvas.setAttribute('aria-hidden', 'true');
    element.prepend(canvas);
    canvas.addEventListener('webglcontextlost', (event) => event.preventDefault());
    canvas.addEventListener('webglcontextrestored', () => {
      this.startPainter();
      this.measure();
    });
    this.painter.setPalette(readPalette(element));
    this.painter.setScene(this.scene, this.plan);
  }

  private measure(): void {
    const { element, painter } = this;
    if (!element || !painter) return;
    this.size = { width: element.clientWidth || 1, height: element.clientHeight || 1 };
    painter.resize(this.size, Math.min(2, window.devicePixelRatio || 1));
    if (this.scene.nodes.length > 0) this.refit(true);
    // Draw at once: a resized canvas is blank until then.
    this.draw();
  }

  setGraph(frame: GraphFrame): void {
    if (this.gesture && this.gesture.node >= 0) {
      this.waiting = frame;
      return;
    }
    const started = performance.now();
    this.frame = frame;
    this.scene = buildScene(frame);
    this.plan = planLabels(this.scene);
    this.applyFlags();
    this.painter?.setScene(this.scene, this.plan);
    if (this.scene.nodes.length > 0 && this.size.width > 1) this.refit(false);
    this.stats.sceneMs = performance.now() - started;
    this.stats.firstPictureMs = 0;
    this.invalidate();
  }

  patch(delta: GraphDelta): void {
    const merge = <T extends { id: string }>(current: readonly T[], changed: readonly T[] = [], removed: readonly string[] = []) => {
      const all = new Map(current.map((each) => [each.id, each]));
      for (const id of removed) all.delete(id);
      for (const each of changed) all.set(each.id, each);
      return [...all.values()];
    };
    this.setGraph({ nodes: merge(this.frame.nodes, delta.nodes, delta.removedNodes), links: merge(this.frame.links, delta.links, delta.removedLinks) });
  }

  select(ids: readonly string[]): void {
    this.selectedIds = new Set(ids);
    this.refreshFlags();
  }

  highlight(ids: readonly string[] | null): void {
    this.highlighted = ids === null ? null : new Set(ids);
    this.refreshFlags();
  }

  private applyFlags(): void {
    const { scene, selectedIds, highlighted, hovered } = this;
    const nodeId = (at: number) => scene.nodes[at]?.id ?? '';
    const linkId = (at: number) => scene.links[at]?.id ?? '';
    setBits(scene.nodeFlags, NODE.selected, (at) => selectedIds.has(nodeId(at)));
    setBits(scene.linkFlags, LINK.selected, (at) => selectedIds.has(linkId(at)));
    setBits(scene.nodeFlags, NODE.hovered, (at) => hovered?.kind === 'node' && hovered.id === nodeId(at));
    setBits(scene.linkFlags, LINK.hovered, (at) => hovered?.kind === 'link' && hovered.id === linkId(at));
    setBits(scene.nodeFlags, NODE.faded, (at) => highlighted !== null && !highlighted.has(nodeId(at)));
    setBits(scene.linkFlags, LINK.faded, (at) => {
      const link = scene.links[at];
      return highlighted !== null && !highlighted.has(linkId(at)) && !(link && highlighted.has(link.a) && highlighted.has(link.b));
    });
  }

  private refreshFlags(): void {
    this.applyFlags();
    this.painter?.updateNodes();
    this.painter?.updateLinks();
    this.invalidate();
  }

  fit(ids?: readonly string[]): void {
    const chosen = ids?.flatMap((id) => {
      const at = this.scene.index.get(id);
      return at === undefined ? [] : [{ x: this.scene.x[at] ?? 0, y: this.scene.y[at] ?? 0 }];
    });
    const bounds = chosen ? boundsOf(chosen) : this.scene.bounds;
    if (!bounds) return;
    this.setCamera(fitBounds(bounds, this.size, FIT_MARGIN, this.scene.referenceZoom * (ids ? 1.6 : 1.4)));
    this.fitted = ids ?? 'all';
  }

  private refit(resized: boolean): void {
    if (!this.cameraSet || this.fitted === 'all') this.fit();
    else if (resized && this.fitted !== null) this.fit(this.fitted);
  }

  zoomBy(factor: number): void {
    this.zoomTo({ x: this.size.width / 2, y: this.size.height / 2 }, this.camera.zoom * factor);
  }

  private zoomTo(at: Point, zoom: number): void {
    this.setCamera(zoomAt(this.camera, this.size, at, this.clampZoom(zoom)));
  }

  private clampZoom(zoom: number): number {
    const { bounds, referenceZoom } = this.scene;
    const whole = bounds ? fitBounds(bounds, this.size, FIT_MARGIN, referenceZoom * 1.4).zoom : referenceZoom;
    return Math.max(whole * 0.3, Math.min(referenceZoom * 10, zoom));
  }

  moveNode(id: string, x: number, y: number): void {
    const at = this.scene.index.get(id);
    if (at === undefined) return;
    this.scene.x[at] = x;
    this.scene.y[at] = y;
    this.painter?.updateNodes();
    this.invalidate();
  }

  getCamera(): Cam {
    return this.camera;
  }

  setCamera(camera: Cam): void {
    this.camera = camera;
    this.cameraSet = true;
    this.fitted = null;
    this.invalidate();
    clearTimeout(this.rest);
    // On a slow screen the next step of a movement comes later: rest is measured in frames then.
    this.rest = setTimeout(() => this.emit('camera', this.camera, this.fitted === 'all'), Math.max(CAMERA_REST_MS, 3 * this.frameGap));
  }

  pick(x: number, y: number): Pick {
    const { scene, camera, size } = this;
    const scale = nodeScale(scene, camera.zoom);
    const at = { x, y };
    const screen = (node: number) => toScreen(camera, size, { x: scene.x[node] ?? 0, y: scene.y[node] ?? 0 });
    let best = Infinity;
    let hit: Pick = null;
    for (let node = 0; node < scene.nodes.length; node += 1) {
      const place = screen(node);
      const distance = Math.hypot(place.x - x, place.y - y);
      const reach = Math.max(9, (scene.radius[node] ?? 10) * scale + 2);
      if (distance <= reach && distance < best) {
        best = distance;
        hit = { kind: 'node', id: scene.nodes[node]?.id ?? '' };
      }
    }
    if (hit) return hit;
    best = 6;
    for (let link = 0; link < scene.links.length; link += 1) {
      const a = screen(scene.from[link] ?? 0);
      const b = screen(scene.to[link] ?? 0);
      const length = Math.hypot(b.x - a.x, b.y - a.y) || 1;
      const lane = (scene.lane[link] ?? 0) * Math.min(1, Math.max(0.4, scale));
      const side = { x: (-(b.y - a.y) / length) * lane, y: ((b.x - a.x) / length) * lane };
      const distance = segmentDistance({ x: at.x - side.x, y: at.y - side.y }, a, b);
      if (distance < best) {
        best = distance;
        hit = { kind: 'link', id: scene.links[link]?.id ?? '' };
      }
    }
    return hit;
  }

  on<K extends keyof GraphEvents>(event: K, listener: GraphEvents[K]): () => void {
    this.listeners[event].add(listener);
    return () => this.listeners[event].delete(listener);
  }

  private emit<K extends keyof GraphEvents>(event: K, ...args: Parameters<GraphEvents[K]>): void {
    for (const listener of this.listeners[event]) (listener as (...values: Parameters<GraphEvents[K]>) => void)(...args);
  }

  refreshTheme(): void {
    if (!this.element || !this.painter) return;
    this.painter.setPalette(readPalette(this.element));
    this.invalidate();
  }

  async snapshotPng(): Promise<Blob> {
    this.draw();
    const canvas = this.painter?.canvas;
    return new Promise((resolve, reject) => {
      if (!canvas) reject(new Error('nothing is drawn'));
      else canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('the browser gave no picture'))), 'image/png');
    });
  }

  debug(): GraphDebug {
    const labels = this.plan.nodeZoom.reduce((sum, zoom) => sum + (zoom <= this.camera.zoom ? 1 : 0), 0);
    const { frames, lastFrameMs, firstPictureMs } = this.stats;
    return { backend: this.painter?.backend ?? 'canvas2d', nodes: this.scene.nodes.length, links: this.scene.links.length, labels, frames, lastFrameMs, firstPictureMs };
  }

  destroy(): void {
    this.abort.abort();
    this.observer?.disconnect();
    cancelAnimationFrame(this.request);
    clearTimeout(this.rest);
    this.painter?.destroy();
    this.painter?.canvas.remove();
    this.painter = null;
    for (const set of Object.values(this.listeners)) set.clear();
  }

  private invalidate(): void {
    if (this.request === 0) this.request = requestAnimationFrame(() => this.draw());
  }

  private draw(): void {
    cancelAnimationFrame(this.request);
    this.request = 0;
    const started = performance.now();
    this.frameGap = Math.min(2000, started - this.lastDraw);
    this.lastDraw = started;
    this.painter?.draw(this.camera);
    this.stats.lastFrameMs = performance.now() - started;
    this.stats.frames += 1;
    if (this.stats.firstPictureMs === 0) this.stats.firstPictureMs = this.stats.sceneMs + this.stats.lastFrameMs;
  }

  private listen(element: HTMLElement): void {
    const options = { signal: this.abort.signal };
    const place = (event: MouseEvent): Point => {
      const box = element.getBoundingClientRect();
      return { x: event.clientX - box.left, y: event.clientY - box.top };
    };
    const onCanvas = (event: Event) => event.target === this.painter?.canvas;
    element.addEventListener('pointerdown', (event) => {
      if (!onCanvas(event) || event.button > 1) return;
      const at = place(event);
      this.pointers.set(event.pointerId, at);
      this.painter?.canvas.setPointerCapture(event.pointerId);
      const hit = this.pick(at.x, at.y);
      const node = hit?.kind === 'node' && this.editable ? (this.scene.index.get(hit.id) ?? -1) : -1;
      this.gesture = { start: at, last: at, node, moved: false, additive: event.shiftKey };
    }, options);
    element.addEventListener('pointermove', (event) => this.onMove(event, place(event), onCanvas(event)), options);
    const end = (event: PointerEvent) => this.onUp(event, place(event));
    element.addEventListener('pointerup', end, options);
    element.addEventListener('pointercancel', end, options);
    element.addEventListener('pointerleave', () => this.setHover(null, 0, 0), options);
    element.addEventListener('dblclick', (event) => {
      const at = place(event);
      const hit = onCanvas(event) ? this.pick(at.x, at.y) : null;
      if (hit?.kind === 'node') this.emit('open', hit.id);
    }, options);
    element.addEventListener('wheel', (event) => {
      if (!onCanvas(event)) return;
      event.preventDefault();
      const step = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * 16 : event.deltaY;
      this.zoomTo(place(event), this.camera.zoom * Math.exp(-step * (event.ctrlKey ? 0.01 : 0.0016)));
    }, { ...options, passive: false });
  }

  private onMove(event: PointerEvent, at: Point, inside: boolean): void {
    const { gesture } = this;
    if (!gesture || !this.pointers.has(event.pointerId)) {
      if (inside) this.setHover(this.pick(at.x, at.y), at.x, at.y);
      return;
    }
    if (this.pointers.size === 2) {
      this.pinch(event.pointerId, at);
      return;
    }
    this.pointers.set(event.pointerId, at);
    if (!gesture.moved && Math.hypot(at.x - gesture.start.x, at.y - gesture.start.y) < DRAG_FROM) return;
    gesture.moved = true;
    if (gesture.node >= 0) {
      const world = toWorld(this.camera, this.size, at);
      this.moveNode(this.scene.nodes[gesture.node]?.id ?? '', world.x, world.y);
    } else this.setCamera(panBy(this.camera, at.x - gesture.last.x, at.y - gesture.last.y));
    gesture.last = at;
  }

  private pinch(pointer: number, at: Point): void {
    const before = [...this.pointers.values()];
    this.pointers.set(pointer, at);
    const after = [...this.pointers.values()];
    const spread = (points: Point[]) => Math.hypot((points[0]?.x ?? 0) - (points[1]?.x ?? 0), (points[0]?.y ?? 0) - (points[1]?.y ?? 0)) || 1;
    const middle = { x: ((after[0]?.x ?? 0) + (after[1]?.x ?? 0)) / 2, y: ((after[0]?.y ?? 0) + (after[1]?.y ?? 0)) / 2 };
    if (this.gesture) Object.assign(this.gesture, { moved: true, node: -1, last: at });
    this.zoomTo(middle, (this.camera.zoom * spread(after)) / spread(before));
  }

  private onUp(event: PointerEvent, at: Point): void {
    const { gesture } = this;
    if (!this.pointers.delete(event.pointerId) || !gesture || this.pointers.size > 0) return;
    this.gesture = null;
    if (!gesture.moved) this.emit('select', this.pick(at.x, at.y));
    else if (gesture.node >= 0) {
      const id = this.scene.nodes[gesture.node]?.id ?? '';
      this.emit('drag', id, this.scene.x[gesture.node] ?? 0, this.scene.y[gesture.node] ?? 0);
    }
    const { waiting } = this;
    this.waiting = null;
    if (waiting) this.setGraph(waiting);
  }

  private setHover(hit: Pick, x: number, y: number): void {
    const same = hit?.id === this.hovered?.id;
    if (!same) {
      this.hovered = hit;
      if (this.painter) this.painter.canvas.style.cursor = hit ? 'pointer' : 'grab';
      this.refreshFlags();
    }
    if (!same || hit) this.emit('hover', hit, x, y);
  }
}

function makePainter(): Painter {
  try {
    return new WebglPainter(document.createElement('canvas'));
  } catch {
    // A canvas that was asked for WebGL gives no 2D context: take a new one.
    return new Canvas2dPainter(document.createElement('canvas'));
  }
}

function planLabels(scene: Scene): LabelPlan {
  const ladder = zoomLadder(scene.referenceZoom * 0.06, scene.referenceZoom * 8, scene.nodes.length > 3000 ? 14 : LADDER_STEPS);
  const leaf = (shape: string) => shape === 'host' || shape === 'phone' || shape === 'unknown' || shape === 'segment';
  const boxes = scene.nodes.map((node, at) => ({ x: node.x, y: node.y, width: node.label.length * LETTER + LABEL_AIR, height: LABEL_HEIGHT + LABEL_AIR / 2, offset: (scene.radius[at] ?? 10) * 0.8, weight: node.degree + (leaf(node.shape) ? 0 : 1000) }));
  // From far the backbone has names and the leaves have none: the picture stays calm.
  const nodeZoom = labelZooms(boxes, ladder).map((zoom, at) => {
    const node = scene.nodes[at];
    if (!node || scene.nodes.length < FEW) return zoom;
    return Math.max(zoom, scene.referenceZoom * (leaf(node.shape) ? 0.7 : node.degree > 5 ? 0 : 0.3));
  });
  // Interface names need the room of both of them beside the two nodes.
  const linkZoom = Float32Array.from(scene.links, (link, at) => {
    const a = scene.from[at] ?? 0;
    const b = scene.to[at] ?? 0;
    const length = Math.hypot((scene.x[a] ?? 0) - (scene.x[b] ?? 0), (scene.y[a] ?? 0) - (scene.y[b] ?? 0));
    return length === 0 ? Infinity : Math.max(scene.referenceZoom * 1.5, ((link.labelA.length + link.labelB.length) * LETTER + 70) / length);
  });
  return { nodeZoom, linkZoom };
}
