/** What a type is made of: kinds of templates, and how they are taken over from another type. Pure. */
import type { Field, Model, Row } from '~/api/types';
import { formFields } from '~/platform/records/fields';

/** Kinds in an order in which each refers to those before it. */
const ORDER = ['interface', 'rear_port', 'front_port', 'console_port', 'console_server_port', 'power_port', 'power_outlet', 'cooling_intake', 'cooling_outflow', 'module_bay', 'device_bay', 'inventory_item'];

export const MAPPING = 'inventory.port_template_mapping';

/** The short name of a kind: `interface` of `inventory.interface_template`. */
export const kindOf = (model: Pick<Model, 'name'>) => model.name.replace(/^inventory\./, '').replace(/_template$/, '');

/** Templates that a type of devices may have. */
export function templateModels(models: readonly Model[]): Model[] {
  const of = (model: Model) => ORDER.indexOf(kindOf(model));
  return models.filter((model) => model.name.endsWith('_template') && of(model) >= 0 && model.fields.some((field) => field.name === 'device_type')).sort((a, b) => of(a) - of(b));
}

/** `Interface templates` of a type are its interfaces. */
export const titleOf = (model: Model) => {
  const plain = model.title_plural.replace(/ templates$/i, '');
  return plain.endsWith('s') ? plain : `${plain}s`;
};

/** Fields that are asked for and edited: not what it is a part of. */
export function ownFields(model: Model): Field[] {
  return formFields(model, false).filter((field) => field.name !== 'device_type' && field.name !== 'module_type' && !field.custom);
}

/** How a field is edited in a table: what needs more room has its form. */
export function cellOf(field: Field, kinds: ReadonlySet<string>): 'text' | 'flag' | 'choice' | 'sibling' | 'read' {
  switch (field.type) {
    case 'boolean':
      return 'flag';
    case 'choice':
      return 'choice';
    case 'reference':
      return field.reference && kinds.has(field.reference.model) ? 'sibling' : 'read';
    case 'text':
    case 'integer':
    case 'decimal':
      return 'text';
    default:
      return 'read';
  }
}

const idIn = (value: unknown): string | null => (typeof value === 'object' && value !== null && 'id' in value ? String(value.id) : null);

/** Ids by what they are called: `model:name`. */
export type Known = Map<string, string>;
export const known = (model: string, name: unknown) => `${model}:${String(name)}`;

export interface Copied {
  /** What is created. */
  body: Record<string, unknown>;
  /** References to others of its kind, set when those are there. */
  later: Record<string, unknown>;
}

/** A template of one type as one of another: references to siblings go to those of the same name there. */
export function copied(model: Model, row: Row, type: string, names: ReadonlyMap<string, string>, ids: Known): Copied {
  const body: Record<string, unknown> = { device_type: type };
  const later: Record<string, unknown> = {};
  for (const field of ownFields(model)) {
    const value = row[field.name];
    if (value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) continue;
    const id = idIn(value);
    if (field.type === 'generic_reference') {
      const target = (value as { type?: string }).type ?? '';
      const there = ids.get(known(target, names.get(id ?? '')));
      if (there) body[field.name] = { type: target, id: there };
    } else if (id !== null && names.has(id)) {
      const target = field.reference?.model ?? '';
      // Its own kind may come after it: by name, when all are there.
      if (target === model.name) later[field.name] = names.get(id);
      else {
        const there = ids.get(known(target, names.get(id)));
        if (there) body[field.name] = there;
      }
    } else body[field.name] = id ?? (Array.isArray(value) ? value.map((each: unknown) => idIn(each) ?? each) : value);
  }
  return { body, later };
}
