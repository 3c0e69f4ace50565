import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Field, Model, Row } from '~/api/types';
import { byName, collapse, expand, renamed } from '~/products/inventory/types/names';
import { cellOf, copied, known, ownFields, templateModels, titleOf } from '~/products/inventory/types/templates';

describe('names by a pattern', () => {
  it.each([
    ['eth0', ['eth0']],
    ['eth[0-2]', ['eth0', 'eth1', 'eth2']],
    ['ge-0/0/[0,2,4-6]', ['ge-0/0/0', 'ge-0/0/2', 'ge-0/0/4', 'ge-0/0/5', 'ge-0/0/6']],
    ['[a-b][1-2].x', ['a1.x', 'a2.x', 'b1.x', 'b2.x']],
    ['Port [08-11]', ['Port 08', 'Port 09', 'Port 10', 'Port 11']],
    ['[A-C]', ['A', 'B', 'C']],
    ['[xe,ge]-[0-1]', ['xe-0', 'xe-1', 'ge-0', 'ge-1']],
  ])('%s', (pattern, names) => expect(expand(pattern)).toEqual(names));

  it.each(['eth[', 'eth]0[', 'eth[]', '[3-1]', '[a-Z]', '[c-a]', '[1-]', '[1-2-3]', '[0-1000]', '[0-99][0-99]', '[,]'])('%s is refused with a reason', (pattern) => {
    expect(() => expand(pattern)).toThrow(/\S/);
  });

  it('are told as ranges that mean the same', () => {
    expect(collapse(['eth10', 'eth1', 'eth2', 'mgmt', 'eth3', 'Port 08', 'Port 09'])).toEqual(['eth[1-3]', 'eth10', 'mgmt', 'Port 08', 'Port 09']);
    const name = fc.tuple(fc.constantFrom('eth', 'ge-0/0/', 'Port ', ''), fc.nat(30), fc.constantFrom('', ':a')).map(([head, number, tail]) => `${head}${number}${tail}`);
    fc.assert(
      fc.property(fc.uniqueArray(name, { maxLength: 40 }), (names) => {
        expect(collapse(names).flatMap(expand).sort(byName)).toEqual([...names].sort(byName));
      }),
    );
  });

  it('are changed together', () => {
    expect(renamed(['eth0', 'eth1'], 'eth', 'ge-0/0/', 0)).toEqual(['ge-0/0/0', 'ge-0/0/1']);
    expect(renamed(['a', 'b', 'c'], '', 'port {n}', 5)).toEqual(['port 5', 'port 6', 'port 7']);
    expect(renamed(['a', 'b'], '', '', 1)).toEqual(['a', 'b']);
  });
});

describe('templates', () => {
  const field = (name: string, type: Field['type'], more: Partial<Field> = {}): Field => ({ name, label: name, type, ...more });
  const to = (model: string) => ({ reference: { model, path: '', display: 'name' } });
  const model = (kind: string, fields: Field[], plural = `${kind} templates`): Model => ({ name: `inventory.${kind}_template`, title_plural: plural, fields: [field('device_type', 'reference', to('inventory.device_type')), field('name', 'text'), ...fields] }) as unknown as Model;
  const outlet = model('power_outlet', [field('power_port', 'reference', to('inventory.power_port_template')), field('color', 'text'), field('number', 'integer', { read_only: true })], 'Power outlet templates');
  const link = model('interface', [field('type', 'choice'), field('parent', 'reference', to('inventory.interface_template')), field('enabled', 'boolean')]);
  const item = model('inventory_item', [field('manufacturer', 'reference', to('inventory.manufacturer')), field('component', 'generic_reference')]);

  it('are those of device types, in an order in which each refers to those before', () => {
    const other = { ...model('nonsense', []), name: 'inventory.nonsense_template' };
    expect(templateModels([item, outlet, other, link, model('power_port', [])]).map((each) => each.name)).toEqual(['inventory.interface_template', 'inventory.power_port_template', 'inventory.power_outlet_template', 'inventory.inventory_item_template']);
    expect(titleOf(outlet)).toBe('Power outlets');
    expect(ownFields(outlet).map((each) => each.name)).toEqual(['name', 'power_port', 'color']);
    const kinds = new Set(['inventory.power_port_template']);
    expect(ownFields(outlet).map((each) => cellOf(each, kinds))).toEqual(['text', 'sibling', 'text']);
    expect(ownFields(item).map((each) => cellOf(each, kinds))).toEqual(['text', 'read', 'read']);
  });

  it('go to another type with references to what has the same name there', () => {
    const names = new Map([['pp1', 'In'], ['if1', 'eth0'], ['if2', 'eth1']]);
    const ids = new Map([[known('inventory.power_port_template', 'In'), 'PP'], [known('inventory.interface_template', 'eth0'), 'IF']]);
    const row = (more: Record<string, unknown>): Row => ({ id: 'x', version: 3, device_type: { id: 'old' }, ...more });
    expect(copied(outlet, row({ name: 'Out', power_port: { id: 'pp1', display: 'In' }, color: '', number: 7 }), 'new', names, ids)).toEqual({ body: { device_type: 'new', name: 'Out', power_port: 'PP' }, later: {} });
    expect(copied(link, row({ name: 'eth0.1', type: 'virtual', parent: { id: 'if1' }, enabled: false }), 'new', names, ids)).toEqual({ body: { device_type: 'new', name: 'eth0.1', type: 'virtual', enabled: false }, later: { parent: 'eth0' } });
    expect(copied(item, row({ name: 'SFP', manufacturer: { id: 'm1' }, component: { type: 'inventory.interface_template', id: 'if1' } }), 'new', names, ids).body).toEqual({ device_type: 'new', name: 'SFP', manufacturer: 'm1', component: { type: 'inventory.interface_template', id: 'IF' } });
    // What is not there is left out, never pointed at in the other type.
    expect(copied(item, row({ name: 'SFP', component: { type: 'inventory.interface_template', id: 'if2' } }), 'new', names, ids).body).toEqual({ device_type: 'new', name: 'SFP' });
  });
});
