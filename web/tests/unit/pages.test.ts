import { describe, expect, it } from 'vitest';
import type { Me, Model, Topology, TopologyLink, TopologyNode } from '~/api/types';
import { chordReader, keyName } from '~/app/keys';
import { buildNavigation } from '~/app/navigation';
import { safeNext } from '~/platform/login/LoginPage';
import { dashOf, filterTopology, findNodes, shapeOf, toFrame } from '~/products/atlas/map/frame';
import { entries, isIpv6, isPrefix, parseAllow, parseSeeds, suggestAllow } from '~/products/monitoring/discovery/parse';
import { placeStartErrors } from '~/products/monitoring/discovery/StartForm';

describe('discovery form', () => {
  it.each([['::', true], ['::1', true], ['fd00:1::1', true], ['1:2:3:4:5:6:7:8', true], ['fe80::1%eth0', true], ['::ffff:10.0.0.1', true], ['1:2:3:4:5:6:7', false], ['1::2::3', false], ['12345::', false], ['fe80::1%', false], ['10.0.0.1', false], ['1:2:3:4:5:6:7::8', false]])('%s is IPv6: %s', (text, answer) => expect(isIpv6(text)).toBe(answer));
  it.each([['10.0.0.0/8', true], ['10.0.0.0/33', false], ['10.0.0.0', false], ['fd00::/16', true], ['fd00::/129', false], ['10.0.0.256/8', false], ['010.0.0.0/8', false]])('%s is a prefix: %s', (text, answer) => expect(isPrefix(text)).toBe(answer));
  it('says what is wrong with which entry', () => {
    expect(entries(' 10.0.0.1,10.0.0.2\n10.0.0.1 ')).toEqual(['10.0.0.1', '10.0.0.2']);
    expect(parseSeeds('10.0.0.1 core1').problem).toContain('"core1"');
    expect(parseSeeds('').problem).toContain('at least one');
    expect(parseAllow('10.0.0.0/8').problem).toBeNull();
  });
  it('offers the block around the seeds', () => {
    expect(suggestAllow(['10.1.99.1', '10.2.0.1', 'fd00:1::1', '203.0.113.7'])).toBe('10.0.0.0/8\nfc00::/7\n203.0.113.0/24');
  });
  it('places errors of the server at their field', () => {
    expect(placeStartErrors([{ pointer: '/seeds/0', message: 'a' }, { pointer: '/port', message: 'b' }, { message: 'c' }])).toEqual({ seeds: 'a c', port: 'b' });
  });
});

describe('keys', () => {
  it('names combinations', () => {
    const event = (key: string, more = {}) => ({ key, ctrlKey: false, metaKey: false, altKey: false, ...more });
    expect([keyName(event('K', { ctrlKey: true })), keyName(event('k', { metaKey: true })), keyName(event('?')), keyName(event('x', { altKey: true })), keyName(event('Escape'))]).toEqual(['mod+k', 'mod+k', '?', null, 'Escape']);
  });
  it('reads chords in time and forgets late ones', () => {
    let now = 0;
    const read = chordReader(() => now);
    const known = (name: string) => ['g h', 'h', '?'].includes(name);
    expect(read('g', known)).toBeNull();
    expect(read('h', known)).toBe('g h');
    expect(read('g', known)).toBeNull();
    now = 5000;
    expect(read('h', known)).toBe('h');
    expect(read('?', known)).toBe('?');
  });
});

describe('navigation', () => {
  const me: Me = { user: { id: 'u', name: 'a', email: null, display_name: null }, tenant: { id: 't', slug: 't', name: 'T' }, tenants: [], permissions: ['atlas/topology:read', 'atlas/devices:read', 'platform/users:read'], must_change_password: false, version: '1', navigation: [{ path: '/map', title: 'Map', permission: 'atlas/topology:read', order: 10 }, { path: '/flows', title: 'Flows', permission: 'flows/flows:read' }] };
  const model = (name: string, permission: string, more: Partial<Model> = {}): Model => ({ name, product: 'p', collection: 'c', path: '/x', title: name, title_plural: `${name}s`, ui_path: `/admin/${name}`, nav_group: 'Access', display: 'name', permission, operations: ['list'], fields: [], filters: [], sortable: [], ...more });
  it('shows what one may see, the server’s entries first, models by group', () => {
    const groups = buildNavigation(me, [model('user', 'platform/users'), model('role', 'platform/roles'), model('hidden', 'platform/users', { nav_group: null })]);
    expect(groups.map((group) => [group.title, group.items.map((item) => item.path)])).toEqual([[null, ['/', '/map', '/devices']], ['Access', ['/admin/user']]]);
  });
});

describe('login', () => {
  it.each([['/map?layer=l1', '/map?layer=l1'], ['//evil.example', '/'], ['https://evil.example', '/'], ['/\\evil', '/'], ['', '/']])('%s leads to %s', (next, to) => expect(safeNext(next)).toBe(to));
});

describe('map frame', () => {
  const node = (id: string, more: Partial<TopologyNode> = {}): TopologyNode => ({ id, kind: 'device', role: 'switch', name: id, addresses: ['10.0.0.1'], x: 0, y: 0, state: 'fresh', status: 'ok', ...more });
  const link = (id: string, a: string, b: string, more: Partial<TopologyLink> = {}): TopologyLink => ({ id, layer: 'l1', kind: 'cable', a: { device: a, interface: 'e0' }, b: { device: b, interface: null }, state: 'up', confidence: 1, grade: 'confirmed', evidence: [], ...more });
  const topology: Topology = { layer: 'l1', generated_at: '', revision: 1, nodes: [node('a', { role: 'router', vendor: 'Juniper' }), node('b', { role: 'toaster' }), node('c', { state: 'gone' }), node('s', { kind: 'segment', role: 'segment', x: null, y: null })], links: [link('1', 'a', 'b'), link('2', 'a', 'c'), link('3', 'a', 's', { state: 'gone' })] };

  it('maps unknown roles and kinds to something that can be drawn', () => {
    expect(topology.nodes.map(shapeOf)).toEqual(['router', 'unknown', 'switch', 'segment']);
  });
  it('draws the pattern of the layer and breaks up weak evidence', () => {
    expect([dashOf({ layer: 'l1', kind: 'cable', grade: 'confirmed' }), dashOf({ layer: 'l2', kind: 'cable', grade: 'inferred' }), dashOf({ layer: 'l1', kind: 'cable', grade: 'guess' }), dashOf({ layer: 'l3', kind: 'ospf', grade: 'guess' }), dashOf({ layer: 'l3', kind: 'bgp', grade: 'confirmed' })]).toEqual(['solid', 'dash', 'dot', 'long', 'dashdot']);
  });
  it('filters nodes and the links that lose an end', () => {
    const all = filterTopology(topology, { roles: [], showGone: true });
    expect([all.nodes.length, all.links.length]).toEqual([4, 3]);
    const some = filterTopology(topology, { roles: ['router', 'switch', 'segment'], showGone: false });
    expect([some.nodes.map((each) => each.id), some.links]).toEqual([['a', 's'], []]);
    expect(toFrame(all).nodes.every((each) => Number.isFinite(each.x))).toBe(true);
    expect(toFrame(all).links[2]).toMatchObject({ presence: 'gone', labelA: 'e0', labelB: '' });
  });
  it('finds by every word', () => {
    expect(findNodes(topology.nodes, 'juniper router')).toEqual(['a']);
    expect(findNodes(topology.nodes, '  ')).toBeNull();
    expect(findNodes(topology.nodes, 'nobody')).toEqual([]);
  });
});
