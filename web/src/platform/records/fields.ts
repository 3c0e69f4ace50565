/** A model's fields as form values: what the record says, what an input holds, what is sent. Pure. */
import type { Field, Model, Row } from '~/api/types';
import { customName, customProblem, valueOf } from './custom';

/** What inputs hold: text, lists of text, or a switch. */
export type FormValue = string | string[] | boolean;
export type FormValues = Record<string, FormValue>;
export type FieldErrors = Record<string, string>;

const LISTS = new Set(['tags', 'list_text', 'list_prefix', 'multi_choice', 'multi_reference', 'list_integer']);

export function isList(field: Field): boolean {
  return LISTS.has(field.type);
}

function referenceId(value: unknown): string {
  if (typeof value === 'object' && value !== null && 'id' in value) return String(value.id);
  return value === null || value === undefined ? '' : String(value);
}

/** A generic reference as one text, `model:id`, and back. */
export function genericText(value: unknown): string {
  if (typeof value !== 'object' || value === null || !('type' in value) || !('id' in value)) return '';
  return `${String(value.type)}:${String(value.id)}`;
}

export function splitGeneric(text: string): { type: string; id: string } {
  const at = text.indexOf(':');
  return at < 0 ? { type: text, id: '' } : { type: text.slice(0, at), id: text.slice(at + 1) };
}

/** `2026-11-25T13:04:00Z` as the local text a datetime input wants, and back. */
export function toLocalInput(iso: unknown): string {
  const at = typeof iso === 'string' ? new Date(iso) : null;
  if (!at || Number.isNaN(at.getTime())) return '';
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** What the input of a field holds for a stored value. */
export function inputOf(field: Field, value: unknown): FormValue {
  if (field.type === 'boolean') return value === true;
  if (isList(field)) return Array.isArray(value) ? value.map(referenceId) : [];
  if (field.type === 'secret') return '';
  if (field.type === 'generic_reference') return genericText(value);
  if (field.type === 'datetime') return toLocalInput(value);
  if (field.type === 'json') return value === null || value === undefined ? '' : JSON.stringify(value, null, 2);
  return referenceId(value);
}

/** Fields a form shows for creating or editing. Custom fields have an input each, not one for all. */
export function formFields(model: Model, editing: boolean): Field[] {
  return model.fields.filter((field) => field.type !== 'custom' && field.custom?.editable !== 'hidden' && !field.read_only && !(editing && field.immutable && field.write_only));
}

export function initialValues(model: Model, row: Row | null): FormValues {
  return Object.fromEntries(formFields(model, row !== null).map((field) => [field.name, inputOf(field, row === null ? field.default : valueOf(row, field))]));
}

/** Fields of a change for many records at once. */
export function editableTogether(model: Model): Field[] {
  return formFields(model, true).filter((field) => isWritten(field) && !field.show_when);
}

/** Whether the field applies with the other values as they are. */
export function isShown(field: Field, values: FormValues): boolean {
  const rule = field.show_when;
  if (!rule) return true;
  const other = values[rule.field];
  return rule.in.some((wanted) => (Array.isArray(other) ? other.includes(String(wanted)) : String(other) === String(wanted)));
}

/** What the API gets for one input; undefined leaves it out. Throws a text for people when it cannot be read. */
export function toApi(field: Field, value: FormValue): unknown {
  if (Array.isArray(value) && field.type === 'list_integer') {
    if (value.some((each) => !/^[-+]?\d+$/.test(each))) throw new Error('Give whole numbers.');
    return value.map(Number);
  }
  if (typeof value === 'boolean' || Array.isArray(value)) return value;
  const trimmed = field.type === 'secret' || field.type === 'long_text' ? value : value.trim();
  if (trimmed === '') return field.type === 'secret' ? undefined : null;
  if (field.custom?.kind === 'boolean') return trimmed === 'true';
  switch (field.type) {
    case 'integer': {
      if (!/^[-+]?\d+$/.test(trimmed)) throw new Error('Give a whole number.');
      return Number(trimmed);
    }
    case 'decimal': {
      const number = Number(trimmed);
      if (!Number.isFinite(number)) throw new Error('Give a number.');
      return number;
    }
    case 'generic_reference': {
      const target = splitGeneric(trimmed);
      return target.id === '' ? null : target;
    }
    case 'datetime': {
      const at = new Date(trimmed);
      if (Number.isNaN(at.getTime())) throw new Error('Give a date and a time.');
      return at.toISOString();
    }
    case 'json':
      try {
        return JSON.parse(trimmed);
      } catch (cause) {
        throw new Error(`This is not JSON: ${cause instanceof Error ? cause.message : 'cannot be read'}`, { cause });
      }
    default:
      return trimmed;
  }
}

/** Errors the browser can tell by itself; the server has the last word. */
export function validate(model: Model, values: FormValues, editing: boolean): FieldErrors {
  const errors: FieldErrors = {};
  for (const field of formFields(model, editing)) {
    const value = values[field.name];
    if (value === undefined || !isShown(field, values) || !isWritten(field)) continue;
    const problem = fieldProblem(field, value, editing);
    if (problem) errors[field.name] = problem;
  }
  return errors;
}

/** What is wrong with one value, as far as the browser can tell. */
export function fieldProblem(field: Field, value: FormValue, editing: boolean): string | null {
  let sent: unknown;
  try {
    sent = toApi(field, value);
  } catch (cause) {
    return cause instanceof Error ? cause.message : String(cause);
  }
  const missing = sent === null || sent === undefined || (Array.isArray(sent) && sent.length === 0);
  if (missing) return field.required && !(editing && field.type === 'secret') ? `${field.label} is required.` : null;
  if (typeof sent === 'string' && field.max_length && [...sent].length > field.max_length) return `At most ${field.max_length} characters; this has ${[...sent].length}.`;
  if (typeof sent === 'string' && field.type === 'secret' && typeof field.min === 'number' && [...sent].length < field.min) return `At least ${field.min} characters; this has ${[...sent].length}.`;
  if (typeof sent === 'string' && field.custom) return customProblem(field.custom, sent);
  if (typeof sent === 'number') {
    if (typeof field.min === 'number' && sent < field.min) return `At least ${field.min}.`;
    if (typeof field.max === 'number' && sent > field.max) return `At most ${field.max}.`;
  }
  return null;
}

/** A custom field may be one that is seen in forms, but written by programs only. */
export function isWritten(field: Field): boolean {
  return field.custom === undefined || field.custom.editable === 'yes';
}

/** Puts a value where the API has it: custom fields into an object of their own. */
export function put(body: Record<string, unknown>, field: Field, value: unknown): void {
  if (!field.custom) body[field.name] = value;
  else body.custom_fields = { ...(body.custom_fields as object | undefined), [field.custom.name]: value };
}

/** The body of a create: everything that is shown and filled. */
export function createBody(model: Model, values: FormValues): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const field of formFields(model, false)) {
    const value = values[field.name];
    if (value === undefined || !isShown(field, values) || !isWritten(field)) continue;
    const sent = toApi(field, value);
    const nothing = sent === null || sent === undefined || (Array.isArray(sent) && sent.length === 0 && !field.required);
    // A default that was cleared has to be said: the server gives it to what says nothing.
    if (!nothing || (field.custom && sent !== undefined && field.default !== null && field.default !== undefined)) put(body, field, sent);
  }
  return body;
}

/** The merge patch of an edit: only what differs from the record. */
export function patchBody(model: Model, row: Row, values: FormValues): Record<string, unknown> {
  const before = initialValues(model, row);
  const body: Record<string, unknown> = {};
  for (const field of formFields(model, true)) {
    const value = values[field.name];
    if (value === undefined || field.immutable || !isShown(field, values) || !isWritten(field)) continue;
    if (JSON.stringify(value) === JSON.stringify(before[field.name])) continue;
    const sent = toApi(field, value);
    if (sent !== undefined) put(body, field, sent);
  }
  return body;
}

/** `errors[].pointer` of a problem to field names: `/name` and `/0/name` both mean `name`, `/custom_fields/x/1` means the custom field x. The rest stays general. */
export function placeErrors(model: Model, errors: readonly { pointer?: string; message: string }[]): { fields: FieldErrors; rest: string[] } {
  const fields: FieldErrors = {};
  const rest: string[] = [];
  for (const { pointer, message } of errors) {
    const parts = pointer?.split('/').map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~')) ?? [];
    const at = parts.indexOf('custom_fields');
    const own = at < 0 ? undefined : parts[at + 1];
    const known = (part: string) => model.fields.some((field) => field.name === part && field.type !== 'custom');
    const name = own === undefined ? parts.find(known) : [customName(own)].find(known);
    if (name === undefined) rest.push(own === undefined ? message : `${own}: ${message}`);
    else fields[name] = fields[name] ? `${fields[name]} ${message}` : message;
  }
  return { fields, rest };
}

/** Columns a list starts with: the display field first, then those marked, at most seven. */
export function defaultColumns(model: Model): string[] {
  const marked = model.fields.filter((field) => field.list && !field.write_only && field.type !== 'secret').map((field) => field.name);
  const display = model.fields.some((field) => field.name === model.display) ? [model.display] : [];
  return [...new Set([...display, ...marked])].slice(0, 8);
}
