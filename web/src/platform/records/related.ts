/** Which models refer to one, and by which field. Pure. */
import type { Model } from '~/api/types';

export interface Related {
  model: Model;
  field: string;
  /** The filter that finds those of a record. */
  filter: (id: string) => Record<string, string>;
  /** Two fields of a model may refer to the same one. */
  label: string;
}

/** Models with a reference to this one that can be listed by it, parts of it first. */
export function relatedTo(model: Model, models: readonly Model[], may: (permission: string) => boolean): Related[] {
  const found: Related[] = [];
  for (const other of models) {
    if (!other.operations.includes('list') || !may(`${other.permission}:read`)) continue;
    const fields = other.fields.filter((field) => field.reference?.model === model.name || (field.references ?? []).some((target) => target.model === model.name));
    for (const field of fields) {
      const generic = field.type === 'generic_reference';
      const name = generic ? `${field.name}_id` : field.name;
      if (!other.filters.includes(name) && !other.filters.includes(field.name)) continue;
      found.push({ model: other, field: field.name, filter: (id) => ({ [name]: id }), label: fields.length > 1 || other.name === model.name ? `${other.title_plural} (${field.label.toLowerCase()})` : other.title_plural });
    }
  }
  return found;
}
