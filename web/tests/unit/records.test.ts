import { describe, expect, it } from 'vitest';
import type { Field, Model, Row } from '~/api/types';
import { createBody, defaultColumns, initialValues, isShown, patchBody, placeErrors, toApi, toLocalInput, validate } from '~/platform/records/fields';
import { describeFilter, filterKey, opsFor, parseFilters } from '~/platform/records/filters';

const field = (name: string, type: Field['type'], more: Partial<Field> = {}): Field => ({ name, label: name, type, ...more });

const model: Model = {
  name: 'monitoring.credential', product: 'monitoring', collection: 'credentials', path: '/api/v1/monitoring/credentials', title: 'Credential', title_plural: 'Credentials', ui_path: '/settings/credentials', display: 'name', permission: 'monitoring/credentials', operations: ['list', 'read', 'create', 'update', 'delete'],
  filters: ['name', 'version', 'priority'], sortable: ['name'],
  fields: [
    field('name', 'text', { required: true, max_length: 5, list: true }),
    field('version', 'choice', { required: true, default: 'v2c', list: true, choices: [{ value: 'v2c', label: 'v2c' }, { value: 'v3', label: 'Version 3' }] }),
    field('community', 'secret', { required: true, min: 2, show_when: { field: 'version', in: ['v2c'] }, list: true }),
    field('user', 'text', { required: true, show_when: { field: 'version', in: ['v3'] } }),
    field('priority', 'integer', { default: 100, min: 0, max: 1000, list: true }),
    field('owner', 'reference', { reference: { model: 'platform.user', path: '/api/v1/platform/users', display: 'name' } }),
    field('tags', 'tags'),
    field('extra', 'json'),
    field('kind', 'text', { immutable: true }),
    field('updated_at', 'datetime', { read_only: true, list: true }),
  ],
};

const row: Row = { id: 'c1', version: 3, name: 'lab', community: { has_value: true }, priority: 100, owner: { id: 'u1', display: 'admin' }, tags: ['a'], extra: { a: 1 }, kind: 'x', updated_at: '2026-01-01T00:00:00Z' };
const stored = { ...row, version: 'v2c' } as unknown as Row;

describe('form values', () => {
  it('creates with what is shown and filled', () => {
    const values = { ...initialValues(model, null), name: ' lab ', community: ' with spaces ', user: 'ignored' };
    expect(validate(model, values, false)).toEqual({});
    expect(createBody(model, values)).toEqual({ name: 'lab', version: 'v2c', community: ' with spaces ', priority: 100 });
  });

  it('patches only what differs, keeps secrets and never touches the immutable', () => {
    const values = initialValues(model, stored);
    expect(values).toMatchObject({ owner: 'u1', community: '', extra: '{\n  "a": 1\n}' });
    expect(patchBody(model, stored, values)).toEqual({});
    expect(patchBody(model, stored, { ...values, owner: '', tags: ['a', 'b'], kind: 'y', community: 's' })).toEqual({ owner: null, tags: ['a', 'b'], community: 's' });
  });

  it('tells by itself what cannot be right', () => {
    const base = initialValues(model, null);
    expect(validate(model, { ...base, name: '', community: '', priority: '1.5', extra: '{' }, false)).toMatchObject({ name: 'name is required.', community: 'community is required.', priority: 'Give a whole number.', extra: expect.stringContaining('not JSON') });
    expect(validate(model, { ...base, name: 'too long', community: 'x', priority: '1001' }, false)).toEqual({ name: 'At most 5 characters; this has 8.', community: 'At least 2 characters; this has 1.', priority: 'At most 1000.' });
    // A stored secret may stay as it is.
    expect(validate(model, initialValues(model, stored), true)).toEqual({});
  });

  it('shows fields by the value of another', () => {
    const user = model.fields.find((each) => each.name === 'user');
    expect(user && isShown(user, { version: 'v3' })).toBe(true);
    expect(user && isShown(user, { version: 'v2c' })).toBe(false);
  });

  it('places the errors of the server', () => {
    expect(placeErrors(model, [{ pointer: '/name', message: 'taken' }, { pointer: '/0/tags/2', message: 'bad' }, { pointer: '/name', message: 'short' }, { pointer: '/nowhere', message: 'odd' }, { message: 'all' }])).toEqual({ fields: { name: 'taken short', tags: 'bad' }, rest: ['odd', 'all'] });
  });

  it('keeps times through the input', () => {
    const iso = '2026-11-25T13:04:00.000Z';
    expect(toApi(field('at', 'datetime'), toLocalInput(iso))).toBe(iso);
    expect(toLocalInput(null)).toBe('');
  });

  it('starts a list with the display field and without secrets', () => {
    expect(defaultColumns(model)).toEqual(['name', 'version', 'priority', 'updated_at']);
  });
});

describe('filters', () => {
  it('reads those of the model from the URL and leaves the rest', () => {
    const filters = parseFilters(model, { name__contains: 'a', version: 'v3', community: 'x', q: 'y', priority__odd: '1' });
    expect(filters).toEqual([{ field: 'name', op: 'contains', value: 'a' }, { field: 'version', op: 'eq', value: 'v3' }]);
    expect(filters.map(filterKey)).toEqual(['name__contains', 'version']);
    expect(filters.map((each) => describeFilter(model, each))).toEqual(['name contains a', 'version is Version 3']);
    expect(opsFor('boolean')).toEqual(['eq']);
  });
});
