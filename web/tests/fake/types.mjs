// What device types are made of, in the stand-in server: the kinds of templates that the pages treat differently.
import { randomUUID } from 'node:crypto';

const AT = '/api/v1/inventory';

/** Models of templates; `field` and `model` are those of inventory.mjs. */
export function typeModels(field, model) {
  const to = (kind, collection) => ({ reference: { model: `inventory.${kind}`, path: `${AT}/${collection}`, display: 'name' } });
  const choice = (values, required = false) => field('type', 'Type', 'choice', { required, choices: values.map((value) => ({ value, label: value.toUpperCase() })) });
  const template = (kind, title, fields) => model(`${kind}_template`, `${kind.replaceAll('_', '-')}-templates`, `${title} template`, `${title} templates`, null, 'template', 'name', [
    field('device_type', 'Device type', 'reference', { reference: { model: 'inventory.device_type', path: `${AT}/device-types`, display: 'model' } }),
    field('name', 'Name', 'text', { required: true }), field('label', 'Label', 'text'), ...fields, field('description', 'Description', 'text'),
  ]);
  return [
    template('interface', 'Interface', [choice(['1000base-t', '10gbase-x-sfpp', '100gbase-x'], true), field('enabled', 'Enabled', 'boolean', { default: true }), field('mgmt_only', 'Management only', 'boolean', { default: false })]),
    template('rear_port', 'Rear port', [choice(['mpo', 'lc'], true), field('positions', 'Positions', 'integer', { default: 1, min: 1, max: 1024 })]),
    template('front_port', 'Front port', [choice(['lc', '8p8c'], true), field('positions', 'Positions', 'integer', { default: 1, min: 1, max: 1024 })]),
    template('power_port', 'Power port', [choice(['iec-60320-c14', 'iec-60320-c20'])]),
    template('power_outlet', 'Power outlet', [choice(['iec-60320-c13', 'iec-60320-c19']), field('power_port', 'Power port', 'reference', to('power_port_template', 'power-port-templates'))]),
    model('port_template_mapping', 'port-template-mappings', 'Port template mapping', 'Port template mappings', null, 'template', 'front_position', [
      field('front_port', 'Front port', 'reference', { required: true, ...to('front_port_template', 'front-port-templates') }), field('front_position', 'Front position', 'integer', { default: 1 }), field('rear_port', 'Rear port', 'reference', { required: true, ...to('rear_port_template', 'rear-port-templates') }), field('rear_position', 'Rear position', 'integer', { default: 1 }),
    ]),
  ];
}

export function seedTypes(row) {
  const part = (id, device_type, name, more) => row(id, { device_type, name, label: '', description: '', ...more });
  return {
    'inventory.interface_template': Array.from({ length: 12 }, (_, at) => part(`it${at}`, 'type1', `et-0/0/${at}`, { type: '100gbase-x', enabled: true, mgmt_only: false })),
    'inventory.rear_port_template': [part('rp1', 'type3', 'MPO 1', { type: 'mpo', positions: 12 })],
    'inventory.front_port_template': [part('fp1', 'type3', 'LC 1', { type: 'lc', positions: 1 })],
    'inventory.power_port_template': [part('pp1', 'type0', 'In', { type: 'iec-60320-c20' })],
    'inventory.power_outlet_template': [1, 2].map((n) => part(`po${n}`, 'type0', `Out ${n}`, { type: 'iec-60320-c13', power_port: 'pp1' })),
    'inventory.port_template_mapping': [row('pm1', { front_port: 'fp1', front_position: 1, rear_port: 'rp1', rear_position: 1 })],
  };
}

/** Documents in and out, as far as a page needs them; null for other addresses. */
export function typeDocuments({ method, path, query, body, send, response }, records) {
  if (path === `${AT}/device-types/import` && method === 'POST') {
    const documents = body.split(/^---\s*$/m).filter((text) => text.trim() !== '').map((text, at) => ({ at, of: (name) => new RegExp(`^${name}: *(.+)$`, 'm').exec(text)?.[1] ?? null, parts: (text.match(/^ *- name:/gm) ?? []).length }));
    const errors = documents.filter(({ of }) => of('slug') === null).map(({ at }) => ({ document: at + 1, errors: [{ pointer: '/slug', code: 'required', message: 'Give the slug.' }] }));
    const good = errors.length === 0;
    const report = documents.map(({ at, of, parts }) => ({ document: at + 1, manufacturer: of('manufacturer'), model: of('model'), result: errors.some((each) => each.document === at + 1) ? 'refused' : 'created', id: good && query.preview !== 'true' ? randomUUID() : null, components: parts, notes: [] }));
    if (good && query.preview !== 'true') for (const each of report) records['inventory.device_type'].push({ id: each.id, version: 1, model: each.model, u_height: 1, is_full_depth: true });
    return send(good || query.preview === 'true' ? 200 : 422, { created: good ? report.length : 0, updated: 0, skipped: 0, documents: report, errors }) ?? true;
  }
  if (/\/device-types\/[^/]+\/export$/.test(path)) {
    response.writeHead(200, { 'Content-Type': 'application/yaml', 'Content-Disposition': 'attachment; filename="type.yaml"' });
    response.end('---\nmodel: x\n');
    return true;
  }
  return false;
}

const files = new Map();

/** Pictures of records. */
export function pictures({ method, path, query, body, send, response }, records) {
  if (path === '/api/v1/platform/image-attachments/upload' && method === 'POST') {
    const row = { id: randomUUID(), version: 1, object_id: query.object_id, object: { type: query.object_type, id: query.object_id, display: '' }, name: query.name, file_name: query.file_name };
    files.set(row.id, body);
    records['platform.image_attachment'].push(row);
    return send(201, row) ?? true;
  }
  const content = /^\/api\/v1\/platform\/image-attachments\/([^/]+)\/content$/.exec(path);
  if (!content) return false;
  response.writeHead(200, { 'Content-Type': 'image/png' });
  response.end(files.get(content[1]));
  return true;
}
