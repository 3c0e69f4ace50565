// What people keep about lists and pages in the stand-in server: views, filters, bookmarks, dashboards, pictures.

/** Models of them; `field` and `model` are those of records.mjs. */
export function annotationModels(field, model) {
  const at = '/api/v1/platform';
  const user = field('user', 'Owner', 'reference', { reference: { model: 'platform.user', path: `${at}/users`, display: 'name' } });
  const flag = (name, label, value) => field(name, label, 'boolean', { default: value });
  return [
    model('platform.table_config', `${at}/table-configs`, 'Table configuration', 'Table configurations', '/platform/table-configs', 'Lists', 'table', 'name', [
      field('object_type', 'List of', 'text', { required: true }), field('table', 'Table', 'text', { required: true }), field('name', 'Name', 'text', { required: true }), user, field('weight', 'Weight', 'integer', { default: 1000 }), flag('enabled', 'Enabled', true), flag('shared', 'Shared', true),
      field('columns', 'Columns', 'list_text', { required: true }), field('ordering', 'Order', 'list_text'), field('parameters', 'Parameters', 'json'), field('page_size', 'Rows at a time', 'integer'), flag('is_default', 'Default', false),
    ], { default_sort: 'weight' }),
    model('platform.saved_filter', `${at}/saved-filters`, 'Saved filter', 'Saved filters', '/platform/saved-filters', 'Lists', 'filter', 'name', [
      field('object_types', 'Records', 'list_text'), field('name', 'Name', 'text', { required: true }), field('slug', 'Slug', 'text'), user, field('weight', 'Weight', 'integer', { default: 100 }), flag('enabled', 'Enabled', true), flag('shared', 'Shared', true), field('parameters', 'Parameters', 'json', { required: true }),
    ], { default_sort: 'weight' }),
    model('platform.bookmark', `${at}/bookmarks`, 'Bookmark', 'Bookmarks', '/platform/bookmarks', 'Notes', 'bookmark', 'id', [field('object', 'Record', 'generic_reference', { required: true, references: [] }), user]),
    model('platform.dashboard', `${at}/dashboards`, 'Dashboard', 'Dashboards', '/settings/dashboards', null, 'layout-dashboard', 'name', [
      field('name', 'Name', 'text', { required: true }), field('description', 'Description', 'text'), user, field('weight', 'Weight', 'integer', { default: 1000 }), flag('shared', 'Shared', true), flag('home', 'Home page', false), field('layout', 'Layout', 'json', { list: false }),
    ], { default_sort: 'weight' }),
    model('platform.image_attachment', `${at}/image-attachments`, 'Picture', 'Pictures', '/platform/image-attachments', 'Notes', 'photo', 'name', [field('object_id', 'Record', 'uuid'), field('name', 'Name', 'text'), field('file_name', 'File', 'text')], { operations: ['list', 'read', 'delete'] }),
  ];
}

export function seedAnnotations(row) {
  const widget = (id, kind, [x, y, w, h], config = {}, title = '') => ({ id, kind, title, x, y, w, h, config });
  const admin = { id: 'u1', display: 'admin' };
  return {
    'platform.table_config': [],
    'platform.saved_filter': [row('sf1', { object_types: ['inventory.device'], name: 'Active only', slug: 'active', user: admin, weight: 100, enabled: true, shared: true, parameters: { status: ['active'] } })],
    'platform.bookmark': [row('bm1', { object: { type: 'inventory.rack', id: 'rack1', display: 'A01' }, user: admin })],
    'platform.image_attachment': [],
    'platform.dashboard': [
      row('board1', {
        name: 'Operations', description: 'What the shift looks at', user: admin, weight: 100, shared: true, home: false,
        layout: {
          widgets: [
            widget('w1', 'counts', [0, 0, 4, 3], { models: ['inventory.site', 'inventory.rack', 'inventory.device', 'inventory.prefix'] }),
            widget('w2', 'drift', [4, 0, 4, 3]), widget('w3', 'map', [8, 0, 4, 5], { layer: 'l1' }), widget('w4', 'chart', [0, 3, 4, 4], { model: 'inventory.prefix', field: 'status' }),
            widget('w5', 'prefixes', [4, 3, 4, 4], { top: 5 }), widget('w6', 'rack', [8, 5, 4, 8], { rack: 'rack1', face: 'front' }), widget('w7', 'records', [0, 7, 8, 6], { model: 'inventory.device', parameters: { status: 'active' }, limit: 10 }, 'Active devices'),
            widget('w8', 'note', [0, 13, 4, 3], { text: 'Hall 3 is closed on Friday.\n\nSee https://wiki.example.net/hall-3 first.' }), widget('w9', 'changes', [4, 13, 4, 5], { limit: 8 }), widget('w10', 'jobs', [8, 13, 4, 5], { limit: 8 }), widget('w11', 'bookmarks', [0, 16, 4, 2]),
          ],
        },
      }),
    ],
  };
}
