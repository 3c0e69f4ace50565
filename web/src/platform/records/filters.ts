/**
 * Filters of a generated list: in the URL exactly as the API takes them, `field` or `field__op`; a custom
 * field is `cf_name`, a field of what a reference leads to `reference.field`. Pure.
 */
import type { Custom, Field, FieldType, Model } from '~/api/types';
import type { Raw } from '~/lib/urlstate';
import { hasCustom } from './custom';

export type Op = 'eq' | 'ne' | 'in' | 'lt' | 'lte' | 'gt' | 'gte' | 'contains' | 'startswith' | 'within' | 'isnull';

export const OP_WORDS: Record<Op, string> = {
  eq: 'is', ne: 'is not', in: 'is one of', lt: 'below', lte: 'at most', gt: 'above', gte: 'at least', contains: 'contains', startswith: 'starts with', within: 'lies within', isnull: 'is empty',
};

export interface Filter {
  /** What is compared, as the API names it. */
  field: string;
  op: Op;
  value: string;
}

const TEXT: Op[] = ['contains', 'eq', 'ne', 'startswith', 'isnull'];
const ORDER: Op[] = ['eq', 'gte', 'lte', 'gt', 'lt', 'isnull'];
const CHOICE: Op[] = ['eq', 'ne', 'in', 'isnull'];

/** Operators that make sense for a field; the first is the one offered. */
export function opsFor(type: FieldType): Op[] {
  switch (type) {
    case 'integer':
    case 'decimal':
    case 'datetime':
      return ORDER;
    case 'boolean':
      return ['eq'];
    case 'choice':
    case 'reference':
    case 'uuid':
    case 'ip':
    case 'mac':
    case 'prefix':
      return CHOICE;
    default:
      return TEXT;
  }
}

/** What makes sense for a custom field; the server compares all of them by all. */
function customOps(custom: Custom): Op[] {
  switch (custom.kind) {
    case 'integer':
    case 'decimal':
    case 'date':
    case 'datetime':
      return ORDER;
    case 'boolean':
      return ['eq', 'isnull'];
    case 'select':
    case 'object':
      return CHOICE;
    // A value of several holds one of them.
    case 'multiselect':
    case 'multiobject':
      return ['contains', 'isnull'];
    case 'json':
      return ['isnull'];
    default:
      return TEXT;
  }
}

/** Operators offered for a field: those the server names, in our order, else the usual ones of its type. */
export function operatorsOf(model: Model, field: Field): Op[] {
  if (field.custom) return customOps(field.custom);
  const told = model.operators?.[field.name];
  if (!told) return opsFor(field.type);
  const usual = opsFor(field.type);
  const rest = (Object.keys(OP_WORDS) as Op[]).filter((op) => !usual.includes(op));
  return [...usual, ...rest].filter((op) => told.includes(op));
}

/** What a filter on a field is called. */
export function filterName(field: Field): string {
  return field.custom ? `cf_${field.custom.name}` : field.name;
}

/** Fields the server accepts filters on, those that the tenant defined among them. */
export function filterFields(model: Model): Field[] {
  return model.fields.filter((field) => (field.custom ? field.custom.visible !== 'hidden' : model.filters.includes(field.name)));
}

/** The field a filter is on, or the reference it goes along. */
export function fieldOf(model: Model, filter: Pick<Filter, 'field'>): Field | undefined {
  const [name = ''] = filter.field.split('.');
  return model.fields.find((field) => filterName(field) === name);
}

/** Custom fields may not be known yet: a list is asked right from its first answer on. */
function isFilter(model: Model, name: string): boolean {
  if (name.startsWith('cf_')) return hasCustom(model);
  const [first = '', ...rest] = name.split('.');
  if (!model.filters.includes(first)) return false;
  return rest.length === 0 || (rest.length === 1 && rest[0] !== '' && model.fields.some((field) => field.name === first && field.reference));
}

export function parseFilters(model: Model, raw: Raw): Filter[] {
  const filters: Filter[] = [];
  for (const [key, value] of Object.entries(raw)) {
    const at = key.indexOf('__');
    const [field, op] = at < 0 ? [key, 'eq'] : [key.slice(0, at), key.slice(at + 2)];
    if (op in OP_WORDS && isFilter(model, field)) filters.push({ field, op: op as Op, value });
  }
  return filters;
}

export function filterKey(filter: Pick<Filter, 'field' | 'op'>): string {
  return filter.op === 'eq' ? filter.field : `${filter.field}__${filter.op}`;
}

/** The words of a filter chip; `named` says what ids stand for. */
export function describeFilter(model: Model, filter: Filter, named: ReadonlyMap<string, string> = new Map()): string {
  const field = fieldOf(model, filter);
  const label = field?.label ?? filter.field.replace(/^cf_/, '');
  if (filter.op === 'isnull') return `${label} ${filter.value === 'false' ? 'is not empty' : 'is empty'}`;
  const value = filter.value.split(',').map((each) => field?.choices?.find((choice) => choice.value === each)?.label ?? named.get(each) ?? each).join(', ');
  return `${label} ${OP_WORDS[filter.op]} ${value}`;
}
