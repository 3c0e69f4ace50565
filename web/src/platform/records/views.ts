/** Views of a list kept under a name: records of table configurations, and what the URL says of them. Pure. */
import type { Me, Model, Row } from '~/api/types';
import { list, type Raw } from '~/lib/urlstate';
import { defaultColumns } from './fields';
import { filterKey, parseFilters } from './filters';

/** A record of `/api/v1/platform/table-configs`. */
export interface SavedView extends Row {
  name: string;
  description: string | null;
  user: { id: string; display: string } | null;
  shared: boolean;
  enabled: boolean;
  weight: number;
  columns: string[];
  ordering: string[] | null;
  parameters: Record<string, string> | null;
  page_size: number | null;
  is_default: boolean;
}

/** A record of `/api/v1/platform/saved-filters`. */
export interface SavedFilter extends Row {
  name: string;
  user: { id: string; display: string } | null;
  shared: boolean;
  enabled: boolean;
  parameters: Record<string, unknown>;
}

export const VIEWS = '/api/v1/platform/table-configs';
export const FILTERS = '/api/v1/platform/saved-filters';

/** `saved` of a list that is to be shown as it is, whatever its default. */
export const PLAIN = 'all';

/** Rows asked for at a time. */
export const SIZES = ['50', '100', '250', '500'] as const;

/** Keys of the URL that belong to a view, beside its filters. */
const OWN = ['q', 'sort', 'cols', 'rows'] as const;

/** What the URL says of the view of a list, and nothing else. */
export function viewParams(model: Model, raw: Raw): Record<string, string> {
  const kept = OWN.flatMap((key): [string, string][] => (raw[key] === undefined ? [] : [[key, raw[key]]]));
  return { ...Object.fromEntries(kept), ...Object.fromEntries(parseFilters(model, raw).map((filter) => [filterKey(filter), filter.value])) };
}

/** The URL of a view. */
export function paramsOf(model: Model, view: SavedView): Record<string, string> {
  const known = new Set(model.fields.map((field) => field.name));
  const columns = list().format(view.columns.filter((name) => known.has(name)));
  const order = view.ordering?.find((key) => model.sortable.includes(key.replace(/^-/, '')));
  const size = SIZES.find((each) => each === String(view.page_size));
  return viewParams(model, { ...view.parameters, ...(columns === undefined ? {} : { cols: columns }), ...(order === undefined ? {} : { sort: order }), ...(size === undefined || size === '100' ? {} : { rows: size }) });
}

/** What a view keeps of a list as it is. */
export function viewBody(model: Model, raw: Raw, columns: readonly string[]) {
  const { cols: _cols, sort, rows, ...parameters } = viewParams(model, raw);
  return {
    object_type: model.name,
    table: model.collection,
    columns: columns.length > 0 ? [...columns] : defaultColumns(model),
    ordering: sort === undefined ? [] : [sort],
    parameters,
    page_size: rows === undefined ? 100 : Number(rows),
  };
}

/** Whether a list still is as the view has it. */
export function isAsKept(model: Model, view: SavedView, raw: Raw): boolean {
  const sorted = (params: Record<string, string>) => JSON.stringify(Object.entries(params).sort(([a], [b]) => a.localeCompare(b)));
  return sorted(viewParams(model, raw)) === sorted(paramsOf(model, view));
}

/** Whose views one sees: one's own, and what others share. */
export function mayUse(me: Me, each: { shared: boolean; enabled: boolean; user: { id: string } | null }): boolean {
  return each.enabled && (each.shared || each.user?.id === me.user.id);
}

/** The view a list opens with: an own one before a shared one, then by weight. */
export function defaultView(me: Me, views: readonly SavedView[]): SavedView | null {
  const [first] = views
    .filter((view) => view.is_default && mayUse(me, view))
    .sort((a, b) => Number(a.shared) - Number(b.shared) || a.weight - b.weight || a.name.localeCompare(b.name));
  return first ?? null;
}

/** A saved filter as parameters of this list: one value is compared, several are a choice of them. */
export function paramsOfFilter(model: Model, filter: SavedFilter): Record<string, string> {
  const given = Object.entries(filter.parameters).flatMap(([key, value]): [string, string][] => {
    const values = (Array.isArray(value) ? value : [value]).filter((each) => each !== null && each !== undefined && each !== '').map(String);
    if (values.length === 0) return [];
    return [values.length === 1 || key.includes('__') ? [key, values.join(',')] : [`${key}__in`, values.join(',')]];
  });
  return viewParams(model, Object.fromEntries(given));
}
