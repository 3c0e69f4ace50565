// Model descriptions and rows in the shape of /api/v1/meta/models.
import { annotationModels, seedAnnotations } from './annotations.mjs';
import { customModels, seedCustom } from './custom.mjs';
import { INVENTORY_MODELS, seedInventory } from './inventory.mjs';

const field = (name, label, type, more = {}) => ({ name, label, type, required: false, read_only: false, write_only: false, immutable: false, unique: false, list: true, help: null, placeholder: '', max_length: null, min: null, max: null, default: null, unit: null, choices: [], reference: null, show_when: null, ...more });
const stamps = [field('created_at', 'Created', 'datetime', { read_only: true, list: false }), field('updated_at', 'Updated', 'datetime', { read_only: true })];
const ALL = ['list', 'read', 'create', 'update', 'delete'];
const model = (name, path, title, plural, ui, group, icon, display, fields, more = {}) => ({
  name, product: name.split('.')[0], collection: path.split('/').at(-1), path, title, title_plural: plural, icon, description: '', ui_path: ui, nav_group: group, display,
  permission: path.replace('/api/v1/', ''), operations: ALL, fields: [...fields, ...stamps], filters: fields.filter((each) => !['secret', 'json'].includes(each.type)).map((each) => each.name), sortable: [...fields.map((each) => each.name), 'updated_at'], default_sort: display, ...more,
});
const when = (version) => ({ field: 'version', in: version });
const ref = (name, path, display) => ({ reference: { model: name, path, display } });

export const MODELS = [
  model('monitoring.credential', '/api/v1/monitoring/credentials', 'Credential', 'Credentials', '/settings/credentials', 'Settings', 'key', 'name', [
    field('name', 'Name', 'text', { required: true, unique: true, max_length: 100, placeholder: 'Campus read-only' }),
    field('version', 'SNMP version', 'choice', { required: true, default: 'v2c', choices: [{ value: 'v1', label: 'v1' }, { value: 'v2c', label: 'v2c' }, { value: 'v3', label: 'v3' }] }),
    field('community', 'Community', 'secret', { list: false, show_when: when(['v1', 'v2c']), help: 'The read community of your devices.' }),
    field('username', 'User', 'text', { show_when: when(['v3']), list: false }),
    field('auth_protocol', 'Authentication', 'choice', { list: false, show_when: when(['v3']), choices: [{ value: 'sha256', label: 'SHA-256' }, { value: 'sha1', label: 'SHA-1' }] }),
    field('auth_password', 'Authentication password', 'secret', { list: false, show_when: when(['v3']) }),
    field('priority', 'Priority', 'integer', { default: 100, min: 0, max: 1000, help: 'Lower is tried first.' }),
    field('enabled', 'Enabled', 'boolean', { default: true }),
    field('tags', 'Tags', 'tags'),
  ], { description: 'What Portolan shows to devices so that they answer. Values are encrypted and never shown again.' }),
  model('monitoring.scope', '/api/v1/monitoring/scopes', 'Discovery scope', 'Discovery scopes', '/settings/scopes', 'Settings', 'target', 'name', [
    field('name', 'Name', 'text', { required: true, unique: true }),
    field('allow', 'Allowed prefixes', 'list_prefix', { required: true, placeholder: '10.0.0.0/8' }),
    field('max_depth', 'Depth', 'integer', { default: 8, min: 0, max: 64 }),
  ], { description: 'Where discovery may go.' }),
  model('platform.user', '/api/v1/platform/users', 'User', 'Users', '/admin/users', 'Access', 'users', 'name', [
    field('name', 'Login name', 'text', { required: true, unique: true }), field('email', 'E-mail', 'text'), field('display_name', 'Display name', 'text'), field('enabled', 'Enabled', 'boolean', { default: true }), field('password', 'Password', 'secret', { list: false }),
    field('last_login_at', 'Last login', 'datetime', { read_only: true }),
  ]),
  model('platform.role', '/api/v1/platform/roles', 'Role', 'Roles', '/admin/roles', 'Access', 'shield-lock', 'name', [field('name', 'Name', 'text', { required: true, unique: true }), field('description', 'Description', 'long_text'), field('permissions', 'Permissions', 'list_text', { list: false, placeholder: 'atlas/devices:read' })]),
  model('platform.role_binding', '/api/v1/platform/role-bindings', 'Role binding', 'Role bindings', '/admin/role-bindings', 'Access', 'link', 'id', [
    field('user', 'User', 'reference', { required: true, ...ref('platform.user', '/api/v1/platform/users', 'name') }), field('role', 'Role', 'reference', { required: true, ...ref('platform.role', '/api/v1/platform/roles', 'name') }), field('expires_at', 'Expires', 'datetime'), field('reason', 'Reason', 'text'),
  ]),
  model('platform.token', '/api/v1/platform/tokens', 'API token', 'API tokens', '/admin/tokens', 'Access', 'password', 'name', [
    field('name', 'Name', 'text', { required: true }), field('prefix', 'Prefix', 'text', { read_only: true }), field('expires_at', 'Expires', 'datetime'), field('last_used_at', 'Last used', 'datetime', { read_only: true }),
  ], { operations: ['list', 'read', 'create', 'delete'] }),
  model('platform.job', '/api/v1/platform/jobs', 'Job', 'Jobs', '/admin/jobs', 'Operations', 'list-check', 'kind', [
    field('kind', 'Kind', 'text'), field('state', 'State', 'choice', { choices: [{ value: 'running', label: 'Running', tone: 'info' }, { value: 'completed', label: 'Completed', tone: 'ok' }] }), field('progress', 'Progress', 'json'), field('attempt', 'Attempt', 'integer'), field('started_at', 'Started', 'datetime'), field('finished_at', 'Finished', 'datetime'),
  ], { operations: ['list', 'read'] }),
  model('audit.entry', '/api/v1/audit/entries', 'Audit entry', 'Audit', '/admin/audit', 'Operations', 'clipboard-list', 'action', [
    field('at', 'At', 'datetime'), field('actor', 'Actor', 'text'), field('action', 'Action', 'text'), field('object', 'Object', 'text'), field('outcome', 'Outcome', 'choice', { choices: [{ value: 'allowed', label: 'Allowed', tone: 'ok' }, { value: 'denied', label: 'Denied', tone: 'critical' }] }), field('address', 'From', 'ip'), field('detail', 'Detail', 'json', { list: false }),
  ], { operations: ['list', 'read'], default_sort: '-at' }),
  ...customModels(field, model),
  ...annotationModels(field, model),
  ...INVENTORY_MODELS,
];

export function seedRecords() {
  const at = (ago) => new Date(Date.now() - ago * 1000).toISOString();
  const row = (id, data) => ({ id, version: 1, created_at: at(90_000), updated_at: at(3600), ...data });
  return {
    'monitoring.credential': [row('c1', { name: 'Lab read-only', version: 'v2c', community: 'x', priority: 100, enabled: true, tags: ['lab'] })],
    'monitoring.scope': [row('s1', { name: 'Lab', allow: ['10.0.0.0/8', 'fd00::/16'], max_depth: 8 })],
    'platform.user': [row('u1', { name: 'admin', email: 'admin@localhost', display_name: 'Administrator', enabled: true, last_login_at: at(600) }), ...Array.from({ length: 240 }, (_, n) => row(`u${n + 2}`, { name: `user${String(n).padStart(3, '0')}`, email: `user${n}@example.net`, display_name: `User ${n}`, enabled: n % 9 !== 0, last_login_at: n % 3 ? at(n * 5000) : null }))],
    'platform.role': [row('r1', { name: 'admin', description: 'Everything in this tenant', permissions: ['*:*'] }), row('r2', { name: 'operator', description: 'Runs discoveries, edits credentials', permissions: ['atlas/*:read'] }), row('r3', { name: 'viewer', description: 'Looks, changes nothing', permissions: ['atlas/*:read'] })],
    'platform.role_binding': [row('b1', { user: 'u1', role: 'r1', expires_at: null, reason: 'first administrator' })],
    'platform.token': [],
    'audit.entry': Array.from({ length: 60 }, (_, n) => row(`a${n}`, { at: at(n * 700), actor: n % 4 ? 'admin' : 'user003', action: ['login', 'update', 'create', 'delete'][n % 4], object: `monitoring.credential/c${n % 3}`, outcome: n % 11 === 4 ? 'denied' : 'allowed', address: '10.1.99.50', detail: { fields: ['name'] } })),
    'platform.job': [],
    ...seedCustom(row),
    ...seedAnnotations(row),
    ...seedInventory(row),
  };
}
