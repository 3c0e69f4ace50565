import { useCallback, useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import type { Cam } from '~/lib/urlstate';
import { inDirection, type Direction } from '~/graph/geometry';
import { createGraphView } from '~/graph/engine';
import type { GraphFrame, GraphView, Pick } from '~/graph/view';
import { useStore } from '~/lib/store';
import { onSystemThemeChange, themeStore } from '~/theme';
import css from './map.module.css';

export interface GraphCanvasProps {
  frame: GraphFrame;
  selected: string;
  /** Ids to keep bright; null for all. */
  highlighted: string[] | null;
  camera: Cam | null;
  editable: boolean;
  onSelect: (hit: Pick) => void;
  onOpen: (id: string) => void;
  onPin: (id: string, x: number, y: number) => void;
  onCamera: (camera: Cam | null) => void;
  onReady: (view: GraphView) => void;
  /** What to show beside the pointer. */
  hint: (hit: Pick) => ReactNode;
  /** What a screen reader hears of a selection. */
  describe: (id: string) => string;
}

const ARROWS: Record<string, Direction> = { ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down' };
const STEP: Record<Direction, [number, number]> = { left: [-1, 0], right: [1, 0], up: [0, -1], down: [0, 1] };

/** A node with its neighbours, or the two ends of a link. */
function around(frame: GraphFrame, id: string): string[] {
  const link = frame.links.find((each) => each.id === id);
  if (link) return [link.a, link.b];
  return [id, ...frame.links.flatMap((each) => (each.a === id ? [each.b] : each.b === id ? [each.a] : []))];
}

/** The picture, with pointer and keyboard. Everything it knows comes in, everything it does goes out. */
export function GraphCanvas(props: GraphCanvasProps) {
  const holder = useRef<HTMLDivElement>(null);
  const view = useRef<GraphView | null>(null);
  const latest = useRef(props);
  const [hover, setHover] = useState<{ hit: Pick; x: number; y: number } | null>(null);
  const [moving, setMoving] = useState<{ id: string; x: number; y: number; startX: number; startY: number } | null>(null);
  const placed = useRef(false);
  const theme = useStore(themeStore);

  useEffect(() => {
    latest.current = props;
  });

  useEffect(() => {
    const element = holder.current;
    if (!element) return;
    const graph = createGraphView();
    view.current = graph;
    graph.mount(element, { editable: latest.current.editable });
    graph.on('hover', (hit, x, y) => setHover(hit ? { hit, x, y } : null));
    graph.on('select', (hit) => latest.current.onSelect(hit));
    graph.on('open', (id) => latest.current.onOpen(id));
    graph.on('drag', (id, x, y) => latest.current.onPin(id, x, y));
    graph.on('camera', (camera, whole) => latest.current.onCamera(whole ? null : camera));
    if (latest.current.camera) graph.setCamera(latest.current.camera);
    latest.current.onReady(graph);
    return () => {
      view.current = null;
      graph.destroy();
    };
  }, []);

  useEffect(() => {
    const graph = view.current;
    if (!graph) return;
    graph.setGraph(props.frame);
    const { selected: wanted, camera } = latest.current;
    if (placed.current || props.frame.nodes.length === 0) return;
    placed.current = true;
    // Opened by a link to one thing, without a camera of its own: show that and what is around it.
    if (camera === null && wanted !== '') graph.fit(around(props.frame, wanted));
  }, [props.frame]);
  useEffect(() => view.current?.select(props.selected === '' ? [] : [props.selected]), [props.selected, props.frame]);
  useEffect(() => view.current?.highlight(props.highlighted), [props.highlighted, props.frame]);
  useEffect(() => {
    // The attribute that carries the colours is set in an effect of the root: read it after.
    const read = () => requestAnimationFrame(() => view.current?.refreshTheme());
    read();
    return onSystemThemeChange(read);
  }, [theme]);

  const { frame, selected } = props;
  const place = useCallback((id: string) => frame.nodes.find((node) => node.id === id), [frame]);

  /** The node an arrow leads to: a neighbour if one lies that way, else any node. */
  const step = (direction: Direction): string | null => {
    const from = place(selected);
    if (!from) {
      const top = [...frame.nodes].sort((a, b) => b.degree - a.degree)[0];
      return top?.id ?? null;
    }
    const near = new Set(frame.links.flatMap((link) => (link.a === from.id ? [link.b] : link.b === from.id ? [link.a] : [])));
    const neighbours = frame.nodes.filter((node) => near.has(node.id));
    const others = frame.nodes.filter((node) => node.id !== from.id);
    const hit = neighbours[inDirection(from, neighbours, direction)] ?? others[inDirection(from, others, direction)];
    return hit?.id ?? null;
  };

  const nextLink = (): string | null => {
    const current = frame.links.find((link) => link.id === selected);
    const node = current ? current.a : selected;
    const mine = frame.links.filter((link) => link.a === node || link.b === node);
    return mine[(mine.findIndex((link) => link.id === selected) + 1) % Math.max(1, mine.length)]?.id ?? null;
  };

  const reveal = (id: string) => {
    const graph = view.current;
    const node = place(id);
    const element = holder.current;
    if (!graph || !node || !element) return;
    const camera = graph.getCamera();
    const x = (node.x - camera.x) * camera.zoom + element.clientWidth / 2;
    const y = (node.y - camera.y) * camera.zoom + element.clientHeight / 2;
    if (x < 60 || y < 60 || x > element.clientWidth - 60 || y > element.clientHeight - 60) graph.setCamera({ ...camera, x: node.x, y: node.y });
  };

  const onMoveKey = (event: KeyboardEvent, current: NonNullable<typeof moving>): boolean => {
    const graph = view.current;
    if (!graph) return false;
    const direction = ARROWS[event.key];
    if (direction) {
      const [dx, dy] = STEP[direction];
      const distance = (event.shiftKey ? 40 : 8) / graph.getCamera().zoom;
      const next = { ...current, x: current.x + dx * distance, y: current.y + dy * distance };
      graph.moveNode(current.id, next.x, next.y);
      setMoving(next);
      return true;
    }
    if (event.key === 'Enter') {
      props.onPin(current.id, current.x, current.y);
      setMoving(null);
      return true;
    }
    if (event.key === 'Escape') {
      graph.moveNode(current.id, current.startX, current.startY);
      setMoving(null);
      return true;
    }
    return false;
  };

  const onKey = (event: KeyboardEvent<HTMLDivElement>) => {
    const graph = view.current;
    if (!graph || event.ctrlKey || event.metaKey || event.altKey) return;
    if (moving) {
      if (onMoveKey(event, moving)) event.preventDefault();
      return;
    }
    const direction = ARROWS[event.key];
    const select = (id: string | null, kind: 'node' | 'link') => {
      if (id === null) return;
      props.onSelect({ kind, id });
      if (kind === 'node') reveal(id);
    };
    if (direction) select(step(direction), 'node');
    else if (event.key === 'Enter' && place(selected)) props.onOpen(selected);
    else if (event.key === '+' || event.key === '=') graph.zoomBy(1.3);
    else if (event.key === '-') graph.zoomBy(1 / 1.3);
    else if (event.key === '0') graph.fit();
    else if (event.key === 'f' && place(selected)) graph.fit(around(frame, selected));
    else if (event.key === 'l') select(nextLink(), 'link');
    else if (event.key === 'm' && props.editable) {
      const node = place(selected);
      if (node) setMoving({ id: node.id, x: node.x, y: node.y, startX: node.x, startY: node.y });
    } else if (event.key === 'Escape') props.onSelect(null);
    else return;
    event.preventDefault();
  };

  return (
    <>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/no-noninteractive-tabindex -- an application region: it takes keys itself */}
      <div ref={holder} className={css.canvas} role="application" aria-label="Network map" aria-describedby="map-keys" tabIndex={0} onKeyDown={onKey} data-testid="map-canvas" />
      <p id="map-keys" className="visually-hidden">
        Arrow keys go to the nearest neighbour in that direction. Enter opens the device. L steps through its links. M moves the node. Plus, minus and zero zoom. The table view lists the same nodes and links.
      </p>
      <p className="visually-hidden" aria-live="polite">
        {selected === '' ? '' : props.describe(selected)}
      </p>
      {moving && (
        <div className={css.moving} role="status">
          Arrows move {place(moving.id)?.label}, Enter pins it there, Esc puts it back
        </div>
      )}
      {hover && (
        <div className={css.hint} style={{ left: hover.x, top: hover.y }} aria-hidden="true">
          {props.hint(hover.hit)}
        </div>
      )}
    </>
  );
}
