import { describe, expect, it } from 'vitest';
import type { CustomKind, Field, Model, Row } from '~/api/types';
import { moved, offeredColumns, remember, shownColumns } from '~/platform/records/columns';
import { customProblem, grouped, valueOf, withCustom, type ChoiceSet, type Definition } from '~/platform/records/custom';
import { createBody, formFields, initialValues, patchBody, placeErrors, validate, type FormValue } from '~/platform/records/fields';

const field = (name: string, type: Field['type'], more: Partial<Field> = {}): Field => ({ name, label: name, type, ...more });
const site: Model = {
  name: 'inventory.site', product: 'inventory', collection: 'sites', path: '/api/v1/inventory/sites', title: 'Site', title_plural: 'Sites', ui_path: '/inventory/sites', display: 'name', permission: 'inventory/sites', operations: ['list'], filters: ['name', 'status'], sortable: [],
  fields: [field('name', 'text', { required: true }), field('custom_fields', 'custom', { default: {} })],
};
const SETS: ChoiceSet[] = [{ id: 's1', extra_choices: [['gold', 'Gold'], ['silver', 'Silver']] }];
const define = (name: string, type: CustomKind, more: Partial<Definition> = {}): Definition => ({ id: name, name, type, label: null, choice_set: null, related_object_type: null, related_object_filter: null, group_name: null, description: null, required: false, default: null, ui_visible: 'always', ui_editable: 'yes', weight: 100, validation_minimum: null, validation_maximum: null, validation_regex: null, ...more });
const model = (...definitions: Definition[]) => withCustom(site, definitions, SETS, [site]);
const SET = { choice_set: { id: 's1' } };
const TO = { related_object_type: 'inventory.site' };

/** Type, what the record says, what the input holds, what is sent for it. */
const KINDS: [CustomKind, Partial<Definition>, Field['type'], unknown, FormValue, unknown][] = [
  ['text', {}, 'text', 'a', 'a', 'a'],
  ['longtext', {}, 'long_text', 'a\nb', 'a\nb', 'a\nb'],
  ['integer', {}, 'integer', 5, '5', 5],
  ['decimal', {}, 'decimal', 1.5, '1.5', 1.5],
  ['boolean', {}, 'choice', false, 'false', false],
  ['date', {}, 'date', '2026-01-02', '2026-01-02', '2026-01-02'],
  ['datetime', {}, 'datetime', '2026-01-02T03:04:00Z', '2026-01-02T03:04', '2026-01-02T03:04:00.000Z'],
  ['url', {}, 'text', 'https://a.example', 'https://a.example', 'https://a.example'],
  ['json', {}, 'json', { a: 1 }, '{\n  "a": 1\n}', { a: 1 }],
  ['select', SET, 'choice', 'gold', 'gold', 'gold'],
  ['multiselect', SET, 'multi_choice', ['gold'], ['gold'], ['gold']],
  ['object', TO, 'reference', { type: 'inventory.site', id: 'x', display: 'X' }, 'x', 'x'],
  ['multiobject', TO, 'multi_reference', [{ id: 'x', display: 'X' }], ['x'], ['x']],
];

describe('custom fields', () => {
  it('of a set on a known list are found by the server', () => {
    const sets: ChoiceSet[] = [...SETS, { id: 's2', base_choices: 'IATA', extra_choices: [] }];
    const whole = withCustom(site, [define('a', 'select', SET), define('b', 'select', { choice_set: { id: 's2' } })], sets, [site]);
    expect(whole.fields.filter((each) => each.custom).map((each) => each.choices_path)).toEqual([null, '/api/v1/platform/custom-field-choice-sets/s2/choices']);
  });

  it.each(KINDS)('%s: read, put into its input, sent', (kind, more, type, stored, held, sent) => {
    process.env.TZ = 'UTC';
    const whole = model(define('f', kind, more));
    const own = whole.fields.find((each) => each.custom);
    expect(own).toMatchObject({ name: 'custom_fields.f', label: 'f', type });
    const row: Row = { id: '1', name: 'n', custom_fields: { f: stored } };
    expect(initialValues(whole, row)['custom_fields.f']).toEqual(held);
    expect(createBody(whole, { name: 'n', 'custom_fields.f': held })).toEqual({ name: 'n', custom_fields: { f: sent } });
    expect(patchBody(whole, row, initialValues(whole, row))).toEqual({});
    const empty = Array.isArray(held) ? [] : '';
    expect(patchBody(whole, row, { ...initialValues(whole, row), 'custom_fields.f': empty })).toEqual({ custom_fields: { f: Array.isArray(held) ? [] : null } });
  });

  it('are sent alone when changed, and a default that is cleared is said', () => {
    const whole = model(define('a', 'text'), define('b', 'integer', { default: 7 }));
    const row: Row = { id: '1', name: 'n', custom_fields: { a: 'x', b: 2 } };
    expect(patchBody(whole, row, { ...initialValues(whole, row), 'custom_fields.b': '3' })).toEqual({ custom_fields: { b: 3 } });
    expect(initialValues(whole, null)).toMatchObject({ 'custom_fields.a': '', 'custom_fields.b': '7' });
    expect(createBody(whole, { name: 'n', 'custom_fields.a': '', 'custom_fields.b': '' })).toEqual({ name: 'n', custom_fields: { b: null } });
  });

  it('stand by group, weight and name', () => {
    const whole = model(define('d', 'text', { group_name: 'B' }), define('c', 'text'), define('a', 'text', { weight: 200 }), define('e', 'text', { group_name: 'A' }), define('b', 'text'));
    expect(grouped(whole.fields.filter((each) => each.custom)).map(([group, own]) => [group, own.map((each) => each.label)])).toEqual([['', ['b', 'c', 'a']], ['A', ['e']], ['B', ['d']]]);
  });

  it('that are not to be written are shown at most', () => {
    const whole = model(define('seen', 'text', { ui_editable: 'no', required: true }), define('hidden', 'text', { ui_editable: 'hidden' }));
    expect(formFields(whole, false).map((each) => each.label)).toEqual(['name', 'seen']);
    expect(validate(whole, { name: 'n', 'custom_fields.seen': '' }, false)).toEqual({});
    expect(createBody(whole, { name: 'n', 'custom_fields.seen': 'x' })).toEqual({ name: 'n' });
  });

  it('are checked here as far as a browser can', () => {
    const whole = model(define('n', 'decimal', { validation_minimum: '1.0000', validation_maximum: 5 }), define('r', 'text', { validation_regex: '^SC-\\d+$' }), define('u', 'url'), define('q', 'boolean', { required: true }));
    const values = { ...initialValues(whole, null), name: 'n' };
    expect(validate(whole, { ...values, 'custom_fields.n': '6', 'custom_fields.r': 'x', 'custom_fields.u': 'javascript:alert(1)' }, false)).toEqual({ 'custom_fields.n': 'At most 5.', 'custom_fields.r': 'It has to match ^SC-\\d+$', 'custom_fields.u': expect.stringContaining('https'), 'custom_fields.q': 'q is required.' });
    expect(validate(whole, { ...values, 'custom_fields.n': '1', 'custom_fields.r': 'SC-1', 'custom_fields.u': 'example.net/a:b', 'custom_fields.q': 'false' }, false)).toEqual({});
    // A pattern that is none for a browser is the server's alone.
    expect(customProblem({ name: 'x', kind: 'text', group: '', visible: 'always', editable: 'yes', regex: '(?i)abc' }, 'x')).toBeNull();
  });

  it('get the errors of the server at their inputs', () => {
    const whole = model(define('racks', 'multiobject', TO));
    expect(placeErrors(whole, [{ pointer: '/custom_fields/racks/1', message: 'gone' }, { pointer: '/0/custom_fields/racks', message: 'twice' }, { pointer: '/custom_fields/name', message: 'what' }, { pointer: '/name', message: 'taken' }])).toEqual({ fields: { 'custom_fields.racks': 'gone twice', name: 'taken' }, rest: ['name: what'] });
  });

  it('offer what their definition narrows, as far as the target can be listed by it', () => {
    const whole = model(define('o', 'object', { ...TO, related_object_filter: { status: ['active', 'planned'], name: ['x'], color: 'red' } }));
    expect(whole.fields.at(-1)?.reference).toMatchObject({ path: site.path, query: { status__in: 'active,planned', name: 'x' } });
  });

  it('of records are read where they are', () => {
    const own = model(define('a', 'text')).fields.at(-1);
    expect(own && valueOf({ id: '1', custom_fields: { a: 'x' } }, own)).toBe('x');
    expect(own && valueOf({ id: '1' }, own)).toBeUndefined();
  });

  it('without a set one may read are typed', () => {
    expect(withCustom(site, [define('a', 'multiselect', { choice_set: { id: 'unknown' } })], [], [site]).fields.at(-1)?.type).toBe('list_text');
  });
});

describe('columns of a list', () => {
  const whole = model(define('tier', 'select', SET), define('of_programs', 'text', { ui_visible: 'hidden' }));

  it('are those of the URL, then of this browser, then of the model', () => {
    expect(shownColumns(whole, ['custom_fields.tier', 'name', 'gone'], { 'inventory.site': ['name'] })).toEqual(['custom_fields.tier', 'name']);
    expect(shownColumns(whole, [], { 'inventory.site': ['custom_fields.tier'], other: [] })).toEqual(['custom_fields.tier']);
    expect(shownColumns(whole, ['gone'], {})).toEqual(['name']);
    expect(offeredColumns(whole).map((each) => each.name)).toEqual(['name', 'custom_fields.tier']);
  });

  it('are remembered by model, and forgotten', () => {
    expect(remember({ a: ['x'] }, 'b', ['y'])).toEqual({ a: ['x'], b: ['y'] });
    expect(remember({ a: ['x'], b: ['y'] }, 'b', [])).toEqual({ a: ['x'] });
  });

  it('move inside their list', () => {
    expect(moved(['a', 'b', 'c'], 'c', -1)).toEqual(['a', 'c', 'b']);
    expect(moved(['a', 'b', 'c'], 'a', -1)).toEqual(['a', 'b', 'c']);
    expect(moved(['a', 'b'], 'b', 1)).toEqual(['a', 'b']);
    expect(moved(['a'], 'x', 1)).toEqual(['a']);
  });
});
