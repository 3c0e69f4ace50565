/** Which columns a list shows, and in which order: the URL first, then this browser's habit, then the model's own. */
import type { Field, Model } from '~/api/types';
import { createStoredStore } from '~/lib/store';
import { defaultColumns } from './fields';

export type Habits = Readonly<Record<string, readonly string[]>>;

const isHabits = (value: unknown): value is Habits => typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every((each) => Array.isArray(each) && each.every((name) => typeof name === 'string'));

/** Columns by model, kept in this browser. */
export const columnHabits = createStoredStore<Habits>('portolan.columns', {}, isHabits);

export function offeredColumns(model: Model): Field[] {
  return model.fields.filter((field) => !field.write_only && field.type !== 'custom' && field.custom?.visible !== 'hidden');
}

/** Names of fields that no longer exist are passed over; with none left the model decides. */
export function shownColumns(model: Model, url: readonly string[], habits: Habits): string[] {
  const known = new Set(offeredColumns(model).map((field) => field.name));
  for (const wanted of [url, habits[model.name] ?? []]) {
    const there = [...new Set(wanted)].filter((name) => known.has(name));
    if (there.length > 0) return there;
  }
  return defaultColumns(model);
}

/** Remembers, or forgets with an empty list. */
export function remember(habits: Habits, model: string, columns: readonly string[]): Habits {
  const { [model]: _before, ...others } = habits;
  return columns.length === 0 ? others : { ...others, [model]: columns };
}

/** The list with one item moved by some places, held inside. */
export function moved(columns: readonly string[], name: string, by: number): string[] {
  const from = columns.indexOf(name);
  if (from < 0) return [...columns];
  const rest = columns.filter((each) => each !== name);
  rest.splice(Math.max(0, Math.min(rest.length, from + by)), 0, name);
  return rest;
}
