/** The filters in the heads of columns: one text or one choice for each. Pure. */
import type { Field, Model } from '~/api/types';
import { filterName, operatorsOf, type Filter, type Op } from './filters';

/** How a column is filtered in its head. */
export type Quick =
  | { kind: 'choice'; field: string; choices: { value: string; label: string }[] }
  | { kind: 'text'; field: string; ops: readonly Op[]; hint: string };

const YES_NO = [{ value: 'true', label: 'Yes' }, { value: 'false', label: 'No' }];

/** What stands before a number or a date: the longest first. */
const SIGNS: readonly [sign: string, op: Op][] = [['>=', 'gte'], ['<=', 'lte'], ['>', 'gt'], ['<', 'lt'], ['=', 'eq']];

/** The filter of a column, when it has one that fits into a head. */
export function quickOf(model: Model, field: Field, models: readonly Model[]): Quick | null {
  const name = filterName(field);
  if (field.custom ? field.custom.visible === 'hidden' : !model.filters.includes(field.name)) return null;
  const ops = operatorsOf(model, field);
  if (field.type === 'boolean') return { kind: 'choice', field: name, choices: YES_NO };
  if (field.type === 'choice' && ops.includes('eq')) return { kind: 'choice', field: name, choices: (field.choices ?? []).map(({ value, label }) => ({ value, label })) };
  if (!field.custom && (field.type === 'reference' || field.type === 'multi_reference' || field.type === 'tags')) {
    // By the name of what it leads to: an id is nothing one types.
    const target = models.find((each) => each.name === field.reference?.model);
    const named = target?.fields.find((each) => each.name === target.display);
    if (!target || named?.type !== 'text' || !target.filters.includes(named.name)) return null;
    return { kind: 'text', field: `${name}.${named.name}`, ops: ['contains'], hint: 'contains' };
  }
  if (ops.includes('gte') && (field.type === 'integer' || field.type === 'decimal' || field.type === 'date')) return { kind: 'text', field: name, ops: ['eq', 'gte', 'lte', 'gt', 'lt'], hint: field.type === 'date' ? '>2026-12-31' : '>10' };
  const usable = (['contains', 'within', 'eq'] as const).filter((op) => ops.includes(op));
  if (usable.length === 0 || field.type === 'datetime' || field.type === 'json' || field.custom?.kind === 'object' || field.custom?.kind === 'multiobject') return null;
  return { kind: 'text', field: name, ops: usable, hint: usable.includes('contains') ? 'contains' : usable.includes('within') ? '10.0.0.0/8' : 'all of it' };
}

/** What is typed into a head, as a filter; null for nothing. */
export function quickFilter(quick: Quick, typed: string): Filter | null {
  const text = typed.trim();
  if (text === '') return null;
  if (quick.kind === 'choice') return { field: quick.field, op: 'eq', value: text };
  for (const [sign, op] of SIGNS) {
    if (!text.startsWith(sign) || !quick.ops.includes(op)) continue;
    const value = text.slice(sign.length).trim();
    return value === '' ? null : { field: quick.field, op, value };
  }
  const op = quick.ops.includes('within') && text.includes('/') ? 'within' : (quick.ops.find((each) => each !== 'within') ?? 'within');
  return { field: quick.field, op, value: text };
}

/** What a head shows for the filters of a list; empty when none of them is one it could have made. */
export function quickText(quick: Quick, filters: readonly Filter[]): string {
  const own = filters.filter((filter) => filter.field === quick.field);
  const [only] = own;
  if (own.length !== 1 || !only) return '';
  if (quick.kind === 'choice') return only.op === 'eq' ? only.value : '';
  const plain = quickFilter(quick, only.value);
  if (plain?.op === only.op && plain.value === only.value) return only.value;
  const sign = SIGNS.find(([, op]) => op === only.op)?.[0];
  return sign !== undefined && quick.ops.includes(only.op) ? `${sign}${only.value}` : '';
}

/** The filters of a list with what a head says in place of all it had for the same field. */
export function withQuick(filters: readonly Filter[], quick: Quick, typed: string): Filter[] {
  const next = quickFilter(quick, typed);
  const others = filters.filter((filter) => filter.field !== quick.field);
  return next === null ? others : [...others, next];
}
