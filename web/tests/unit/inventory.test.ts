import { describe, expect, it } from 'vitest';
import type { Model } from '~/api/types';
import { linksOf } from '~/platform/records/links';
import { targetPath } from '~/platform/records/paths';
import { relatedTo } from '~/platform/records/related';
import type { Elevation, RackDevice, Trace } from '~/products/inventory/api';
import { lengthsWithin, nextOf, sizeOf, usualLength } from '~/products/inventory/prefixes/net';
import { freePlaces, fromTop, hindrance, inkOn, nudge, positionAt, runs, seenFrom, unitsFromTop, withMoved } from '~/products/inventory/racks/space';
import { layout, panelsOf, totalLength } from '~/products/inventory/trace/layout';

describe('rack space', () => {
  const device = (id: string, position: number | null, height: number, more: Partial<RackDevice> = {}): RackDevice => ({ id, name: id, position, face: position === null ? null : 'front', height, full_depth: true, status: 'active', role: null, device_type: null, asset_tag: null, version: 1, ...more });
  const rack = (devices: RackDevice[], more: Partial<Elevation> = {}): Elevation => ({ id: 'r', name: 'R', site: null, location: null, status: null, u_height: 6, starting_unit: 1, desc_units: false, devices, reservations: [], utilisation: { units: 6, units_used: 0, units_reserved: 0, power_available: 0, power_allocated: 0, power_maximum: 0 }, ...more });
  const two = device('two', 3, 2);
  const flat = device('flat', 1, 1, { full_depth: false });

  it('counts units from the top, also where the lowest is there', () => {
    expect(unitsFromTop(rack([]))).toEqual([6, 5, 4, 3, 2, 1]);
    const down = rack([], { desc_units: true, starting_unit: 4 });
    expect(unitsFromTop(down)).toEqual([4, 5, 6, 7, 8, 9]);
    for (const each of [rack([]), down]) for (const unit of unitsFromTop(each).slice(1, -1)) expect(positionAt(each, fromTop(each, unit, 2), 2)).toBe(unit);
    expect(runs(rack([]), [6, 2, 3])).toEqual([{ at: 0, count: 1 }, { at: 3, count: 2 }]);
  });
  it('says what stands in the way', () => {
    const there = rack([two, flat]);
    expect(hindrance(there, device('x', null, 1), { position: 4, face: 'rear' })).toBe('two is there');
    expect(hindrance(there, device('x', null, 1, { full_depth: false }), { position: 1, face: 'rear' })).toBeNull();
    expect(hindrance(there, device('x', null, 1), { position: 1, face: 'rear' })).toBe('flat is there');
    expect(hindrance(there, device('x', null, 2), { position: 6, face: 'front' })).toBe('There is no unit');
    expect(hindrance(there, two, { position: 4, face: 'front' })).toBeNull();
    expect(freePlaces(there, device('x', null, 1), 'front')).toEqual([6, 5, 2]);
  });
  it('nudges over what is in between', () => {
    expect([nudge(rack([two, flat]), flat, true), nudge(rack([two, device('x', 2, 1)]), two, false)]).toEqual([2, null]);
    expect(nudge(rack([two, device('low', 2, 1)]), device('low', 2, 1), true)).toBe(5);
  });
  it('shows the back of what is as deep as the rack', () => {
    expect(seenFrom([two, flat], 'rear').map((each) => each.id)).toEqual(['two']);
  });
  it('moves between racks without changing what it was given', () => {
    const before = new Map([['a', rack([two], { id: 'a' })], ['b', rack([flat], { id: 'b' })]]);
    const after = withMoved(before, two, 'b', { position: 5, face: 'rear' });
    expect(after.get('a')?.devices).toEqual([]);
    expect(after.get('b')?.devices.map((each) => [each.id, each.position, each.face])).toEqual([['flat', 1, 'front'], ['two', 5, 'rear']]);
    expect(before.get('a')?.devices).toEqual([two]);
  });
  it('writes readably on every colour', () => {
    expect([inkOn('ffffff'), inkOn('000000'), inkOn('2196f3'), inkOn('0b63b0')]).toEqual(['black', 'white', 'black', 'white']);
  });
});

describe('next free prefix', () => {
  it('is the first that is wide enough, as the server takes it', () => {
    expect(nextOf(['10.0.0.64/26', '10.0.1.0/24'], 25)).toBe('10.0.1.0/25');
    expect(nextOf(['10.0.0.64/26', '10.0.1.0/24'], 28)).toBe('10.0.0.64/28');
    expect(nextOf(['10.0.0.64/26'], 24)).toBeNull();
    expect(lengthsWithin('10.0.0.0/24', ['10.0.0.128/25']).slice(0, 2)).toEqual([25, 26]);
    expect(lengthsWithin('10.0.0.0/24', [])).toEqual([]);
    expect([usualLength('10.0.0.0/16', [17, 18, 24, 25]), usualLength('10.0.0.0/25', [26, 27]), usualLength('2001:db8::/48', [49, 64]), usualLength('10.0.0.0/8', [])]).toEqual([24, 26, 64, null]);
    expect([sizeOf('10.0.0.0/22'), sizeOf('2001:db8::/64'), sizeOf('2001:db8::/48')]).toEqual(['1\u202f024', '1 × /64', '2^16 × /64']);
  });
});

describe('trace drawing', () => {
  const port = (id: string, step: number, at: string) => ({ id, model: 'inventory.interface', name: id, label: '', at: { id: at, display: at }, at_model: 'inventory.device', step });
  const cable = (id: string, a: string, b: string) => ({ id, number: 1, label: '', type: null, status: 'connected', color: null, length: '2', length_unit: 'm', a: [a], b: [b] });
  const trace: Trace = {
    origin: ['r'], ports: [port('e', -1, 'left'), port('f', 0, 'panel'), port('r', 0, 'panel'), port('x', 1, 'far'), port('y', 1, 'far')],
    cables: [cable('1', 'f', 'e'), cable('2', 'r', 'x')], passes: [{ from: 'r', to: 'f' }, { from: 'x', to: 'y' }], open: ['y'], complete: false, split: false, cut: false,
  };
  it('puts a column a step, and each port where its cable goes', () => {
    const drawing = layout(trace);
    expect(drawing.boxes.map((box) => [box.title, box.ports.map((each) => `${each.port.id} ${each.side}`)])).toEqual([['left', ['e right']], ['panel', ['f left', 'r right']], ['far', ['x left', 'y right']]]);
    const x = drawing.boxes.map((box) => box.x);
    expect([...x].sort((a, b) => a - b)).toEqual(x);
    expect([drawing.cables.length, drawing.passes.length]).toEqual([2, 2]);
    for (const each of drawing.cables) expect(Math.abs(each.to.x - each.from.x)).toBeGreaterThan(50);
  });
  it('keeps boxes of a column apart and inside', () => {
    const wide: Trace = { ...trace, ports: [port('o', 0, 'o'), ...Array.from({ length: 40 }, (_, n) => port(`p${n}`, 1, `d${n}`))], origin: ['o'], cables: Array.from({ length: 40 }, (_, n) => cable(`c${n}`, 'o', `p${n}`)), passes: [], open: [] };
    const { boxes, height } = layout(wide);
    const column = boxes.slice(1).sort((a, b) => a.y - b.y);
    column.forEach((box, at) => expect(box.y).toBeGreaterThanOrEqual(at === 0 ? 0 : (column[at - 1]?.y ?? 0) + (column[at - 1]?.height ?? 0)));
    expect((column.at(-1)?.y ?? 0) + (column.at(-1)?.height ?? 0)).toBeLessThanOrEqual(height);
  });
  it('sums lengths only when all are known', () => {
    expect(totalLength(trace)).toBe(4);
    expect(totalLength({ ...trace, split: true })).toBeNull();
    expect(totalLength({ ...trace, cables: [{ ...cable('1', 'f', 'e'), length: null }] })).toBeNull();
    expect(panelsOf(trace)).toBe(2);
  });
});

describe('record pages', () => {
  const model = (name: string, more: Partial<Model> = {}): Model => ({ name, product: 'p', collection: name, path: `/api/v1/p/${name}`, title: name, title_plural: `${name}s`, ui_path: `/p/${name}`, display: 'name', permission: `p/${name}`, operations: ['list'], fields: [], filters: [], sortable: [], ...more });
  const reference = (name: string, to: string) => ({ name, label: name, type: 'reference' as const, reference: { model: to, path: '', display: 'name' } });
  it('find what refers to a record, by every field, when it may be read', () => {
    const site = model('site');
    const models = [site, model('rack', { fields: [reference('site', 'site')], filters: ['site'] }), model('link', { fields: [reference('a', 'site'), reference('b', 'site')], filters: ['a', 'b'] }), model('hidden', { fields: [reference('site', 'site')], filters: ['site'] }), model('unfiltered', { fields: [reference('site', 'site')] }),
      model('group', { fields: [{ name: 'scope', label: 'Scope', type: 'generic_reference', references: [{ model: 'site', path: '', display: 'name' }] }], filters: ['scope_id'] })];
    const found = relatedTo(site, models, (permission) => permission !== 'p/hidden:read');
    expect(found.map((each) => [each.label, each.filter('1')])).toEqual([['racks', { site: '1' }], ['links (a)', { a: '1' }], ['links (b)', { b: '1' }], ['groups', { scope_id: '1' }]]);
  });
  it('lead to other records and to pages of products', () => {
    expect([targetPath([model('site')], { model: 'site' }, '1'), targetPath([], { model: 'site' }, '1')]).toEqual(['/p/site/1', null]);
    expect(linksOf('inventory.interface', { id: 'i' })).toEqual([{ label: 'Trace', icon: 'route', to: '/trace/interfaces/i' }]);
    expect(linksOf('inventory.rack', { id: 'r', site: { id: 's' } })[0]?.search).toEqual({ site: 's', racks: 'r' });
    expect(linksOf('platform.user', { id: 'u' })).toEqual([]);
  });
});
