import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Field, Me, Model } from '~/api/types';
import { describeFilter, filterFields, filterKey, filterName, operatorsOf, parseFilters } from '~/platform/records/filters';
import { quickFilter, quickOf, quickText, withQuick } from '~/platform/records/quick';
import { defaultView, isAsKept, mayUse, paramsOf, paramsOfFilter, viewBody, viewParams, type SavedView } from '~/platform/records/views';

const field = (name: string, type: Field['type'], more: Partial<Field> = {}): Field => ({ name, label: name, type, ...more });
const custom = (name: string, kind: NonNullable<Field['custom']>['kind'], type: Field['type'], more: Partial<Field> = {}, visible: 'always' | 'hidden' = 'always') => field(`custom_fields.${name}`, type, { ...more, custom: { name, kind, group: '', visible, editable: 'yes', regex: null } });
const base = { product: 'inventory', title: 'Site', title_plural: 'Sites', ui_path: null, display: 'name', operations: ['list'] };

const group: Model = { ...base, name: 'inventory.region', collection: 'regions', path: '/api/v1/inventory/regions', permission: 'inventory/regions', filters: ['name'], sortable: ['name'], fields: [field('name', 'text')] };
const site: Model = {
  ...base, name: 'inventory.site', collection: 'sites', path: '/api/v1/inventory/sites', permission: 'inventory/sites', sortable: ['name', 'status'],
  filters: ['name', 'status', 'region', 'racks', 'prefix', 'enabled', 'updated_at'],
  operators: { name: ['eq', 'contains', 'isnull'], status: ['eq', 'ne', 'in'], prefix: ['eq', 'within'], racks: ['eq', 'lt', 'lte', 'gt', 'gte'], enabled: ['eq'] },
  fields: [
    field('name', 'text', { list: true }), field('status', 'choice', { choices: [{ value: 'active', label: 'Active' }, { value: 'planned', label: 'Planned' }] }), field('region', 'reference', { reference: { model: 'inventory.region', path: group.path, display: 'name' } }),
    field('racks', 'integer'), field('prefix', 'prefix'), field('enabled', 'boolean'), field('updated_at', 'datetime'), field('comments', 'long_text'), field('custom_fields', 'custom'),
    custom('tier', 'select', 'choice', { choices: [{ value: 'gold', label: 'Gold' }] }), custom('covers', 'multiselect', 'multi_choice'), custom('meta', 'json', 'json'), custom('contract', 'text', 'text'), custom('secret', 'text', 'text', {}, 'hidden'),
  ],
};
const of = (name: string) => {
  const found = site.fields.find((each) => each.name === name);
  if (!found) throw new Error(name);
  return found;
};

describe('filters', () => {
  it('are on fields, on custom fields, and along a reference', () => {
    expect(parseFilters(site, { q: 'x', name: 'a', status__in: 'active,planned', cf_tier: 'gold', 'region.name__contains': 'ams', 'name.x': '1', 'region.a.b': '1', comments: 'no', name__nonsense: '1', sort: 'name' })).toEqual([
      { field: 'name', op: 'eq', value: 'a' }, { field: 'status', op: 'in', value: 'active,planned' }, { field: 'cf_tier', op: 'eq', value: 'gold' }, { field: 'region.name', op: 'contains', value: 'ams' },
    ]);
    expect(parseFilters(group, { cf_tier: 'gold' })).toEqual([]);
    expect(filterFields(site).map(filterName)).toEqual(['name', 'status', 'region', 'racks', 'prefix', 'enabled', 'updated_at', 'cf_tier', 'cf_covers', 'cf_meta', 'cf_contract']);
    expect(['tier', 'covers', 'meta', 'contract'].map((name) => operatorsOf(site, of(`custom_fields.${name}`))[0])).toEqual(['eq', 'contains', 'isnull', 'contains']);
  });

  it('are told in words, ids by what they stand for', () => {
    expect(describeFilter(site, { field: 'cf_tier', op: 'eq', value: 'gold' })).toBe('custom_fields.tier is Gold');
    expect(describeFilter(site, { field: 'cf_gone', op: 'eq', value: 'x' })).toBe('gone is x');
    expect(describeFilter(site, { field: 'region', op: 'in', value: 'r1,r2' }, new Map([['r1', 'Europe']]))).toBe('region is one of Europe, r2');
    expect(describeFilter(site, { field: 'region.name', op: 'contains', value: 'eu' })).toBe('region contains eu');
  });
});

describe('filters in heads', () => {
  const quick = (name: string) => quickOf(site, of(name), [site, group]);

  it('are there for what can be typed or chosen', () => {
    expect(['name', 'status', 'region', 'racks', 'prefix', 'enabled', 'updated_at', 'comments', 'custom_fields.tier', 'custom_fields.contract', 'custom_fields.meta', 'custom_fields.secret'].map((name) => quick(name)?.field ?? null)).toEqual([
      'name', 'status', 'region.name', 'racks', 'prefix', 'enabled', null, null, 'cf_tier', 'cf_contract', null, null,
    ]);
  });

  it('say how by what stands before', () => {
    const key = (name: string, typed: string) => {
      const found = quick(name);
      const filter = found && quickFilter(found, typed);
      return filter ? `${filterKey(filter)}=${filter.value}` : null;
    };
    expect([key('racks', '>= 10'), key('racks', '<3'), key('racks', '4'), key('racks', '>')]).toEqual(['racks__gte=10', 'racks__lt=3', 'racks=4', null]);
    expect([key('prefix', '10.0.0.0/8'), key('prefix', '10.0.0.1'), key('name', ' ams '), key('name', ''), key('region', 'eu')]).toEqual(['prefix__within=10.0.0.0/8', 'prefix=10.0.0.1', 'name__contains=ams', null, 'region.name__contains=eu']);
  });

  it('show what they made, and nothing of what they could not have made', () => {
    const typed = fc.constantFrom(['name', 'ams'], ['racks', '>=10'], ['racks', '7'], ['prefix', '10.0.0.0/8'], ['status', 'active'], ['custom_fields.contract', 'SC']);
    fc.assert(
      fc.property(typed, ([name = '', text = '']) => {
        const found = quick(name);
        if (!found) throw new Error(name);
        const filters = withQuick([{ field: 'q', op: 'eq', value: 'other' }, { field: found.field, op: 'ne', value: 'before' }], found, text);
        expect(filters).toHaveLength(2);
        expect(quickText(found, filters)).toBe(text);
        expect(withQuick(filters, found, '')).toEqual([{ field: 'q', op: 'eq', value: 'other' }]);
      }),
    );
    const name = quick('name');
    if (!name) throw new Error('name');
    expect(quickText(name, [{ field: 'name', op: 'ne', value: 'x' }])).toBe('');
    expect(quickText(name, [{ field: 'name', op: 'contains', value: 'x' }, { field: 'name', op: 'isnull', value: 'true' }])).toBe('');
  });
});

describe('saved views', () => {
  const me = { user: { id: 'u1', name: 'admin', email: null, display_name: null } } as Me;
  const view = (more: Partial<SavedView>): SavedView => ({ id: 'v1', name: 'V', description: null, user: { id: 'u1', display: 'admin' }, shared: true, enabled: true, weight: 1000, columns: ['name'], ordering: null, parameters: {}, page_size: 100, is_default: false, ...more }) as SavedView;

  it('keep what the URL says of a list, and nothing else', () => {
    const raw = { q: 'ams', sort: '-name', cols: 'status,name', rows: '50', status__in: 'active', cf_tier: 'gold', sel: 'x', tab: 'history', saved: 'v1', theme: 'dark' };
    const body = viewBody(site, raw, ['status', 'name']);
    expect(body).toEqual({ object_type: 'inventory.site', table: 'sites', columns: ['status', 'name'], ordering: ['-name'], parameters: { q: 'ams', status__in: 'active', cf_tier: 'gold' }, page_size: 50 });
    const kept = view(body as Partial<SavedView>);
    expect(paramsOf(site, kept)).toEqual(viewParams(site, raw));
    expect(isAsKept(site, kept, raw)).toBe(true);
    expect(isAsKept(site, kept, { ...raw, q: 'fra' })).toBe(false);
    expect(isAsKept(site, kept, { ...raw, sel: 'y' })).toBe(true);
  });

  it('pass over what the list does not have any more', () => {
    expect(paramsOf(site, view({ columns: ['name', 'gone'], ordering: ['gone', '-status'], parameters: { gone: '1', name: 'a' }, page_size: 33 }))).toEqual({ cols: 'name', sort: '-status', name: 'a' });
  });

  it('open by default: an own one before a shared one, those of others never', () => {
    const other = { id: 'u2', display: 'bob' };
    const all = [view({ id: 'a', is_default: true, weight: 1 }), view({ id: 'b', is_default: true, shared: false, weight: 900 }), view({ id: 'c', is_default: true, shared: false, user: other, weight: 0 }), view({ id: 'd' })];
    expect(defaultView(me, all)?.id).toBe('b');
    expect(defaultView(me, all.filter((each) => each.id !== 'b'))?.id).toBe('a');
    expect(defaultView(me, [view({ id: 'd' })])).toBeNull();
    expect(all.filter((each) => mayUse(me, each)).map((each) => each.id)).toEqual(['a', 'b', 'd']);
  });

  it('take the filters of other clients', () => {
    const filter = (parameters: Record<string, unknown>) => paramsOfFilter(site, { id: 'f', name: 'F', user: null, shared: true, enabled: true, parameters });
    expect(filter({ status: ['active'], name: 'x', gone: ['1'] })).toEqual({ status: 'active', name: 'x' });
    expect(filter({ status: ['active', 'planned'], racks__gte: [3], cf_tier: [] })).toEqual({ status__in: 'active,planned', racks__gte: '3' });
  });
});
