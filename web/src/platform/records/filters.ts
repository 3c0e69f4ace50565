/** Filters of a generated list: in the URL exactly as the API takes them, `field` or `field__op`. Pure. */
import type { Field, FieldType, Model } from '~/api/types';
import type { Raw } from '~/lib/urlstate';

export type Op = 'eq' | 'ne' | 'in' | 'lt' | 'lte' | 'gt' | 'gte' | 'contains' | 'startswith' | 'within' | 'isnull';

export const OP_WORDS: Record<Op, string> = {
  eq: 'is', ne: 'is not', in: 'is one of', lt: 'below', lte: 'at most', gt: 'above', gte: 'at least', contains: 'contains', startswith: 'starts with', within: 'lies within', isnull: 'is empty',
};

export interface Filter {
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

/** Operators offered for a field: those the server names, in our order, else the usual ones of its type. */
export function operatorsOf(model: Model, field: Field): Op[] {
  const told = model.operators?.[field.name];
  if (!told) return opsFor(field.type);
  const usual = opsFor(field.type);
  const rest = (Object.keys(OP_WORDS) as Op[]).filter((op) => !usual.includes(op));
  return [...usual, ...rest].filter((op) => told.includes(op));
}

/** Fields the server accepts filters on. */
export function filterFields(model: Model): Field[] {
  return model.fields.filter((field) => model.filters.includes(field.name));
}

export function parseFilters(model: Model, raw: Raw): Filter[] {
  const filters: Filter[] = [];
  for (const [key, value] of Object.entries(raw)) {
    const [field = '', op = 'eq'] = key.split('__');
    if (model.filters.includes(field) && op in OP_WORDS) filters.push({ field, op: op as Op, value });
  }
  return filters;
}

export function filterKey(filter: Pick<Filter, 'field' | 'op'>): string {
  return filter.op === 'eq' ? filter.field : `${filter.field}__${filter.op}`;
}

/** The words of a filter chip. */
export function describeFilter(model: Model, filter: Filter): string {
  const field = model.fields.find((each) => each.name === filter.field);
  const label = field?.label ?? filter.field;
  if (filter.op === 'isnull') return `${label} ${filter.value === 'false' ? 'is not empty' : 'is empty'}`;
  const value = filter.value.split(',').map((each) => field?.choices?.find((choice) => choice.value === each)?.label ?? each).join(', ');
  return `${label} ${OP_WORDS[filter.op]} ${value}`;
}
