// The inventory of the stand-in server: a site with two racks, some prefixes and a path through two
// panels. Behaviour is the least a page needs; the truth is the real server's.

import { seedTypes, typeDocuments, typeModels } from './types.mjs';

const AT = '/api/v1/inventory';

const field = (name, label, type, more = {}) => ({ name, label, type, required: false, read_only: false, write_only: false, immutable: false, unique: false, list: true, help: null, placeholder: '', max_length: null, min: null, max: null, default: null, unit: null, choices: [], reference: null, show_when: null, ...more });
const text = (name, label, more) => field(name, label, 'text', more);
const to = (model, collection, display = 'name') => ({ reference: { model, path: `${AT}/${collection}`, display } });
const model = (kind, collection, title, plural, group, icon, display, fields) => ({
  name: `inventory.${kind}`, product: 'inventory', collection, path: `${AT}/${collection}`, title, title_plural: plural, icon, description: '', ui_path: `/inventory/${collection}`, nav_group: group, display, permission: `inventory/${collection}`,
  operations: ['list', 'read', 'create', 'update', 'delete'], fields, filters: fields.map((each) => each.name), sortable: fields.map((each) => each.name), default_sort: display,
});
const status = field('status', 'Status', 'choice', { choices: ['active', 'planned', 'container', 'reserved'].map((value) => ({ value, label: value.charAt(0).toUpperCase() + value.slice(1) })) });

export const INVENTORY_MODELS = [
  ...typeModels(field, model),
  model('site', 'sites', 'Site', 'Sites', 'Sites', 'building', 'name', [text('name', 'Name', { required: true }), field('rack_count', 'Racks', 'count', { read_only: true }), field('custom_fields', 'Custom fields', 'custom', { list: false, default: {} })]),
  model('rack', 'racks', 'Rack', 'Racks', 'Racks', 'server-2', 'name', [text('name', 'Name', { required: true }), field('site', 'Site', 'reference', to('inventory.site', 'sites')), field('u_height', 'Height', 'integer')]),
  model('device_type', 'device-types', 'Device type', 'Device types', 'Devices', 'router', 'model', [text('model', 'Model'), field('u_height', 'Height', 'decimal'), field('is_full_depth', 'Full depth', 'boolean')]),
  model('device_role', 'device-roles', 'Device role', 'Device roles', 'Devices', 'router', 'name', [text('name', 'Name'), text('color', 'Colour', { format: 'color' })]),
  model('device', 'devices', 'Device', 'Devices', 'Devices', 'router', 'name', [
    text('name', 'Name'), field('device_type', 'Device type', 'reference', to('inventory.device_type', 'device-types', 'model')), field('role', 'Role', 'reference', to('inventory.device_role', 'device-roles')), status,
    field('site', 'Site', 'reference', to('inventory.site', 'sites')), field('rack', 'Rack', 'reference', to('inventory.rack', 'racks')), field('position', 'Position', 'decimal'), text('face', 'Face'), field('comments', 'Comments', 'long_text', { list: false }),
  ]),
  model('interface', 'interfaces', 'Interface', 'Interfaces', 'Components', 'plug', 'name', [text('name', 'Name'), field('device', 'Device', 'reference', to('inventory.device', 'devices')), text('type', 'Type')]),
  model('vrf', 'vrfs', 'VRF', 'VRFs', 'Addresses', 'list-numbers', 'name', [text('name', 'Name'), text('rd', 'Route distinguisher')]),
  model('prefix', 'prefixes', 'Prefix', 'Prefixes', 'Addresses', 'list-numbers', 'prefix', [field('prefix', 'Prefix', 'prefix', { required: true }), field('vrf', 'VRF', 'reference', to('inventory.vrf', 'vrfs')), status, text('description', 'Description')]),
];

export function seedInventory(row) {
  const type = (id, name, u_height, is_full_depth = true) => row(id, { model: name, u_height, is_full_depth });
  const device = (id, name, device_type, role, rack, position, face) => row(id, { name, device_type, role, status: 'active', site: 'site1', rack, position, face, comments: '' });
  const prefix = (id, text, state, description) => row(id, { prefix: text, vrf: null, status: state, description });
  return {
    ...seedTypes(row),
    'inventory.site': [row('site1', { name: 'AMS 1', rack_count: 2, custom_fields: { tier: 'gold', contract: 'SC-1204', covers: ['gold', 'silver'], portal: 'https://support.example.net/ams', until: '2027-03-31', floor: 3, load: 12.5, manned: true, checked: '2026-11-01T09:30:00Z', notes: 'Ring twice.\nDogs.', meta: { hall: 3 }, mainrack: 'rack1', racks: ['rack2'], sync_id: 'ERP-77', secretly: 'x' } }), ...[1, 2].map((n) => row(`depot${n}`, { name: `Depot ${n}`, rack_count: 0, custom_fields: { tier: n === 1 ? 'silver' : 'gold', floor: 0 } }))],
    'inventory.rack': [row('rack1', { name: 'A01', site: 'site1', u_height: 12 }), row('rack2', { name: 'A02', site: 'site1', u_height: 12 })],
    'inventory.device_type': [type('type1', 'NX-5448 Leaf', 1), type('type2', 'R-750', 2), type('type3', 'PP-24-LC', 1, false), type('type0', 'PDU-32A', 0)],
    'inventory.device_role': [row('role1', { name: 'Leaf', color: '2f8fd8' }), row('role2', { name: 'Server', color: '3f7d5a' }), row('role3', { name: 'Patch panel', color: 'c9b37a' })],
    'inventory.device': [
      device('leaf1', 'ams-leaf-1', 'type1', 'role1', 'rack1', 11, 'front'), device('srv1', 'ams-srv-1', 'type2', 'role2', 'rack1', 3, 'front'), device('srv2', 'ams-srv-2', 'type2', 'role2', 'rack1', 5, 'front'),
      device('panel1', 'ams-pp-1', 'type3', 'role3', 'rack1', 12, 'front'), device('panel2', 'ams-pp-2', 'type3', 'role3', 'rack2', 12, 'front'), device('leaf2', 'ams-leaf-2', 'type1', 'role1', 'rack2', 11, 'front'),
      device('pdu1', 'ams-pdu-1', 'type0', 'role3', 'rack1', null, null), device('spare1', 'ams-srv-spare', 'type2', 'role2', null, null, null),
    ],
    'inventory.interface': [row('if1', { name: 'et-0/0/1', device: 'leaf1', type: '100gbase-x' }), row('if2', { name: 'et-0/0/1', device: 'leaf2', type: '100gbase-x' }), row('if3', { name: 'et-0/0/2', device: 'leaf1', type: '100gbase-x' })],
    'inventory.vrf': [row('vrf1', { name: 'Acme', rd: '65000:1' })],
    'inventory.prefix': [prefix('p8', '10.0.0.0/8', 'container', 'Private use'), prefix('p16', '10.20.0.0/16', 'container', 'Amsterdam'), prefix('p24', '10.20.1.0/24', 'active', 'Servers'), prefix('p24b', '10.20.2.0/24', 'active', 'Storage')],
  };
}

const number = (prefix) => prefix.split('/')[0].split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
const length = (prefix) => Number(prefix.split('/')[1]);
const within = (inner, outer) => length(inner) > length(outer) && number(inner) >= number(outer) && number(inner) < number(outer) + 2 ** (32 - length(outer));
const dotted = (value) => [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');

/** Answers what is more than a record, or gives false. */
export function inventory({ method, path, query, body, send, problem, response }, records) {
  const svg = (text) => {
    response.writeHead(200, { 'Content-Type': 'image/svg+xml' });
    response.end(text);
  };
  if (typeDocuments({ method, path, query, body, send, response }, records)) return true;
  const rest = path.slice(AT.length + 1).split('/');
  if (rest[0] === 'prefix-tree') return send(200, tree(records, query)) ?? true;
  if (rest[2] === 'elevation.svg') return svg(picture(records, rest[1], query)) ?? true;
  if (rest[2] === 'elevation') return send(200, elevation(records, rest[1])) ?? true;
  if (rest[2] === 'trace') return send(200, trace(rest[0], rest[1])) ?? true;
  if (rest[2] === 'available-prefixes' || rest[2] === 'available-ips') {
    const prefixes = records['inventory.prefix'];
    const parent = prefixes.find((each) => each.id === rest[1]);
    if (!parent) return problem(404, 'not-found', 'There is nothing at this address') ?? true;
    if (rest[2] === 'available-ips') return send(method === 'POST' ? 201 : 200, method === 'POST' ? { id: 'ip1', address: `${dotted(number(parent.prefix) + 9)}/${length(parent.prefix)}` } : { items: [{ address: `${dotted(number(parent.prefix) + 9)}/${length(parent.prefix)}` }] }) ?? true;
    const free = gaps(prefixes, parent.prefix);
    if (method === 'GET') return send(200, { items: free.map((prefix) => ({ prefix })) }) ?? true;
    const block = free.find((each) => length(each) <= body.prefix_length);
    const made = { id: `p${prefixes.length}`, version: 1, prefix: `${block.split('/')[0]}/${body.prefix_length}`, vrf: null, status: body.status ?? 'active', description: body.description ?? '' };
    prefixes.push(made);
    return send(201, made) ?? true;
  }
  // A place that is taken is refused, as the real server does.
  if (rest[0] === 'devices' && method === 'PATCH' && body.rack && body.position) {
    const devices = records['inventory.device'];
    const high = (device) => records['inventory.device_type'].find((each) => each.id === device.device_type)?.u_height ?? 1;
    const moved = devices.find((each) => each.id === rest[1]);
    const other = moved && devices.find((each) => each.id !== moved.id && each.rack === body.rack && each.position !== null && each.position < body.position + high(moved) && body.position < each.position + high(each));
    if (other) return problem(422, 'invalid', 'Unprocessable Content', `/position: ${other.name} is there already.`, [{ pointer: '/position', code: 'occupied', message: `${other.name} is there already.` }]) ?? true;
  }
  return false;
}

function gaps(prefixes, parent) {
  const free = [];
  let at = number(parent);
  const end = at + 2 ** (32 - length(parent));
  const inside = prefixes.filter((each) => within(each.prefix, parent) && !prefixes.some((other) => other !== each && within(each.prefix, other.prefix) && within(other.prefix, parent))).sort((a, b) => number(a.prefix) - number(b.prefix));
  for (const stop of [...inside.map((each) => [number(each.prefix), number(each.prefix) + 2 ** (32 - length(each.prefix))]), [end, end]]) {
    while (at < stop[0]) {
      let bits = 0;
      while (at % 2 ** (bits + 1) === 0 && at + 2 ** (bits + 1) <= stop[0]) bits += 1;
      free.push(`${dotted(at)}/${32 - bits}`);
      at += 2 ** bits;
    }
    at = Math.max(at, stop[1]);
  }
  return free;
}

function tree(records, query) {
  const prefixes = query.vrf ? [] : records['inventory.prefix'];
  const around = (row) => prefixes.filter((other) => within(row.prefix, other.prefix)).sort((a, b) => length(a.prefix) - length(b.prefix));
  const line = (row) => ({ kind: 'prefix', id: row.id, prefix: row.prefix, status: row.status, vrf: null, role: null, vlan: null, assigned_tenant: null, scope: null, description: row.description ?? '', is_pool: false, mark_utilized: false, version: row.version, children: prefixes.filter((other) => within(other.prefix, row.prefix)).length, depth: around(row).length, utilisation: row.status === 'container' ? 1.2 : 73.6, addresses: row.status === 'container' ? 0 : 187 });
  if (query.q) return { above: [], items: prefixes.filter((row) => row.prefix.includes(query.q) || (row.description ?? '').toLowerCase().includes(query.q.toLowerCase())).map(line), next_cursor: null };
  const parent = prefixes.find((row) => row.id === query.parent);
  const level = prefixes.filter((row) => (parent ? around(row).at(-1) === parent : around(row).length === 0));
  const free = parent ? gaps(prefixes, parent.prefix).map((prefix) => ({ kind: 'free', prefix })) : [];
  return { above: parent ? [...around(parent), parent].map(line) : [], items: [...level.map(line), ...free].sort((a, b) => number(a.prefix) - number(b.prefix)), next_cursor: null };
}

/** The least of a drawing: the server's is drawn in Rust. */
function picture(records, id, query) {
  const { u_height: high, devices } = elevation(records, id);
  const dark = query.theme === 'dark';
  const boxes = devices.filter((device) => device.position !== null).map((device) => `<g><rect x="20" y="${(high - device.position - device.height + 1) * 20}" width="180" height="${device.height * 20 - 1}" fill="#${device.role.color}"/><text x="110" y="${(high - device.position + 1) * 20 - 6}" text-anchor="middle" font-size="11" font-family="sans-serif" fill="${dark ? 'white' : 'black'}">${device.name}</text></g>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="220" height="${high * 20}"><rect x="19" y="0" width="182" height="${high * 20}" fill="none" stroke="gray"/>${boxes.join('')}</svg>`;
}

function elevation(records, id) {
  const rack = records['inventory.rack'].find((each) => each.id === id);
  const role = (key) => records['inventory.device_role'].find((each) => each.id === key);
  const kind = (key) => records['inventory.device_type'].find((each) => each.id === key);
  const devices = records['inventory.device'].filter((each) => each.rack === id).map((row) => ({ id: row.id, name: row.name, position: row.position, face: row.face, height: kind(row.device_type).u_height, full_depth: kind(row.device_type).is_full_depth, status: row.status, role: { id: row.role, display: role(row.role).name, color: role(row.role).color }, device_type: { id: row.device_type, display: kind(row.device_type).model }, asset_tag: null, version: row.version }));
  const used = devices.filter((device) => device.position !== null).reduce((sum, device) => sum + device.height, 0);
  return { id, name: rack.name, site: { id: rack.site, display: records['inventory.site'].find((each) => each.id === rack.site).name }, location: null, status: 'active', u_height: rack.u_height, starting_unit: 1, desc_units: false, units: [], devices, reservations: id === 'rack1' ? [{ id: 'res1', units: [8, 9], description: 'Backup appliance', user: null, assigned_tenant: null }] : [], utilisation: { units: rack.u_height, units_used: used, units_reserved: 2, power_available: 5888, power_allocated: 2140, power_maximum: 4100 } };
}

function trace(collection, id) {
  const at = (device, display) => ({ at: { id: device, display }, at_model: 'inventory.device' });
  const port = (key, kind, name, step, where) => ({ id: key, model: `inventory.${kind}`, name, label: '', step, ...where });
  const begin = port('if1', 'interface', 'et-0/0/1', 0, at('leaf1', 'ams-leaf-1'));
  if (id === 'if3') return { origin: ['if3'], ports: [{ ...begin, id: 'if3', name: 'et-0/0/2' }], cables: [], passes: [], open: [], complete: false, split: false, cut: false };
  const cable = (key, label, color, a, b) => ({ id: key, number: 1, label, type: 'smf-os2', status: 'connected', color, length: '3.00', length_unit: 'm', a: [a], b: [b] });
  return {
    origin: [collection === 'interfaces' ? 'if1' : id],
    ports: [begin, port('f1', 'front_port', 'LC 1', 1, at('panel1', 'ams-pp-1')), port('r1', 'rear_port', 'MPO 1', 1, at('panel1', 'ams-pp-1')), port('r2', 'rear_port', 'MPO 1', 2, at('panel2', 'ams-pp-2')), port('f2', 'front_port', 'LC 1', 2, at('panel2', 'ams-pp-2')), port('if2', 'interface', 'et-0/0/1', 3, at('leaf2', 'ams-leaf-2'))],
    cables: [cable('c1', 'P-0101', 'e8c547', 'if1', 'f1'), cable('c2', 'T-A01-A02', '1fb5b0', 'r1', 'r2'), cable('c3', 'P-0201', 'e8c547', 'f2', 'if2')],
    passes: [{ from: 'f1', to: 'r1' }, { from: 'r2', to: 'f2' }], open: [], complete: true, split: false, cut: false,
  };
}
