// A stand-in for the server: the HTTP contract with fixture data, in memory. For development and
// smoke tests of the pages only; the tests of truth run against the real binary.
import { randomUUID } from 'node:crypto';
import { customize, shownCustom } from './custom.mjs';
import { driftOf } from './drift.mjs';
import { inventory } from './inventory.mjs';
import { network } from './network.mjs';
import { MODELS, seedRecords } from './records.mjs';
import { pictures } from './types.mjs';

const iso = (at = Date.now()) => new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');

export function createFake({ nodes = 60, empty = false, password = 'portolan-admin', mustChange = false } = {}) {
  const net = empty ? { nodes: [], links: { l1: [], l2: [], l3: [] } } : network(nodes);
  const records = seedRecords();
  const history = new Map();
  const sessions = new Map();
  const discoveries = empty ? [] : [finishedDiscovery(net)];
  const jobs = new Map();
  const streams = new Set();
  const drift = driftOf(net, jobs);
  let revision = 1;
  const secret = { value: password, mustChange };
  if (!empty) jobs.set(discoveries[0].job_id, { id: discoveries[0].job_id, kind: 'monitoring.discovery', state: 'completed', progress: { done: discoveries[0].counts.asked, total: discoveries[0].counts.asked, message: 'done' }, result: null, error: null, created_at: iso(Date.now() - 900_000), started_at: iso(Date.now() - 899_000), finished_at: iso(Date.now() - 880_000), attempt: 1, created_by: 'admin' });

  const emit = (type, data) => {
    for (const stream of streams) stream.write(`event: ${type}\nid: ${Date.now()}\ndata: ${JSON.stringify(data)}\n\n`);
  };

  return function handle(request, response) {
    const url = new URL(request.url, 'http://fake');
    const path = url.pathname;
    const id = randomUUID();
    const send = (status, body, headers = {}) => {
      response.writeHead(status, { 'Content-Type': status >= 400 ? 'application/problem+json' : 'application/json', 'X-Request-Id': id, ...headers });
      response.end(body === undefined ? undefined : JSON.stringify(body));
    };
    const problem = (status, code, title, detail, errors) => send(status, { type: `/problems/${code}`, title, status, detail, instance: `urn:uuid:${id}`, code, errors });
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      let body;
      try {
        const text = Buffer.concat(chunks).toString();
        const type = request.headers['content-type'] ?? '';
        body = type === 'application/octet-stream' ? Buffer.concat(chunks) : /^(text\/csv|application\/x-ndjson|application\/yaml)/.test(type) ? text : chunks.length > 0 ? JSON.parse(text) : undefined;
      } catch {
        return problem(400, 'bad-json', 'The body is not JSON', 'Send a JSON document.');
      }
      try {
        route({ request, response, method: request.method, path, query: Object.fromEntries(url.searchParams), body, send, problem });
      } catch (error) {
        problem(500, 'fake-fault', 'Fake server fault', String(error.stack));
      }
    });
  };

  function route(context) {
    const { request, response, method, path, query, body, send, problem } = context;
    if (path === '/healthz' || path === '/readyz') return send(200, { status: 'ok' });
    const cookie = /__Host-portolan_session=([^;]+)/.exec(request.headers.cookie ?? '')?.[1];
    const session = sessions.get(cookie) ?? sessions.get((request.headers.authorization ?? '').replace('Bearer ', ''));
    if (path === '/api/v1/auth/session' && method === 'POST') {
      if (!['admin', 'admin@localhost'].includes(body?.username) || body.password !== secret.value) return problem(401, 'invalid-credentials', 'Name or password is wrong');
      const key = randomUUID();
      sessions.set(key, { csrf: randomUUID(), tenant: 'default' });
      return send(200, { csrf_token: sessions.get(key).csrf, must_change_password: secret.mustChange }, { 'Set-Cookie': `__Host-portolan_session=${key}; Path=/; HttpOnly; Secure; SameSite=Lax` });
    }
    if (!session) return problem(401, 'unauthenticated', 'Sign in first');
    if (method !== 'GET' && request.headers['x-csrf-token'] !== session.csrf) return problem(403, 'csrf', 'The CSRF token is missing or wrong');
    if (path === '/api/v1/auth/session' && method === 'DELETE') {
      sessions.delete(cookie);
      return send(204, undefined, { 'Set-Cookie': '__Host-portolan_session=; Path=/; Max-Age=0; HttpOnly; Secure' });
    }
    if (path === '/api/v1/auth/password') {
      if (body.current !== secret.value) return problem(422, 'validation', 'The password was not changed', 'The current password is wrong.', [{ pointer: '/current', message: 'is wrong' }]);
      Object.assign(secret, { value: body.new, mustChange: false });
      return send(204);
    }
    if (path === '/api/v1/me') return send(200, me(session));
    if (secret.mustChange) return problem(403, 'password-change-required', 'Choose a new password first');
    if (path === '/api/v1/session/tenant') {
      session.tenant = body.tenant_id;
      return send(204);
    }
    if (path === '/api/v1/meta/models') return send(200, { models: MODELS });
    if (path === '/api/v1/host') return send(200, HOST);
    if (path === '/api/v1/search') return send(200, { items: [], next_cursor: null });
    if (path === '/api/v1/atlas/search') return send(200, { items: search(query.q ?? ''), next_cursor: null });
    if (path === '/api/v1/events/stream') return openStream(request, response);
    if (path.startsWith('/api/v1/atlas/')) return atlas(context);
    if (path.startsWith('/api/v1/monitoring/discoveries')) return discovery(context);
    if (/^\/api\/v1\/platform\/jobs\/[^/]+/.test(path)) return job(context);
    if (path === '/api/v1/platform/jobs') return send(200, { items: [...jobs.values()], next_cursor: null, total: jobs.size });
    if (path.startsWith('/api/v1/inventory/') && inventory(context, records)) return undefined;
    if (path.startsWith('/api/v1/platform/image-attachments') && pictures(context, records)) return undefined;
    return record(context);
  }

  function me(session) {
    const tenants = [{ id: 'default', slug: 'default', name: 'Default', kind: 'root' }, { id: 'acme', slug: 'acme', name: 'Acme Shipping', kind: 'customer' }];
    return {
      user: { id: 'u1', name: 'admin', email: 'admin@localhost', display_name: 'Administrator' },
      tenant: tenants.find((each) => each.id === session.tenant), tenants,
      permissions: ['*:*'], csrf_token: session.csrf, must_change_password: secret.mustChange, version: '0.1.0',
      navigation: [
        { path: '/map', title: 'Map', icon: 'topology-star-3', permission: 'atlas/topology:read', order: 10 },
        { path: '/devices', title: 'Devices', icon: 'router', permission: 'atlas/devices:read', order: 20 },
        { path: '/drift', title: 'Drift', icon: 'git-compare', permission: 'atlas/drift:read', order: 25 },
        { path: '/discovery', title: 'Discovery', icon: 'radar', permission: 'monitoring/discoveries:read', order: 30 },
        { path: '/unplaced', title: 'Unplaced', icon: 'map-pin-question', permission: 'atlas/unplaced:read', order: 40 },
      ],
    };
  }

  function openStream(request, response) {
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    response.write(': hello\n\n');
    streams.add(response);
    const beat = setInterval(() => response.write(': beat\n\n'), 15_000);
    request.on('close', () => {
      clearInterval(beat);
      streams.delete(response);
    });
  }

  function search(q) {
    const text = q.toLowerCase();
    return net.nodes
      .filter((node) => node.name.includes(text) || node.addresses.some((address) => address.startsWith(text)))
      .slice(0, 8)
      .map((node) => ({ kind: 'device', id: node.id, title: node.name, subtitle: node.addresses[0], url: `/devices/${node.id}` }));
  }

  function atlas({ method, path, query, body, send, problem, response }) {
    const rest = path.slice('/api/v1/atlas/'.length);
    if (rest === 'topology') {
      const layer = query.layer ?? 'l2';
      const links = net.links[layer];
      const used = new Set(links.flatMap((link) => [link.a.device, link.b.device]));
      const nodesShown = layer === 'l3' ? net.nodes.filter((node) => used.has(node.id)) : net.nodes;
      return send(200, { layer, generated_at: iso(), revision, nodes: nodesShown, links, groups: [] });
    }
    if (rest === 'topology/revision') return send(200, { revision });
    if (rest === 'topology/export') {
      response.writeHead(200, { 'Content-Type': 'image/svg+xml', 'Content-Disposition': `attachment; filename="map.${query.format}"` });
      return response.end('<svg xmlns="http://www.w3.org/2000/svg"/>');
    }
    if (rest === 'positions' && method === 'PUT') {
      for (const pin of body.pins) Object.assign(net.nodes.find((node) => node.id === pin.id) ?? {}, { x: pin.x, y: pin.y, pinned: true });
      revision += 1;
      emit('topology.changed', { revision });
      return send(200, { revision });
    }
    if (rest.startsWith('positions/') && method === 'DELETE') {
      Object.assign(net.nodes.find((node) => node.id === rest.slice(10)) ?? {}, { pinned: false });
      return send(204);
    }
    if (rest === 'drift' || rest.startsWith('drift/')) return drift({ method, rest, query, body, send, problem });
    if (rest === 'unplaced') return send(200, { items: net.nodes.length === 0 ? [] : UNPLACED(net), next_cursor: null });
    if (rest === 'devices') {
      let items = net.nodes.filter((node) => node.kind === 'device');
      if (query.q) items = items.filter((node) => node.name.includes(query.q) || node.addresses.some((address) => address.includes(query.q)));
      if (query.state) items = items.filter((node) => node.state === query.state);
      if (query.role) items = items.filter((node) => node.role === query.role);
      return send(200, page(items.map((node) => ({ ...node, interface_count: node.degree + 2, last_seen: iso(Date.now() - 20_000) })), query));
    }
    const device = /^devices\/([^/]+)(\/history)?$/.exec(rest);
    if (device) {
      const node = net.nodes.find((each) => each.id === device[1]);
      if (!node) return problem(404, 'not-found', 'There is nothing at this address');
      if (device[2]) return send(200, { items: [{ at: iso(Date.now() - 7200_000), kind: 'link.gone', text: 'Te1/0/4 lost its neighbour lisboa-acc11', before: { neighbour: 'lisboa-acc11' }, after: null }, { at: iso(Date.now() - 86_400_000), kind: 'changed', text: 'Software changed', before: { os_version: '17.9.3' }, after: { os_version: '17.9.4a' } }, { at: iso(Date.now() - 259_200_000), kind: 'appeared', text: 'First seen through LLDP of lisboa-core1' }] });
      return send(200, deviceDocument(node));
    }
    if (rest === 'decisions') return send(201, { id: randomUUID() });
    return problem(404, 'not-found', 'There is nothing at this address');
  }

  function deviceDocument(node) {
    const mine = net.links.l1.filter((link) => link.a.device === node.id || link.b.device === node.id);
    const interfaces = mine.map((link, at) => {
      const [own, other] = link.a.device === node.id ? [link.a, link.b] : [link.b, link.a];
      const peer = net.nodes.find((each) => each.id === other.device);
      return {
        name: own.interface, alias: `to ${peer.name}`, index: at + 1, type: 'ethernetCsmacd', speed_bps: 10e9, mtu: 9216, mac: `02:00:00:00:00:${String(at).padStart(2, '0')}`,
        admin: 'up', oper: link.state === 'down' ? 'down' : 'up', addresses: at === 0 ? [`${node.addresses[0]}/24`] : [], vlans: [10, 20], lag: link.lag,
        neighbours: [{ device_id: peer.id, name: peer.name, interface: other.interface, link_id: link.id, layer: 'l1' }],
      };
    });
    interfaces.push({ name: 'lo0', alias: null, index: 99, type: 'softwareLoopback', speed_bps: null, mtu: 65536, mac: null, admin: 'up', oper: 'up', addresses: [`${node.addresses[0]}/32`], vlans: [], lag: null, neighbours: [] });
    return {
      id: node.id, name: node.name, role: node.role, state: node.state, status: node.status,
      facts: { sys_name: node.name, sys_descr: `${node.vendor ?? 'Linux'} ${node.model ?? ''} Software, Version 17.9.4a`, vendor: node.vendor, model: node.model, os_version: '17.9.4a', serial: 'FDO2517Z0AB', sys_location: node.site, sys_contact: 'noc@example.net', uptime_seconds: 8_640_000 },
      addresses: node.addresses.map((address) => ({ address, prefix_length: 24, interface: interfaces[0]?.name ?? null })),
      interfaces, neighbours: interfaces.flatMap((each) => each.neighbours.map((other) => ({ ...other, local_interface: each.name }))),
      arp: node.addresses.map((address) => ({ address: address.replace(/\d+$/, '254'), mac: '02:00:00:00:ff:01', interface: interfaces[0]?.name, seen_at: iso() })),
      identity: { keys: [{ kind: 'chassis_mac', value: '02:00:00:00:00:01', ambiguous: false }, { kind: 'sys_name', value: node.name, ambiguous: true }, { kind: 'serial', value: 'FDO2517Z0AB', ambiguous: false }], subjects: [{ source: 'snmp', subject: node.addresses[0] ?? node.name, assigned_at: iso(Date.now() - 200_000), reason: 'serial FDO2517Z0AB' }], proposals: node.name.endsWith('core1') ? [{ entities: [node.id, net.nodes[4].id], subjects: [{ source: 'snmp', key: 'a' }, { source: 'snmp', key: 'b' }], score: 7, keys: [{ kind: 'short_name', value: 'core1' }] }] : [] },
      tables: TABLES, components: [{ index: 1, class: 'chassis', name: 'Chassis', model: node.model, serial: 'FDO2517Z0AB', parent: null }, { index: 2, class: 'powerSupply', name: 'PSU 1', model: 'PWR-C1-715', serial: 'LIT2341A', parent: 1 }],
      vlans: [{ id: 10, name: 'users' }, { id: 20, name: 'voice' }],
      routing: { ospf: [{ neighbour: '10.0.0.2', address: '10.1.0.2', state: 'full', area: '0.0.0.0', interface: interfaces[0]?.name }], bgp: [{ peer: '10.2.0.1', remote_as: 65002, state: 'established', prefixes: 120 }], routes: [{ prefix: '0.0.0.0/0', next_hop: '10.1.0.1', protocol: 'ospf', interface: interfaces[0]?.name }] },
      last_seen: [{ source: 'snmp', at: iso(Date.now() - 20_000) }, { source: 'lldp', at: iso(Date.now() - 28_000) }],
    };
  }

  function discovery({ method, path, body, send, problem }) {
    const rest = path.slice('/api/v1/monitoring/discoveries'.length).split('/').filter(Boolean);
    if (rest.length === 0 && method === 'GET') return send(200, { items: discoveries.map(({ targets: _targets, ...head }) => head), next_cursor: null });
    if (rest.length === 0) {
      const errors = [];
      body.seeds.forEach((seed, at) => {
        if (!/^[\da-f.:]+$/i.test(seed)) errors.push({ pointer: `/seeds/${at}`, code: 'invalid', message: `${seed} is not an IP address; give one address per line` });
      });
      if (body.credentials.length === 0) errors.push({ pointer: '/credentials', code: 'required', message: 'Choose at least one credential' });
      if (errors.length > 0) return problem(422, 'validation', 'The discovery was not started', undefined, errors);
      const made = startDiscovery(body);
      return send(202, { id: made.id, job_id: made.job_id }, { Location: `/api/v1/monitoring/discoveries/${made.id}` });
    }
    const found = discoveries.find((each) => each.id === rest[0]);
    if (!found) return problem(404, 'not-found', 'There is nothing at this address');
    if (rest[1] === 'actions') {
      const made = startDiscovery({ seeds: found.seeds, allow: found.allow });
      return send(202, { id: made.id, job_id: made.job_id });
    }
    return send(200, found);
  }

  function startDiscovery(body) {
    const made = { id: randomUUID(), job_id: randomUUID(), state: 'running', seeds: body.seeds, allow: body.allow ?? [], started_at: iso(), finished_at: null, counts: { asked: 0, answered: 0, failed: 0, queued: 1, skipped: 0 }, targets: body.seeds.map((address) => target(address, 'queued')) };
    discoveries.unshift(made);
    const jobDocument = { id: made.job_id, kind: 'monitoring.discovery', state: 'running', progress: { done: 0, total: 24, message: 'asking seeds' }, result: null, error: null, created_at: iso(), started_at: iso(), finished_at: null, attempt: 1, created_by: 'admin' };
    jobs.set(made.job_id, jobDocument);
    const source = network(24, 3).nodes;
    let at = 0;
    const timer = setInterval(() => {
      const node = source[at];
      const failed = at % 7 === 4;
      made.targets = made.targets.filter((each) => each.state !== 'queued').concat(target(node.addresses[0] ?? '10.9.9.9', failed ? 'failed' : 'answered', node.name, failed, net.nodes[at]?.id));
      at += 1;
      if (source[at]) made.targets.push(target(source[at].addresses[0] ?? '10.9.9.8', 'queued'));
      const state = (name) => made.targets.filter((each) => each.state === name).length;
      made.counts = { asked: at, answered: state('answered'), failed: state('failed'), queued: state('queued'), skipped: 0 };
      jobDocument.progress = { done: at, total: source.length, message: `asked ${node.name}` };
      emit('job.progress', { id: made.job_id });
      if (at >= source.length || jobDocument.state === 'cancelled') {
        clearInterval(timer);
        const state = jobDocument.state === 'cancelled' ? 'cancelled' : 'completed';
        Object.assign(made, { state, finished_at: iso() });
        Object.assign(jobDocument, { state, finished_at: iso() });
        emit('topology.changed', { revision: (revision += 1) });
      }
    }, 250);
    timer.unref();
    return made;
  }

  function job({ request, response, method, path, send, problem }) {
    const [, , , , , jobId, tail] = path.split('/');
    const found = jobs.get(jobId);
    if (!found) return problem(404, 'not-found', 'There is nothing at this address');
    if (method === 'POST') {
      found.state = 'cancelled';
      return send(202, undefined);
    }
    if (tail === 'history') return send(200, { items: [] });
    if (tail !== 'stream') return send(200, found, { ETag: '"v1"' });
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    const timer = setInterval(() => {
      response.write(`event: progress\ndata: ${JSON.stringify(found)}\n\n`);
      if (['completed', 'cancelled', 'discarded'].includes(found.state)) {
        response.write('event: end\ndata: {}\n\n');
        response.end();
        clearInterval(timer);
      }
    }, 200);
    request.on('close', () => clearInterval(timer));
  }

  function page(items, query) {
    const sorted = [...items];
    const sort = query.sort ?? '';
    const key = sort.replace(/^-/, '');
    if (key) sorted.sort((a, b) => String(a[key] ?? '').localeCompare(String(b[key] ?? ''), 'en', { numeric: true }) * (sort.startsWith('-') ? -1 : 1));
    const from = Number(query.cursor ?? 0);
    const limit = Number(query.limit ?? 50);
    const slice = sorted.slice(from, from + limit);
    return { items: slice, next_cursor: from + limit < sorted.length ? String(from + limit) : null, total: sorted.length };
  }

  function record({ request, response, method, path, query, body, send, problem }) {
    const model = MODELS.find((each) => path === each.path || path.startsWith(`${each.path}/`));
    if (!model) return problem(404, 'not-found', 'There is nothing at this address');
    const rows = records[model.name];
    const rest = path.slice(model.path.length + 1);
    const shown = (row) => Object.fromEntries(Object.entries(row).map(([name, value]) => {
      const field = model.fields.find((each) => each.name === name);
      if (field?.type === 'secret') return [name, { has_value: Boolean(value), fingerprint: value ? '3f9a1c' : null, set_at: row.updated_at }];
      if (field?.reference && typeof value === 'string') {
        const target = MODELS.find((each) => each.name === field.reference.model);
        const hit = records[field.reference.model]?.find((each) => each.id === value);
        return [name, hit ? { id: value, display: String(hit[target.display]) } : null];
      }
      if (field?.type === 'custom') return [name, shownCustom(records['platform.custom_field'], value, (target, each) => String(records[target]?.find((other) => other.id === each)?.name ?? each))];
      return [name, value];
    }));
    const validate = (data, creating) => model.fields.flatMap((field) => {
      if (field.required && !field.read_only && creating && (data[field.name] === undefined || data[field.name] === '' || data[field.name] === null)) return [{ pointer: `/${field.name}`, code: 'required', message: `${field.label} is required` }];
      if (field.unique && data[field.name] !== undefined && rows.some((row) => row[field.name] === data[field.name] && row.id !== data.id)) return [{ pointer: `/${field.name}`, code: 'unique', message: `Another ${model.title.toLowerCase()} has this ${field.label.toLowerCase()}; choose a different one` }];
      return [];
    });
    const log = (row, action, changes) => history.set(row.id, [{ version: row.version, at: iso(), actor: { kind: 'user', id: 'u1', name: 'admin' }, action, changes }, ...(history.get(row.id) ?? [])]);
    /** Writes a change unless something is wrong with it, or it is only asked what would be. */
    const change = (row, data, dry) => {
      const errors = validate({ ...data, id: row.id }, false);
      const written = { ...data };
      if (data.custom_fields) {
        const custom = customize(records['platform.custom_field'], model, row.custom_fields ?? {}, data.custom_fields);
        errors.push(...custom.errors);
        written.custom_fields = custom.values;
      }
      if (dry || errors.length > 0) return errors;
      const changes = Object.fromEntries(Object.entries(written).map(([name, after]) => [name, { before: row[name], after }]));
      Object.assign(row, written, { version: row.version + 1, updated_at: iso() });
      log(row, 'update', changes);
      return errors;
    };
    if (rest === '' && method === 'GET') {
      let items = rows;
      if (query.q) items = items.filter((row) => JSON.stringify(row).toLowerCase().includes(query.q.toLowerCase()));
      for (const [key, value] of Object.entries(query)) {
        const [name, op = 'eq'] = key.split('__');
        const [first, inner] = name.split('.');
        if (!model.filters.includes(first) && !name.startsWith('cf_') && name !== 'id') continue;
        /** What a row has there: a custom field, a field of what it refers to, or its own. */
        const of = (row) => {
          if (name.startsWith('cf_')) return row.custom_fields?.[name.slice(3)];
          const reference = model.fields.find((each) => each.name === first)?.reference;
          if (!inner || !reference) return typeof row[first] === 'object' && row[first] !== null && !Array.isArray(row[first]) ? row[first].id : row[first];
          return records[reference.model]?.find((each) => each.id === row[first])?.[inner];
        };
        items = items.filter((row) => {
          const text = String(of(row) ?? '');
          if (op === 'isnull') return (text === '') === (value === 'true');
          if (op === 'contains') return Array.isArray(of(row)) ? of(row).includes(value) : text.toLowerCase().includes(value.toLowerCase());
          if (op === 'gte' || op === 'gt') return text !== '' && (Number(text) > Number(value) || (op === 'gte' && text === value));
          if (op === 'lte' || op === 'lt') return text !== '' && (Number(text) < Number(value) || (op === 'lte' && text === value));
          if (op === 'ne') return text !== value;
          if (op === 'in') return value.split(',').includes(text);
          return text === value;
        });
      }
      if (query.format) {
        response.writeHead(200, { 'Content-Type': 'text/csv', 'Content-Disposition': `attachment; filename="${model.collection}.${query.format}"` });
        return response.end(items.map((row) => row.id).join('\n'));
      }
      return send(200, page(items.map(shown), query));
    }
    if (rest === '' && method === 'POST' && Array.isArray(body)) {
      const errors = body.flatMap((each, at) => validate(each, true).map((error) => ({ ...error, pointer: `/${at}${error.pointer}` })));
      if (errors.length > 0) return problem(422, 'validation', `The ${model.title_plural.toLowerCase()} were not saved`, 'Some fields need another value.', errors);
      const defaults = Object.fromEntries(model.fields.filter((field) => field.default !== null && field.type !== 'custom').map((field) => [field.name, field.default]));
      const made = body.map((each) => ({ id: randomUUID(), version: 1, created_at: iso(), updated_at: iso(), ...defaults, ...each }));
      rows.push(...made);
      return send(201, { items: made.map(shown) });
    }
    if (rest === '' && method === 'POST') {
      const errors = validate(body, true);
      if (model.fields.some((field) => field.type === 'custom')) {
        const custom = customize(records['platform.custom_field'], model, null, body.custom_fields);
        errors.push(...custom.errors);
        body.custom_fields = custom.values;
      }
      if (errors.length > 0) return problem(422, 'validation', `The ${model.title.toLowerCase()} was not saved`, 'Some fields need another value.', errors);
      const defaults = Object.fromEntries(model.fields.filter((field) => field.default !== null && field.type !== 'custom').map((field) => [field.name, field.default]));
      const row = { id: randomUUID(), version: 1, created_at: iso(), updated_at: iso(), ...defaults, ...body };
      rows.push(row);
      log(row, 'create', {});
      return send(201, { ...shown(row), ...(model.name === 'platform.token' ? { token: 'ptl_4f1k_Zm9vYmFyYmF6cXV4' } : {}) }, { Location: `${model.path}/${row.id}`, ETag: '"v1"' });
    }
    if (rest === 'actions/batch' && body.operations.every((each) => each.op === 'update')) {
      const found = body.operations.map((each) => rows.find((row) => row.id === each.id));
      const errors = body.operations.flatMap((each, at) => change(found[at], each.data, true).map((error) => ({ ...error, pointer: `/operations/${at}/data${error.pointer}` })));
      if (errors.length > 0) return problem(422, 'validation', 'Unprocessable Entity', `${errors.length} fields are wrong.`, errors);
      const results = body.operations.map(({ id, data }, at) => {
        const row = found[at];
        if (query.dry_run !== 'true') change(row, data, false);
        const custom = data.custom_fields ? { custom_fields: { ...row.custom_fields, ...data.custom_fields } } : {};
        return { id, status: 200, record: shown({ ...row, ...data, ...custom }) };
      });
      return send(200, { results });
    }
    if (rest === 'actions/import') {
      const cells = (line) => line.trim().split(',');
      const lines = typeof body === 'string' ? body.trim().split('\n') : [];
      const given = typeof body === 'string' ? lines.slice(1).map((line) => Object.fromEntries(cells(line).map((cell, at) => [cells(lines[0])[at], cell]))) : [body].flat();
      const errors = given.flatMap((data, at) => {
        const unknown = Object.keys(data).filter((name) => name !== 'id' && !model.fields.some((field) => field.name === name)).map((name) => ({ pointer: `/${name}`, code: 'unknown_field', message: `${model.title} has no field \`${name}\`.` }));
        const own = [...unknown, ...validate(data, true)];
        return own.length === 0 ? [] : [{ row: at + 1, errors: own }];
      });
      if (errors.length > 0) return send(query.dry_run === 'true' ? 200 : 422, { created: 0, updated: 0, errors });
      if (query.dry_run !== 'true') for (const data of given) rows.push({ id: randomUUID(), version: 1, created_at: iso(), updated_at: iso(), ...(model.fields.some((field) => field.type === 'custom') ? { custom_fields: customize(records['platform.custom_field'], model, null, {}).values } : {}), ...data });
      return send(200, { created: given.length, updated: 0, errors: [] });
    }
    if (rest === 'actions/batch') {
      for (const operation of body.operations) {
        const at = rows.findIndex((row) => row.id === operation.id);
        if (at >= 0) rows.splice(at, 1);
      }
      return send(200, { results: body.operations.map((each) => ({ id: each.id, status: 204 })) });
    }
    const [id, tail] = rest.split('/');
    const row = rows.find((each) => each.id === id);
    if (!row) return problem(404, 'not-found', 'There is nothing at this address');
    if (tail === 'history') return send(200, { items: history.get(id) ?? [{ version: 1, at: row.created_at ?? iso(), actor: { kind: 'system', id: null, name: 'installer' }, action: 'create', changes: {} }] });
    if (method === 'GET') return send(200, shown(row), { ETag: `"v${row.version}"` });
    const match = request.headers['if-match'];
    if (match && match !== `"v${row.version}"`) return problem(412, 'version-mismatch', 'It was changed meanwhile', `You have ${match}, the server has "v${row.version}".`);
    if (method === 'DELETE') {
      rows.splice(rows.indexOf(row), 1);
      return send(204);
    }
    const errors = change(row, body, false);
    if (errors.length > 0) return problem(422, 'validation', `The ${model.title.toLowerCase()} was not saved`, 'Some fields need another value.', errors);
    return send(200, shown(row), { ETag: `"v${row.version}"` });
  }
}

const TABLES = [
  { table: 'ifTable', declared: 52, read: 52, complete: true, seen_at: iso(Date.now() - 30_000) },
  { table: 'lldpRemTable', declared: null, read: 6, complete: true, seen_at: iso(Date.now() - 30_000) },
  { table: 'dot1dTpFdbTable', declared: 340, read: 212, complete: false, note: 'the agent stopped answering after 212 rows', seen_at: iso(Date.now() - 31_000) },
];

function target(address, state, name = null, failed = false, deviceId = null) {
  return {
    address, state, name: state === 'answered' ? name : null, device_id: state === 'answered' ? deviceId : null, duration_ms: state === 'queued' ? null : 840,
    reason: failed ? { code: 'timeout', text: 'No answer to SNMP v2c on port 161 after 3 tries', remedy: 'Check that the device allows SNMP from this server, and that the community is right: agents stay silent when it is wrong.' } : null,
    tables: state === 'answered' ? TABLES : [],
  };
}

function finishedDiscovery(net) {
  const targets = net.nodes.slice(0, 40).map((node, at) => target(node.addresses[0] ?? '10.0.0.1', at % 9 === 5 ? 'failed' : 'answered', node.name, at % 9 === 5, node.id));
  const failed = targets.filter((each) => each.state === 'failed').length;
  return { id: randomUUID(), job_id: randomUUID(), state: 'completed', seeds: ['10.1.0.1'], allow: ['10.0.0.0/8'], started_at: iso(Date.now() - 900_000), finished_at: iso(Date.now() - 880_000), counts: { asked: targets.length, answered: targets.length - failed, failed, queued: 0, skipped: 0 }, targets };
}

const UNPLACED = (net) => [
  { id: 'p1', what: 'neighbour', text: 'chassis 00:1b:54:aa:bb:cc "SEP001B54AABBCC", port "Port 1"', seen_on: { device_id: net.nodes[3]?.id, name: net.nodes[3]?.name, interface: 'Te1/0/7' }, reason: { code: 'no-answer', text: 'The neighbour announces itself but answers no SNMP.', remedy: 'Add a credential it accepts, or accept it as a stub.' }, rescan_helps: true, source: 'LLDP', seen_at: iso(Date.now() - 40_000) },
  { id: 'p2', what: 'address', text: '192.168.7.20', seen_on: { device_id: net.nodes[4]?.id, name: net.nodes[4]?.name, interface: 'Vlan20' }, reason: { code: 'outside-allowed', text: 'The address is outside the allowed prefixes.', remedy: 'Add 192.168.7.0/24 to the allow list if it is yours, then run the discovery again.' }, rescan_helps: true, source: 'ARP', seen_at: iso(Date.now() - 65_000) },
  { id: 'p3', what: 'table', text: 'dot1dTpFdbTable of lisboa-dist1 is cut off at 212 of 340 rows', seen_on: { device_id: net.nodes[6]?.id, name: net.nodes[6]?.name, interface: null }, reason: { code: 'truncated', text: 'The agent stopped answering in the middle of the table.', remedy: 'Lower the request rate for this device; some agents drop requests under load.' }, rescan_helps: true, source: 'SNMP', seen_at: iso(Date.now() - 31_000) },
  { id: 'p4', what: 'mac', text: '3c:5a:b4:11:22:33', seen_on: { device_id: net.nodes[6]?.id, name: net.nodes[6]?.name, interface: 'Te1/0/9' }, reason: { code: 'many-behind-port', text: '14 addresses are behind this port and none of them is known: an unmanaged switch is likely.', remedy: 'Nothing to do if this is so; a segment is drawn there once two known devices share it.' }, rescan_helps: false, source: 'FDB', seen_at: iso(Date.now() - 31_000) },
];

const HOST = {
  hostname: 'nms.lab.example',
  interfaces: [{ name: 'lo', index: 1, oper: 'up', mac: '00:00:00:00:00:00', mtu: 65536, speed_bps: null }, { name: 'eth0', index: 2, oper: 'up', mac: '02:42:0a:01:63:0a', mtu: 1500, speed_bps: 10e9 }],
  addresses: [{ interface: 'lo', address: '127.0.0.1', prefix_length: 8 }, { interface: 'eth0', address: '10.1.99.10', prefix_length: 24 }, { interface: 'eth0', address: 'fd00:1:99::10', prefix_length: 64 }],
  routes: [{ destination: '0.0.0.0/0', gateway: '10.1.99.1', interface: 'eth0', metric: 100 }, { destination: '10.1.99.0/24', gateway: null, interface: 'eth0', metric: 0 }],
  neighbours: [{ address: '10.1.99.1', mac: '02:42:0a:01:63:01', interface: 'eth0', state: 'reachable' }, { address: 'fe80::1', mac: '02:42:0a:01:63:01', interface: 'eth0', state: 'stale' }],
  sockets: [{ protocol: 'tcp', local: '127.0.0.1:8080', remote: '0.0.0.0:0', state: 'listen', pid: 412, process: 'portolan' }, { protocol: 'udp', local: '0.0.0.0:68', remote: '*', state: 'unconn', pid: 301, process: 'dhclient' }, { protocol: 'tcp', local: '10.1.99.10:22', remote: '10.1.99.50:51514', state: 'established', pid: 511, process: 'sshd' }],
};
