/** Fields that a tenant defined itself, as fields of a model like any other. Pure. */
import type { Custom, CustomKind, Field, FieldType, Model, Row } from '~/api/types';

/** A record of `/api/v1/platform/custom-fields`. */
export interface Definition extends Row {
  name: string;
  label: string | null;
  type: CustomKind;
  choice_set: { id: string } | null;
  related_object_type: string | null;
  related_object_filter: unknown;
  group_name: string | null;
  description: string | null;
  required: boolean;
  default: unknown;
  ui_visible: Custom['visible'];
  ui_editable: Custom['editable'];
  weight: number | null;
  validation_minimum: number | string | null;
  validation_maximum: number | string | null;
  validation_regex: string | null;
}

/** A record of `/api/v1/platform/custom-field-choice-sets`. */
export interface ChoiceSet extends Row {
  extra_choices: [value: string, label: string][];
  /** A list that the server knows; its values can be chosen too. */
  base_choices?: string | null;
}

export const CUSTOM_FIELDS = '/api/v1/platform/custom-fields';
export const CHOICE_SETS = '/api/v1/platform/custom-field-choice-sets';

/** Name of a custom field among the fields of its model, as in `cols` of a list. */
export const customName = (name: string) => `custom_fields.${name}`;

const TYPES: Record<CustomKind, FieldType> = {
  text: 'text', longtext: 'long_text', integer: 'integer', decimal: 'decimal', boolean: 'choice', date: 'date', datetime: 'datetime', url: 'text', json: 'json', select: 'choice', multiselect: 'multi_choice', object: 'reference', multiobject: 'multi_reference',
};

/** A switch has two states; a custom boolean has three. */
const YES_NO = [{ value: 'true', label: 'Yes' }, { value: 'false', label: 'No' }];

/** Longest text the server keeps. */
const MAX_TEXT = 65_536;

const SCHEMES = ['file', 'ftp', 'ftps', 'http', 'https', 'irc', 'mailto', 'sftp', 'ssh', 'tel', 'telnet', 'tftp', 'vnc', 'xmpp'];

export function hasCustom(model: Model): boolean {
  return model.fields.some((field) => field.type === 'custom');
}

const bound = (value: number | string | null) => (value === null || value === '' ? null : Number(value));

/** The query that narrows what a reference may lead to, as far as its model can be listed by it. */
function narrowing(filter: unknown, target: Model): Record<string, string> {
  if (typeof filter !== 'object' || filter === null || Array.isArray(filter)) return {};
  return Object.fromEntries(
    Object.entries(filter).flatMap(([key, value]): [string, string][] => {
      const values = (Array.isArray(value) ? value : [value]).filter((each) => ['string', 'number', 'boolean'].includes(typeof each)).map(String);
      if (!target.filters.includes(key.split('__')[0] ?? '') || values.length === 0) return [];
      return [values.length === 1 || key.includes('__') ? [key, values.join(',')] : [`${key}__in`, values.join(',')]];
    }),
  );
}

function asField(definition: Definition, sets: ReadonlyMap<string, ChoiceSet>, models: readonly Model[]): Field {
  const kind = definition.type;
  const target = models.find((model) => model.name === definition.related_object_type);
  const set = sets.get(definition.choice_set?.id ?? '');
  const choices = set?.extra_choices.map(([value, label]) => ({ value, label }));
  // A set one may not read leaves its values to be typed.
  const type = kind === 'select' && !choices ? 'text' : kind === 'multiselect' && !choices ? 'list_text' : TYPES[kind];
  return {
    name: customName(definition.name),
    label: definition.label || definition.name,
    type,
    required: definition.required,
    help: definition.description,
    max_length: type === 'text' || type === 'long_text' ? MAX_TEXT : null,
    min: bound(definition.validation_minimum),
    max: bound(definition.validation_maximum),
    default: definition.default,
    choices: kind === 'boolean' ? YES_NO : (choices ?? null),
    choices_path: set?.base_choices ? `${CHOICE_SETS}/${set.id}/choices` : null,
    format: kind === 'url' ? 'url' : null,
    reference: target ? { model: target.name, path: target.path, display: target.display, title: target.title, query: narrowing(definition.related_object_filter, target) } : null,
    custom: { name: definition.name, kind, group: definition.group_name ?? '', visible: definition.ui_visible, editable: definition.ui_editable, regex: definition.validation_regex || null },
  };
}

/** By group, then weight, then name; what has no group comes first. */
function order(a: Definition, b: Definition): number {
  return (a.group_name ?? '').localeCompare(b.group_name ?? '') || (a.weight ?? 100) - (b.weight ?? 100) || a.name.localeCompare(b.name);
}

/** The model with its custom fields among its fields, at the end. */
export function withCustom(model: Model, definitions: readonly Definition[], sets: readonly ChoiceSet[], models: readonly Model[]): Model {
  const known = new Map(sets.map((set) => [set.id, set]));
  const own = [...definitions].sort(order).map((definition) => asField(definition, known, models));
  return own.length === 0 ? model : { ...model, fields: [...model.fields, ...own] };
}

/** What a record says about a field, its own or a custom one. */
export function valueOf(row: Row, field: Field): unknown {
  if (!field.custom) return row[field.name];
  const values = row.custom_fields;
  return typeof values === 'object' && values !== null ? (values as Record<string, unknown>)[field.custom.name] : undefined;
}

/** Custom fields of a form by group; the empty name is that of those without one. */
export function grouped(fields: readonly Field[]): [group: string, fields: Field[]][] {
  const groups = new Map<string, Field[]>();
  for (const field of fields) groups.set(field.custom?.group ?? '', [...(groups.get(field.custom?.group ?? '') ?? []), field]);
  return [...groups];
}

/** Why a text cannot be the value of a custom field, as far as a browser can tell. */
export function customProblem(custom: Custom, text: string): string | null {
  if (custom.kind === 'url') {
    const scheme = /^([^:/.]*):/.exec(text)?.[1];
    if (scheme !== undefined && !SCHEMES.includes(scheme.toLowerCase())) return `The address begins with one of ${SCHEMES.join(', ')}.`;
  }
  // What the server would match in one pass may take a browser for ever: long texts are the server's.
  if (custom.regex === null || text.length > 200) return null;
  try {
    const whole = custom.kind === 'url' && !/^[^:/.]*:/.test(text) ? `https://${text}` : text;
    return new RegExp(custom.regex, 'u').test(whole) ? null : `It has to match ${custom.regex}`;
  } catch {
    return null;
  }
}
