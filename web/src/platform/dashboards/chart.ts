/** What a chart of records counts. Pure. */
import type { Field, Model } from '~/api/types';

export interface Bar {
  value: string;
  label: string;
  count: number;
}

/** Bars of a chart; what is smaller is told as one. */
export const BARS = 12;
/** Records of another kind that are counted by. */
export const GROUPS = 40;

/** Fields a chart may go by: choices, and what records belong to. */
export function chartFields(model: Model): Field[] {
  return model.fields.filter((field) => model.filters.includes(field.name) && ((field.type === 'choice' && (field.choices?.length ?? 0) > 0) || field.type === 'boolean' || field.type === 'reference'));
}

/** Largest first; without the empty ones, and the many small ones together. */
export function barsOf(counted: readonly Bar[], total: number): Bar[] {
  const sorted = counted.filter((bar) => bar.count > 0).sort((a, b) => b.count - a.count || a.label.localeCompare(b.label));
  const shown = sorted.slice(0, BARS);
  const rest = total - shown.reduce((sum, bar) => sum + bar.count, 0);
  return rest > 0 ? [...shown, { value: '', label: 'others, or none', count: rest }] : shown;
}
