// A generated campus: sites with a core pair, distribution, access switches and hosts. Seeded.

export function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const uuid = (kind, n) => `0000${kind}-0000-4000-8000-${String(n).padStart(12, '0')}`;
const AGO = (seconds) => new Date(Date.now() - seconds * 1000).toISOString().replace(/\.\d+Z$/, 'Z');
const SITES = ['lisboa', 'porto', 'genova', 'mallorca', 'venezia', 'ancona', 'malta', 'cadiz', 'sagres', 'rhodos'];
const VENDORS = [['Cisco', 'C9500-24Y4C'], ['Juniper', 'QFX5120-48Y'], ['Arista', 'DCS-7280SR'], ['HPE', 'Aruba 6300M'], ['FRRouting', 'frr 9.1']];

export function network(total, seed = 7) {
  const rnd = random(seed);
  const nodes = [];
  const links = [];
  const sites = Math.max(1, Math.min(SITES.length, Math.round(total / 20)));
  const ports = new Map();
  const port = (node) => {
    const next = (ports.get(node.id) ?? 0) + 1;
    ports.set(node.id, next);
    return node.role === 'host' ? `eth${next - 1}` : node.vendor === 'Juniper' ? `xe-0/0/${next}` : node.vendor === 'FRRouting' ? `eth${next}` : `Te1/0/${next}`;
  };
  const add = (role, name, site, x, y, more = {}) => {
    const at = nodes.length;
    const [vendor, model] = role === 'host' || role === 'unknown' ? [null, null] : VENDORS[Math.floor(rnd() * VENDORS.length)];
    const node = {
      id: uuid('dead', at), kind: role === 'unknown' ? 'stub' : role === 'segment' ? 'segment' : 'device', role, name, site,
      addresses: role === 'segment' ? [] : [`10.${SITES.indexOf(site) + 1}.${Math.floor(at / 250)}.${(at % 250) + 1}`],
      x: Math.round(x * 10) / 10, y: Math.round(y * 10) / 10, state: 'fresh', status: 'ok', vendor, model, degree: 0, pinned: false, ...more,
    };
    nodes.push(node);
    return node;
  };
  const link = (a, b, kind = 'cable', more = {}) => {
    a.degree += 1;
    b.degree += 1;
    const at = links.length;
    const confidence = more.confidence ?? (rnd() < 0.85 ? 0.99 : 0.82);
    const made = {
      id: uuid('beef', at), layer: 'l1', kind, a: { device: a.id, interface: port(a) }, b: { device: b.id, interface: b.role === 'segment' ? null : port(b) },
      state: 'up', confidence, grade: confidence > 0.95 ? 'confirmed' : confidence > 0.8 ? 'likely' : confidence > 0.5 ? 'inferred' : 'guess',
      first_seen: AGO(86_400 * 3), last_seen: AGO(20), lag: null, blocked: false,
      evidence: [
        { source: `snmp ${a.addresses[0] ?? a.name}`, method: 'LLDP', seen_at: AGO(20), detail: `lldpRemTable: chassis ${b.name}, port ${at}` },
        { source: `snmp ${b.addresses[0] ?? b.name}`, method: confidence > 0.95 ? 'LLDP' : 'FDB', seen_at: AGO(25), detail: confidence > 0.95 ? `lldpRemTable: chassis ${a.name}` : '1 MAC behind the port' },
      ],
      contradictions: [], ...more,
    };
    links.push(made);
    return made;
  };
  const cores = [];
  const perSite = Math.floor(total / sites);
  for (let s = 0; s < sites; s += 1) {
    const site = SITES[s];
    const angle = (s / sites) * 2 * Math.PI;
    const ring = sites === 1 ? 0 : 260 + perSite * 9;
    const cx = ring * Math.cos(angle);
    const cy = ring * Math.sin(angle);
    const one = add('router', `${site}-core1`, site, cx - 60, cy);
    const two = add('router', `${site}-core2`, site, cx + 60, cy);
    link(one, two, 'lag', { lag: 'po1' });
    cores.push([one, two]);
    const fw = add('firewall', `${site}-fw1`, site, cx, cy - 120);
    link(fw, one);
    link(fw, two);
    let left = perSite - 3;
    const dists = Math.max(1, Math.round(left / 14));
    for (let d = 0; d < dists && left > 0; d += 1) {
      const a = angle + ((d + 0.5) / dists) * 2 * Math.PI;
      const r = 200 + dists * 12;
      const dist = add('l3switch', `${site}-dist${d + 1}`, site, cx + r * Math.cos(a), cy + r * Math.sin(a));
      left -= 1;
      link(dist, one, 'lag', { lag: `po${d + 10}` });
      link(dist, two, 'cable', { blocked: d % 3 === 1 });
      const accs = Math.min(left, 5);
      for (let c = 0; c < accs; c += 1) {
        const b = a + ((c - (accs - 1) / 2) / accs) * 1.1;
        const rr = r + 130;
        const ax = cx + rr * Math.cos(b);
        const ay = cy + rr * Math.sin(b);
        const acc = add(c === 4 ? 'ap' : 'switch', `${site}-${c === 4 ? 'ap' : 'acc'}${d + 1}${c + 1}`, site, ax, ay);
        left -= 1;
        link(acc, dist);
        const hosts = Math.min(left, Math.floor(rnd() * 3));
        for (let h = 0; h < hosts; h += 1) {
          const g = b + (h - (hosts - 1) / 2) * 0.16;
          const host = add(rnd() < 0.12 ? 'unknown' : rnd() < 0.15 ? 'phone' : 'host', `${site}-h${nodes.length}`, site, cx + (rr + 95) * Math.cos(g), cy + (rr + 95) * Math.sin(g));
          left -= 1;
          link(host, acc, 'cable', { confidence: rnd() < 0.6 ? 0.9 : 0.55 });
        }
      }
    }
  }
  for (let s = 0; s < cores.length; s += 1) {
    const next = cores[(s + 1) % cores.length];
    if (cores.length > 1) link(cores[s][1], next[0]);
    if (cores.length > 3 && s % 2 === 0) link(cores[s][0], cores[(s + 2) % cores.length][1]);
  }
  // Something is always wrong somewhere.
  const pick = (list, share) => list.filter(() => rnd() < share);
  for (const each of pick(links, 0.03)) Object.assign(each, { state: 'gone', last_seen: AGO(7200) });
  for (const each of pick(links, 0.03)) Object.assign(each, { state: 'down' });
  for (const each of pick(links, 0.02)) Object.assign(each, { contradictions: [{ code: 'one-sided', text: 'Only one end reports this link; the other end answers LLDP and does not.' }] });
  for (const each of pick(nodes, 0.04)) Object.assign(each, { state: 'stale', status: 'unknown' });
  for (const each of pick(nodes, 0.03)) Object.assign(each, { status: 'warning' });
  for (const each of pick(nodes, 0.02)) Object.assign(each, { status: 'critical' });
  if (nodes[5]) nodes[5].state = 'gone';

  const l3 = links
    .filter((each) => ['router', 'l3switch', 'firewall'].includes(nodes[Number(each.a.device.slice(-12))].role) && ['router', 'l3switch', 'firewall'].includes(nodes[Number(each.b.device.slice(-12))].role))
    .map((each, at) => ({
      ...each, id: uuid('0133', at), layer: 'l3', lag: null, blocked: false, kind: nodes[Number(each.a.device.slice(-12))].site === nodes[Number(each.b.device.slice(-12))].site ? 'ospf' : 'bgp',
      evidence: [{ source: each.evidence[0].source, method: 'OSPF', seen_at: AGO(30), detail: 'ospfNbrTable: full' }],
    }));
  const l2 = links.map((each, at) => ({ ...each, id: uuid('0122', at), layer: 'l2' }));
  return { nodes, links: { l1: links, l2, l3 } };
}
