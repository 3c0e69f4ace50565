// Drift and import of the stand-in: a few items with evidence, decisions that stick, a job that ends.
import { randomUUID } from 'node:crypto';

const iso = (at = Date.now()) => new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');

const item = (n, kind, type, attr, severity, node, title, intended, observed, more = {}) => ({
  id: `0000d41f-0000-4000-8000-${String(n).padStart(12, '0')}`, kind, type, attr, severity, state: 'open', title,
  device: `0000de71-0000-4000-8000-${String(n).padStart(12, '0')}`, entity: node?.id ?? null, device_name: title.split(' ')[0], site: 'Lisboa', intended, observed,
  evidence: [
    ...(intended === null ? [] : [{ side: 'intended', source: `intended:${n}`, seen_at: iso(Date.now() - 60_000), method: 'stated', detail: intended }]),
    ...(observed === null ? [{ side: 'observed', source: 'snmp:10.0.0.1', seen_at: iso(Date.now() - 30_000), method: 'interfaces', detail: `${title} is none of them` }] : [{ side: 'observed', source: 'snmp:10.0.0.1', seen_at: iso(Date.now() - 30_000), method: kind === 'cable' ? 'lldp.two-sided' : 'interfaces', detail: observed }]),
  ],
  acceptable: true, obstacle: null, first_seen: iso(Date.now() - 7_200_000), last_seen: iso(), opened_at: iso(Date.now() - 3_600_000), resolved_at: null,
  episodes: 1, flapping: false, reason: null, until: null, decided_by: null, decided_at: null, change: null, accepted: null, ...more,
});

export function driftOf(net, jobs) {
  const [first, second, third] = net.nodes.filter((node) => node.kind === 'device');
  const items = net.nodes.length === 0 ? [] : [
    item(1, 'device', 'different', 'name', 'medium', first, first.name, 'lisboa-core-old', first.name),
    item(2, 'interface', 'different', 'mtu', 'medium', first, `${first.name} Te1/0/1`, '9000', '1500'),
    item(3, 'interface', 'missing', '', 'low', second, `${second.name} Te1/0/9`, 'Te1/0/9 (10gbase-x-sfpp)', null),
    item(4, 'address', 'unexpected', '', 'high', second, `${second.name} Te1/0/2 10.9.9.1`, null, '10.9.9.1/24'),
    item(5, 'cable', 'different', 'swapped', 'high', third, `${third.name} Te1/0/1 - a Te1, ${third.name} Te1/0/2 - b Te1`, 'a - b, c - d', 'a - d, c - b'),
    item(6, 'device', 'different', 'model', 'low', third, third.name, 'C9300-24T', 'C9300-48P', { acceptable: false, obstacle: 'Accepting writes nothing: choose the type by hand, it brings components.' }),
  ];
  let known = net.nodes.length - 3;
  const rules = [];

  const summary = () => {
    const states = {};
    for (const each of items) states[each.state] = (states[each.state] ?? 0) + 1;
    const intended = net.nodes.length === 0 ? 0 : known;
    return { counts: { intended, covered: intended, unverifiable: 1, observed: net.nodes.length, comparable: 820, alike: 814, swallowed: 0, shed: 0 }, accuracy: 0.9927, coverage: 1, states, kinds: {}, types: {}, severities: {}, sites: [], flapping: 0, overdue: items.filter((each) => each.change?.overdue).length, compared_at: iso() };
  };

  const candidates = () => net.nodes.filter((node) => node.kind === 'device').slice(known).map((node) => ({
    entity: node.id, name: node.name, role: node.role, manufacturer: node.vendor, model: node.model, serial: null, platform: null, place: node.site, interfaces: 4, addresses: 2,
    plan: { entity: node.id, creates: [['device_type', 1], ['device', 1]], site: node.site ?? 'Discovered', role: 'Switch', device_type: `${node.vendor ?? 'Unknown'} ${node.model ?? 'Unknown'}`, platform: '', exists: null, obstacles: [], notes: ['10.0.0.9 is left out: it is on core1 already.'] },
  }));

  const decide = (action, ids, body) => {
    const refused = [];
    for (const id of ids) {
      const found = items.find((each) => each.id === id);
      if (!found || (action === 'accept' && !found.acceptable)) refused.push({ id, problem: { title: 'Conflict', status: 409, detail: found?.obstacle ?? 'There is no such difference.' } });
      else if (action === 'accept') Object.assign(found, { state: 'resolved', resolved_at: iso(), accepted: { request: randomUUID(), rule: null } });
      else if (action === 'change') Object.assign(found, { state: 'change_requested', reason: body.reason, change: { assignee: body.assignee ?? null, due: body.due ?? null, reference: body.reference ?? null, overdue: false } });
      else if (action === 'ignore') Object.assign(found, { state: 'ignored', reason: body.reason, until: body.until ?? null });
      else Object.assign(found, { state: 'open', reason: null, until: null, change: null });
    }
    return { done: ids.length - refused.length, refused };
  };

  const order = { device: (a) => a.device_name, site: (a) => a.site, severity: (a) => ['high', 'medium', 'low', 'info'].indexOf(a.severity) };

  return ({ method, rest, query, body, send, problem }) => {
    if (rest === 'drift') {
      const key = order[query.sort] ?? order.device;
      const fits = (each) => ((query.state ?? 'open') === 'all' || each.state === (query.state ?? 'open')) && ['kind', 'type', 'severity'].every((name) => !query[name] || each[name] === query[name]) && (!query.q || each.title.includes(query.q)) && (query.overdue !== 'true' || each.change?.overdue === true);
      const found = items.filter(fits).sort((a, b) => (key(a) < key(b) ? -1 : 1));
      return send(200, { items: found, next_cursor: null, total: found.length });
    }
    if (rest === 'drift/summary') return send(200, summary());
    if (rest === 'drift/import' && method === 'GET') {
      return send(200, { devices: candidates(), more: 0, cables: candidates().length > 0 ? 2 : 0, known, ambiguous: net.nodes.length === 0 || candidates().length === 0 ? [] : [{ name: 'old-switch', entity: null, why: 'It does not answer at present: what is known of it may be old.', remedy: 'Run a discovery that reaches it.' }], unplaced: [] });
    }
    if (rest === 'drift/import') {
      const id = randomUUID();
      const created = body.devices?.length ?? candidates().length;
      jobs.set(id, { id, kind: 'atlas.import', state: 'completed', progress: { done: created, total: created, message: 'done' }, result: { created, existed: 0, failed: 0, cables: 2, problems: [] }, error: null, created_at: iso(), attempt: 1 });
      known += created;
      return send(202, { job_id: id });
    }
    if (rest === 'drift/acceptance-rules' && method === 'GET') return send(200, { items: rules });
    if (rest === 'drift/acceptance-rules/actions/preview') {
      const found = items.filter((each) => each.state === 'open' && each.acceptable && (body.kinds.length === 0 || body.kinds.includes(each.kind)));
      return send(200, { would_accept: found.length, later: 1, items: found });
    }
    if (rest.startsWith('drift/acceptance-rules')) {
      if (method !== 'DELETE' && !body.name) return problem(422, 'invalid', 'Unprocessable', 'Name it in 1 to 100 characters.', [{ pointer: '/name', message: 'Name it in 1 to 100 characters.' }]);
      const known = rules.findIndex((each) => rest.endsWith(each.id));
      if (method === 'DELETE') rules.splice(known, 1);
      else if (known >= 0) rules[known] = { ...rules[known], ...body };
      else rules.push({ id: randomUUID(), actor: 'user:1', updated_at: iso(), ...body });
      return method === 'POST' ? send(201, { id: rules.at(-1).id }) : send(204);
    }
    const undone = /^drift\/([0-9a-f-]+)\/actions\/undo$/.exec(rest);
    if (undone) {
      const found = items.find((each) => each.id === undone[1]);
      if (!found?.accepted) return problem(409, 'nothing-accepted', 'Conflict', 'Nothing was accepted here that could be taken back.');
      Object.assign(found, { state: 'open', resolved_at: null, accepted: null });
      return send(204);
    }
    const many = /^drift\/actions\/(\w+)$/.exec(rest);
    if (many) {
      if ((many[1] === 'ignore' || many[1] === 'change') && !body.reason) return problem(422, 'invalid', 'Unprocessable', 'Write a reason.', [{ pointer: '/reason', message: 'Write a reason.' }]);
      return send(200, decide(many[1], body.ids, body));
    }
    const found = items.find((each) => rest === `drift/${each.id}`);
    if (!found) return problem(404, 'not-found', 'There is nothing at this address');
    const repairs = found.acceptable ? [{ repair: 'set_device', fact: 'name', value: found.observed }] : [];
    return send(200, { item: found, rule: { equality: 'without case; a short name equals the full one', accept: 'sets the name', owner: 'intended', frames: 1, minutes: 0 }, repairs });
  };
}
