/** Widgets on a grid of twelve columns: where they stand, and what gives way when one moves. Pure. */
import type { Model } from '~/api/types';
import { lower } from '~/lib/format';

export const COLUMNS = 12;
export const HIGHEST = 40;
export const LOWEST = 1000;
export const MOST = 60;

export const KINDS = ['counts', 'records', 'note', 'changes', 'drift', 'map', 'prefixes', 'rack', 'jobs', 'bookmarks', 'chart'] as const;
export type Kind = (typeof KINDS)[number];

export interface Place {
  x: number;
  y: number;
  w: number;
  h: number;
}

export interface Widget extends Place {
  id: string;
  kind: Kind;
  title: string;
  config: Record<string, unknown>;
}

export const KIND_WORDS: Record<Kind, { title: string; what: string; size: [w: number, h: number] }> = {
  counts: { title: 'Counts', what: 'How many there are of some kinds of records', size: [4, 3] },
  records: { title: 'List', what: 'Records of one kind, by a saved view or by filters', size: [6, 5] },
  chart: { title: 'Chart', what: 'Records of one kind by a choice or by what they belong to', size: [4, 4] },
  note: { title: 'Note', what: 'A text', size: [4, 3] },
  changes: { title: 'What changed', what: 'The newest entries of the audit log', size: [4, 5] },
  drift: { title: 'Drift', what: 'How far the network is from what should be', size: [4, 3] },
  map: { title: 'Map', what: 'The network at a glance', size: [4, 5] },
  prefixes: { title: 'Fullest prefixes', what: 'Where addresses run out first', size: [4, 4] },
  rack: { title: 'Rack', what: 'The drawing of a rack', size: [3, 8] },
  jobs: { title: 'Jobs', what: 'What the server does and did', size: [4, 4] },
  bookmarks: { title: 'Bookmarks', what: 'Your own', size: [3, 4] },
};

const clamp = (value: number, least: number, most: number) => Math.max(least, Math.min(most, value));
const whole = (value: unknown, fallback: number) => (typeof value === 'number' && Number.isInteger(value) ? value : fallback);

/** What a widget without a title of its own is called, by what it shows. */
export function titleOf({ title, kind, config }: Pick<Widget, 'title' | 'kind' | 'config'>, models: readonly Model[]): string {
  if (title !== '') return title;
  const model = models.find((each) => each.name === config.model);
  if (!model || (kind !== 'records' && kind !== 'chart')) return KIND_WORDS[kind].title;
  const field = kind === 'chart' ? model.fields.find((each) => each.name === config.field) : undefined;
  return field ? `${model.title_plural} by ${lower(field.label)}` : model.title_plural;
}

/** Inside the grid, whatever is asked for. */
export function held<T extends Place>(widget: T): T {
  const w = clamp(widget.w, 1, COLUMNS);
  return { ...widget, w, h: clamp(widget.h, 1, HIGHEST), x: clamp(widget.x, 0, COLUMNS - w), y: clamp(widget.y, 0, LOWEST) };
}

/** The widgets of a layout; what this page cannot draw is left out. */
export function parseLayout(layout: unknown): Widget[] {
  const list = typeof layout === 'object' && layout !== null && 'widgets' in layout && Array.isArray(layout.widgets) ? (layout.widgets as unknown[]) : [];
  return list.slice(0, MOST).flatMap((each, at): Widget[] => {
    if (typeof each !== 'object' || each === null) return [];
    const { id, kind, title, x, y, w, h, config } = each as Record<string, unknown>;
    const known = KINDS.find((name) => name === kind);
    if (!known) return [];
    const [width, height] = KIND_WORDS[known].size;
    return [held({ id: typeof id === 'string' && id !== '' ? id : `w${at}`, kind: known, title: typeof title === 'string' ? title : '', x: whole(x, 0), y: whole(y, 0), w: whole(w, width), h: whole(h, height), config: typeof config === 'object' && config !== null && !Array.isArray(config) ? (config as Record<string, unknown>) : {} })];
  });
}

const meet = (a: Place, b: Place) => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

/**
 * Nothing overlaps, and nothing hangs in the air: from top to bottom each one goes down until it is free,
 * then up as far as it can. `first` goes before others that begin in the same row.
 */
export function settle(widgets: readonly Widget[], first?: string): Widget[] {
  const order = [...widgets].sort((a, b) => a.y - b.y || Number(b.id === first) - Number(a.id === first) || a.x - b.x);
  const placed: Widget[] = [];
  for (const widget of order) {
    const free = (y: number) => placed.every((other) => !meet({ ...widget, y }, other));
    let { y } = widget;
    while (!free(y)) y += 1;
    while (y > 0 && free(y - 1)) y -= 1;
    placed.push({ ...widget, y });
  }
  return widgets.map((widget) => placed.find((each) => each.id === widget.id) ?? widget);
}

/** The layout with one widget elsewhere or of another size; the others give way. */
export function arranged(widgets: readonly Widget[], id: string, place: Partial<Place>): Widget[] {
  return settle(widgets.map((widget) => (widget.id === id ? held({ ...widget, ...place }) : widget)), id);
}

const placeOf = (widgets: readonly Widget[], id: string) => widgets.find((widget) => widget.id === id);

/** One step by keyboard: to the next place where something changes, or as it was at an edge. */
export function nudged(widgets: readonly Widget[], id: string, [dx, dy]: readonly [number, number]): Widget[] {
  const from = placeOf(widgets, id);
  if (!from) return [...widgets];
  for (let step = 1; step <= HIGHEST; step += 1) {
    const next = arranged(widgets, id, { x: from.x + dx * step, y: from.y + dy * step });
    const to = placeOf(next, id);
    if (to && (to.x !== from.x || to.y !== from.y)) return next;
    if (from.y + dy * step < 0) break;
  }
  return [...widgets];
}

export function resized(widgets: readonly Widget[], id: string, [dw, dh]: readonly [number, number]): Widget[] {
  const from = placeOf(widgets, id);
  // What stands at the right edge does not move to the left to grow.
  return from ? arranged(widgets, id, { w: clamp(from.w + dw, 1, COLUMNS - from.x), h: from.h + dh }) : [...widgets];
}

/** Below everything else, at the left. */
export function added(widgets: readonly Widget[], kind: Kind, config: Record<string, unknown>, title: string, id: string): Widget[] {
  const [w, h] = KIND_WORDS[kind].size;
  const bottom = Math.max(0, ...widgets.map((widget) => widget.y + widget.h));
  return settle([...widgets, { id, kind, title, config, x: 0, y: Math.min(bottom, LOWEST), w, h }]);
}

/** In reading order, as they are told and as they stand on a narrow page. */
export function inOrder(widgets: readonly Widget[]): Widget[] {
  return [...widgets].sort((a, b) => a.y - b.y || a.x - b.x);
}
