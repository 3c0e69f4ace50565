// A small site through the API: two rows of racks with devices, panels, power and cables, and address
// space with a hierarchy. For tests and pictures.
//
//   PORTOLAN_URL=http://127.0.0.1:8080 PORTOLAN_USER=admin PORTOLAN_PASSWORD=... node scripts/site.mjs
//
// Prints the ids a picture or a test begins at, as JSON.

const AT = '/api/v1/inventory';

/** Logs in, and gives a caller of the API. */
export async function connect(url, username, password) {
  const login = await fetch(`${url}/api/v1/auth/login`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ username, password }) });
  if (!login.ok) throw new Error(`login: ${login.status} ${await login.text()}`);
  const { access_token: token } = await login.json();
  return async (method, path, body) => {
    const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` };
    const answer = await fetch(`${url}${path}`, body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  };
}

/** Makes everything; `mark` keeps two sites apart. */
export async function buildSite(api, mark = '') {
  const make = async (collection, body) => (Array.isArray(body) ? (await api('POST', `${AT}/${collection}`, body)).items : api('POST', `${AT}/${collection}`, body));
  const slug = (text) => `${text}${mark}`.toLowerCase().replaceAll(/[^a-z\d]+/g, '-');
  const named = (name, more = {}) => ({ name: `${name}${mark}`, slug: slug(name), ...more });

  const region = await make('regions', named('Netherlands'));
  const site = await make('sites', named('AMS 1', { region: region.id, facility: 'Science Park 120', description: 'Carrier hotel, hall 3' }));
  const manufacturer = await make('manufacturers', named('Meridian'));
  const roles = Object.fromEntries((await make('device-roles', [
    named('Spine', { color: '0b63b0' }), named('Leaf', { color: '2f8fd8' }), named('Firewall', { color: 'b3412e' }), named('Server', { color: '3f7d5a' }), named('Storage', { color: '7a5ea8' }), named('Patch panel', { color: 'c9b37a' }), named('Power', { color: '5c6670' }), named('Console', { color: 'd98e2b' }),
  ])).map((role) => [role.name.replace(mark, ''), role.id]));
  const type = (model, u_height, is_full_depth = true) => ({ manufacturer: manufacturer.id, model: `${model}${mark}`, slug: slug(model), u_height, is_full_depth });
  const types = Object.fromEntries((await make('device-types', [
    type('NX-9332 Spine', 2), type('NX-5448 Leaf', 1), type('FW-4200', 2), type('R-650', 1), type('R-750', 2), type('S-4U-60', 4), type('PP-24-LC', 1, false), type('PDU-32A', 0), type('CS-16', 1, false),
  ])).map((each) => [each.model.replace(mark, ''), each.id]));
  const racks = await make('racks', ['A01', 'A02', 'A03', 'A04'].map((name) => ({ name: `${name}${mark}`, site: site.id, u_height: 42, status: 'active' })));

  // Devices: name, type, role, rack, position, face.
  const plan = [];
  racks.forEach((rack, at) => {
    const n = at + 1;
    const put = (name, kind, role, position, face = 'front') => plan.push({ name: `${name}${mark}`, site: site.id, device_type: types[kind], role: roles[role], rack: rack.id, ...(position ? { position, face } : {}), status: 'active' });
    put(`ams-pp-${n}`, 'PP-24-LC', 'Patch panel', 42);
    put(`ams-leaf-${n}a`, 'NX-5448 Leaf', 'Leaf', 40);
    put(`ams-leaf-${n}b`, 'NX-5448 Leaf', 'Leaf', 39);
    if (n === 1 || n === 3) put(`ams-spine-${n === 1 ? 1 : 2}`, 'NX-9332 Spine', 'Spine', 36);
    if (n === 2) put('ams-fw-1', 'FW-4200', 'Firewall', 36);
    put(`ams-con-${n}`, 'CS-16', 'Console', 41, 'rear');
    for (let server = 0; server < 5 + n; server += 1) put(`ams-srv-${n}${String(server + 1).padStart(2, '0')}`, server % 3 === 2 ? 'R-650' : 'R-750', 'Server', 12 + server * 2 + (n % 2));
    if (n > 2) put(`ams-sto-${n}`, 'S-4U-60', 'Storage', 30);
    put(`ams-pdu-${n}a`, 'PDU-32A', 'Power');
    put(`ams-pdu-${n}b`, 'PDU-32A', 'Power');
  });
  plan.push(...['ams-srv-spare1', 'ams-srv-spare2'].map((name) => ({ name: `${name}${mark}`, site: site.id, device_type: types['R-650'], role: roles.Server, status: 'inventory' })));
  plan.push({ name: `ams-leaf-spare${mark}`, site: site.id, device_type: types['NX-5448 Leaf'], role: roles.Leaf, status: 'inventory' });
  const devices = Object.fromEntries((await make('devices', plan)).map((device) => [device.name.replace(mark, ''), device.id]));
  await api('PATCH', `${AT}/devices/${devices['ams-srv-105']}`, { status: 'planned' });
  const me = await api('GET', '/api/v1/me');
  await make('rack-reservations', [
    { rack: racks[0].id, units: [30, 31, 32], user: me.user.id, description: 'Backup appliance, March' },
    { rack: racks[1].id, units: [33, 34], user: me.user.id, description: 'Acme Shipping' },
  ]);
  const path = await cables(make, devices);
  await power(make, site, racks, devices, mark);
  const space = await addresses(make, site, mark);
  return { site: site.id, racks: racks.map((rack) => rack.id), devices, ...path, ...space };
}

/** Panels 1 and 3 joined by a trunk, leaves patched through them to spines; panel 2 leads to nothing yet. */
async function cables(make, devices) {
  const connect = async (a, b, more) => {
    const cable = await make('cables', { status: 'connected', ...more });
    const end = (cable_end, [model, id]) => ({ cable: cable.id, cable_end, termination: { type: `inventory.${model}`, id } });
    await make('cable-terminations', [end('A', a), end('B', b)]);
    return cable.id;
  };
  const panel = async (device) => {
    const rear = await make('rear-ports', { device, name: 'MPO 1', type: 'mpo', positions: 6 });
    const fronts = await make('front-ports', Array.from({ length: 6 }, (_, at) => ({ device, name: `LC ${at + 1}`, type: 'lc' })));
    await make('port-mappings', fronts.map((front, at) => ({ front_port: front.id, front_position: 1, rear_port: rear.id, rear_position: at + 1 })));
    return { rear: rear.id, fronts: fronts.map((front) => front.id) };
  };
  const ports = async (device, name, count, type) => (await make('interfaces', Array.from({ length: count }, (_, at) => ({ device, name: `${name}${at + 1}`, type })))).map((port) => port.id);
  const [one, two, three] = [await panel(devices['ams-pp-1']), await panel(devices['ams-pp-2']), await panel(devices['ams-pp-3'])];
  const leaf = await ports(devices['ams-leaf-1a'], 'et-0/0/', 8, '100gbase-x-qsfp28');
  const other = await ports(devices['ams-leaf-1b'], 'et-0/0/', 8, '100gbase-x-qsfp28');
  const spine = await ports(devices['ams-spine-2'], 'et-0/0/', 16, '100gbase-x-qsfp28');
  const near = await ports(devices['ams-spine-1'], 'et-0/0/', 16, '100gbase-x-qsfp28');
  const server = await ports(devices['ams-srv-101'], 'eno', 4, '25gbase-x-sfp28');
  const yellow = { type: 'smf-os2', color: 'e8c547', length_unit: 'm' };
  const trunk = await connect(['rear_port', one.rear], ['rear_port', three.rear], { type: 'mmf-om4', color: '1fb5b0', label: 'T-A01-A03', length: 22, length_unit: 'm' });
  await connect(['rear_port', two.rear], ['rear_port', (await panel(devices['ams-pp-4'])).rear], { type: 'mmf-om4', color: '1fb5b0', label: 'T-A02-A04', length: 18, length_unit: 'm' });
  await connect(['interface', leaf[0]], ['front_port', one.fronts[0]], { ...yellow, label: 'P-0101', length: 2 });
  await connect(['front_port', three.fronts[0]], ['interface', spine[0]], { ...yellow, label: 'P-0301', length: 3 });
  await connect(['interface', other[0]], ['front_port', one.fronts[1]], { ...yellow, label: 'P-0102', length: 2 });
  await connect(['front_port', three.fronts[1]], ['interface', spine[1]], { ...yellow, label: 'P-0302', length: 3 });
  await connect(['front_port', three.fronts[2]], ['interface', spine[2]], { ...yellow, label: 'P-0303', length: 3 });
  await connect(['interface', leaf[1]], ['interface', near[0]], { type: 'dac-passive', color: '333333', label: 'D-0101', length: 1, length_unit: 'm' });
  await connect(['interface', server[0]], ['interface', leaf[4]], { type: 'dac-passive', color: '333333', label: 'D-0102', length: 2, length_unit: 'm' });
  return { leafPort: leaf[0], spinePort: spine[0], openFront: two.fronts[0], trunk, trunkRear: one.rear };
}

/** Two feeds a rack, two strips, and what hangs on them. */
async function power(make, site, racks, devices, mark) {
  const panel = await make('power-panels', { name: `Hall 3${mark}`, site: site.id });
  for (const [at, rack] of racks.entries()) {
    const servers = Object.entries(devices).filter(([name]) => name.startsWith(`ams-srv-${at + 1}`) || name.startsWith(`ams-leaf-${at + 1}`) || (at === 0 && name === 'ams-spine-1') || (at === 2 && name === 'ams-spine-2'));
    for (const side of ['a', 'b']) {
      const feed = await make('power-feeds', { power_panel: panel.id, rack: rack.id, name: `${rack.name}-${side.toUpperCase()}`, voltage: 230, amperage: 32, max_utilization: 80, status: 'active' });
      const inlet = await make('power-ports', { device: devices[`ams-pdu-${at + 1}${side}`], name: 'Inlet', type: 'iec-60309-p-n-e-6h' });
      const outlets = await make('power-outlets', servers.map((_, n) => ({ device: devices[`ams-pdu-${at + 1}${side}`], name: `C13 ${n + 1}`, type: 'iec-60320-c13', power_port: inlet.id })));
      const ports = await make('power-ports', servers.map(([name, device]) => ({ device, name: side === 'a' ? 'PSU 1' : 'PSU 2', type: 'iec-60320-c14', maximum_draw: name.includes('spine') ? 900 : 450, allocated_draw: name.includes('spine') ? 620 : name.includes('leaf') ? 260 : 310 })));
      const cords = await make('cables', [{ type: 'power', status: 'connected' }, ...ports.map(() => ({ type: 'power', status: 'connected', color: side === 'a' ? '333333' : 'b3412e', length: 1, length_unit: 'm' }))]);
      const end = (cable, cable_end, model, id) => ({ cable, cable_end, termination: { type: `inventory.${model}`, id } });
      await make('cable-terminations', [
        end(cords[0].id, 'A', 'power_feed', feed.id), end(cords[0].id, 'B', 'power_port', inlet.id),
        ...ports.flatMap((port, n) => [end(cords[n + 1].id, 'A', 'power_outlet', outlets[n].id), end(cords[n + 1].id, 'B', 'power_port', port.id)]),
      ]);
    }
  }
}

/** Address space: containers, networks of the site with their addresses, a customer's table. */
async function addresses(make, site, mark) {
  const vrf = await make('vrfs', { name: `Acme Shipping${mark}`, rd: `65000:${mark === '' ? 10 : Number(mark.replaceAll(/\D/g, '').slice(-5)) + 11}` });
  const roles = Object.fromEntries((await make('roles', [named('Loopbacks', mark), named('Servers', mark), named('Management', mark), named('Links', mark), named('Storage', mark)])).map((role) => [role.name.replace(mark, ''), role.id]));
  const group = await make('vlan-groups', { name: `AMS 1${mark}`, slug: `ams-1${mark}`.toLowerCase(), scope: { type: 'inventory.site', id: site.id } });
  const vlans = Object.fromEntries((await make('vlans', [[110, 'servers'], [120, 'storage'], [900, 'mgmt']].map(([vid, name]) => ({ vid, name, group: group.id })))).map((vlan) => [vlan.name, vlan.id]));
  const scope = { type: 'inventory.site', id: site.id };
  // A marked site has a table of its own, so that two of them do not claim the same networks.
  const table = mark === '' ? {} : { vrf: vrf.id };
  const prefix = (text, description, more = {}) => ({ prefix: text, description, status: 'active', ...table, ...more });
  const rows = await make('prefixes', [
    prefix('10.0.0.0/8', 'Private use', { status: 'container' }),
    prefix('10.20.0.0/16', 'Amsterdam', { status: 'container', scope }),
    prefix('10.20.0.0/20', 'AMS 1', { status: 'container', scope }),
    prefix('10.20.0.0/24', 'Loopbacks', { role: roles.Loopbacks, scope }),
    prefix('10.20.1.0/24', 'Servers, hall 3', { role: roles.Servers, vlan: vlans.servers, scope }),
    prefix('10.20.2.0/24', 'Storage', { role: roles.Storage, vlan: vlans.storage, scope }),
    prefix('10.20.4.0/23', 'Management', { role: roles.Management, vlan: vlans.mgmt, scope }),
    prefix('10.20.8.0/24', 'Links between spines and leaves', { role: roles.Links, status: 'container', scope }),
    ...Array.from({ length: 9 }, (_, n) => prefix(`10.20.8.${n * 2}/31`, `ams-spine-${n % 2 ? 2 : 1} to leaf ${n + 1}`, { role: roles.Links })),
    prefix('10.21.0.0/16', 'Frankfurt, planned', { status: 'reserved' }),
    prefix('198.51.100.0/24', 'Public services', { is_pool: true, scope }),
    prefix('2001:db8::/32', 'From the registry', { status: 'container' }),
    prefix('2001:db8:20::/48', 'AMS 1', { status: 'container', scope }),
    prefix('2001:db8:20:1::/64', 'Servers, hall 3', { role: roles.Servers, vlan: vlans.servers, scope }),
  ]);
  const many = (base, count, length) => Array.from({ length: count }, (_, n) => ({ address: `${base}${n + 1}/${length}`, ...table }));
  await make('ip-addresses', [...many('10.20.0.', 24, 32), ...many('10.20.1.', 187, 24), ...many('10.20.2.', 61, 24), ...many('10.20.4.', 230, 23), ...many('198.51.100.', 236, 24), ...many('2001:db8:20:1::', 40, 64)]);
  if (mark === '') await make('prefixes', [{ prefix: '172.16.0.0/16', vrf: vrf.id, status: 'container' }, { prefix: '172.16.4.0/22', vrf: vrf.id, status: 'active' }]);
  const id = (text) => rows.find((row) => row.prefix === text)?.id;
  return { vrf: vrf.id, ams: id('10.20.0.0/20'), root: id('10.0.0.0/8'), amsterdam: id('10.20.0.0/16'), servers: id('10.20.1.0/24') };
}

function named(name, mark) {
  return { name: `${name}${mark}`, slug: `${name}${mark}`.toLowerCase().replaceAll(/[^a-z\d]+/g, '-') };
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const api = await connect(process.env.PORTOLAN_URL ?? 'http://127.0.0.1:8080', process.env.PORTOLAN_USER ?? 'admin', process.env.PORTOLAN_PASSWORD ?? '');
  console.log(JSON.stringify(await buildSite(api, process.argv[2] ?? '')));
}
