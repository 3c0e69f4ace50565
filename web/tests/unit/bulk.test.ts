import { describe, expect, it } from 'vitest';
import type { Field, Model, Row } from '~/api/types';
import { bulkFields, errorsByRow, operationsFor, settingProblems, startOf, type Setting } from '~/platform/records/bulk';
import { withCustom, type Definition } from '~/platform/records/custom';

const field = (name: string, type: Field['type'], more: Partial<Field> = {}): Field => ({ name, label: name, type, ...more });
const bare: Model = {
  name: 'inventory.site', product: 'inventory', collection: 'sites', path: '/api/v1/inventory/sites', title: 'Site', title_plural: 'Sites', ui_path: null, display: 'name', permission: 'inventory/sites', operations: ['update'], filters: [], sortable: [],
  fields: [field('name', 'text', { required: true }), field('slug', 'text', { format: 'slug' }), field('serial', 'text', { unique: true }), field('status', 'choice', { required: true }), field('size', 'integer', { max: 9 }), field('tags', 'multi_reference'), field('kind', 'text', { immutable: true }), field('key', 'secret'), field('racks', 'count', { read_only: true }), field('custom_fields', 'custom')],
};
const model = withCustom(bare, [{ id: 'd', name: 'floor', type: 'integer', label: null, choice_set: null, related_object_type: null, related_object_filter: null, group_name: null, description: null, required: false, default: null, ui_visible: 'always', ui_editable: 'yes', weight: 1, validation_minimum: null, validation_maximum: null, validation_regex: null } satisfies Definition], [], []);
const setting = (name: string, value: Setting['value'], mode: Setting['mode'] = 'set'): Setting => ({ field: model.fields.find((each) => each.name === name) ?? field(name, 'text'), mode, value });
const rows: Row[] = [
  { id: 'a', version: 3, name: 'A', status: 'active', size: 1, tags: [{ id: 't1', display: 'x' }], custom_fields: { floor: 2 } },
  { id: 'b', version: 1, name: 'B', status: 'planned', size: null, tags: [], custom_fields: { floor: null } },
];

describe('one change for many records', () => {
  it('offers what can be the same for many', () => {
    expect(bulkFields(model).map((each) => each.name)).toEqual(['status', 'size', 'tags', 'custom_fields.floor']);
    expect(startOf(field('t', 'tags'))).toMatchObject({ mode: 'add', value: [] });
    expect(startOf(field('t', 'boolean'))).toMatchObject({ mode: 'set', value: false });
  });

  it('is sent for those that would differ, with their version', () => {
    expect(operationsFor(rows, [setting('status', 'active')])).toEqual([{ op: 'update', id: 'b', version: 1, data: { status: 'active' } }]);
    expect(operationsFor(rows, [setting('size', ''), setting('custom_fields.floor', '2')])).toEqual([{ op: 'update', id: 'a', version: 3, data: { size: null } }, { op: 'update', id: 'b', version: 1, data: { custom_fields: { floor: 2 } } }]);
  });

  it('adds to lists, takes from them, or replaces them', () => {
    expect(operationsFor(rows, [setting('tags', ['t1', 't2'], 'add')]).map((each) => each.data)).toEqual([{ tags: ['t1', 't2'] }, { tags: ['t1', 't2'] }]);
    expect(operationsFor(rows, [setting('tags', ['t1'], 'remove')])).toMatchObject([{ id: 'a', data: { tags: [] } }]);
    expect(operationsFor(rows, [setting('tags', ['t1'], 'set')])).toMatchObject([{ id: 'b', data: { tags: ['t1'] } }]);
  });

  it('says what cannot be', () => {
    expect(settingProblems([setting('status', ''), setting('size', '10'), setting('tags', [], 'add')])).toEqual({ status: 'status is required.', size: 'At most 9.', tags: 'Nothing is chosen.' });
    expect(settingProblems([setting('tags', [], 'set'), setting('size', '')])).toEqual({});
  });

  it('places the errors of the server by record', () => {
    const operations = operationsFor(rows, [setting('size', '5')]);
    expect(errorsByRow(model, operations, [{ pointer: '/operations/1/data/custom_fields/floor', message: 'no' }, { pointer: '/operations/0/data/size', message: 'too much' }, { pointer: '/operations/0/id', message: 'odd' }, { pointer: '/operations/7/data/x', message: 'lost' }, { message: 'all' }])).toEqual({
      rows: [{ id: 'a', fields: { size: 'too much' }, rest: ['odd'] }, { id: 'b', fields: { 'custom_fields.floor': 'no' }, rest: [] }], rest: ['lost', 'all'],
    });
  });
});
