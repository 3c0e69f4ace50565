/** One change for many records: what is sent for each, and whose errors are whose. Pure. */
import type { Problem } from '~/api/client';
import type { Field, Model, Row } from '~/api/types';
import { valueOf } from './custom';
import { editableTogether, fieldProblem, inputOf, isList, placeErrors, put, toApi, type FieldErrors, type FormValue } from './fields';

/** Lists are replaced, or get something, or lose something. */
export type Mode = 'set' | 'add' | 'remove';

export interface Setting {
  field: Field;
  mode: Mode;
  value: FormValue;
}

/** Most records the server changes together. */
export const MOST_ROWS = 1000;

/** Fields that can sensibly be the same for many. */
export function bulkFields(model: Model): Field[] {
  return editableTogether(model).filter((field) => !field.unique && !field.immutable && field.type !== 'secret' && field.format !== 'slug' && !(field.name === model.display && field.required));
}

export function startOf(field: Field): Setting {
  return { field, mode: isList(field) ? 'add' : 'set', value: isList(field) ? [] : field.type === 'boolean' ? false : '' };
}

/** What cannot be sent, by field. */
export function settingProblems(settings: readonly Setting[]): FieldErrors {
  const errors: FieldErrors = {};
  for (const { field, mode, value } of settings) {
    const problem = mode === 'set' ? fieldProblem(field, value, false) : Array.isArray(value) && value.length === 0 ? 'Nothing is chosen.' : fieldProblem({ ...field, required: false }, value, false);
    if (problem) errors[field.name] = problem;
  }
  return errors;
}

function wanted(setting: Setting, before: FormValue): FormValue {
  const { mode, value } = setting;
  if (!Array.isArray(value) || !Array.isArray(before)) return value;
  if (mode === 'add') return [...before, ...value.filter((each) => !before.includes(each))];
  if (mode === 'remove') return before.filter((each) => !value.includes(each));
  return value;
}

/** The order of a list says nothing where it holds references or choices. */
const key = (value: FormValue) => JSON.stringify(Array.isArray(value) ? [...value].sort() : typeof value === 'string' ? value.trim() : value);

export interface Operation {
  op: 'update';
  id: string;
  version: number | undefined;
  data: Record<string, unknown>;
}

/** The operations for the records that would differ afterwards. */
export function operationsFor(rows: readonly Row[], settings: readonly Setting[]): Operation[] {
  return rows.flatMap((row): Operation[] => {
    const data: Record<string, unknown> = {};
    for (const setting of settings) {
      const before = inputOf(setting.field, valueOf(row, setting.field));
      const after = wanted(setting, before);
      if (key(before) !== key(after)) put(data, setting.field, toApi(setting.field, after));
    }
    return Object.keys(data).length === 0 ? [] : [{ op: 'update', id: row.id, version: row.version, data }];
  });
}

export interface RowErrors {
  id: string;
  fields: FieldErrors;
  rest: string[];
}

/** The errors of a refused batch by record: `/operations/3/data/name` is the fourth one's name. */
export function errorsByRow(model: Model, operations: readonly Operation[], errors: NonNullable<Problem['errors']>): { rows: RowErrors[]; rest: string[] } {
  const byPlace = new Map<number, NonNullable<Problem['errors']>>();
  const rest: string[] = [];
  for (const error of errors) {
    const match = /^\/operations\/(\d+)(?:\/data)?(.*)$/.exec(error.pointer ?? '');
    const place = Number(match?.[1]);
    if (!match || operations[place] === undefined) rest.push(error.message);
    else byPlace.set(place, [...(byPlace.get(place) ?? []), { ...error, pointer: match[2] }]);
  }
  return { rows: [...byPlace].sort(([a], [b]) => a - b).map(([place, own]) => ({ id: operations[place]?.id ?? '', ...placeErrors(model, own) })), rest };
}
