// Custom fields of the stand-in server: one of each type for sites, and the least of their rules.

const TYPES = ['text', 'longtext', 'integer', 'decimal', 'boolean', 'date', 'datetime', 'url', 'json', 'select', 'multiselect', 'object', 'multiobject'];

/** Models of the definitions; `field` and `model` are those of records.mjs. */
export function customModels(field, model) {
  const choice = (name, label, values, more) => field(name, label, 'choice', { choices: values.map((value) => ({ value, label: value })), default: values[0], ...more });
  return [
    model('platform.custom_field_choice_set', '/api/v1/platform/custom-field-choice-sets', 'Set of choices', 'Sets of choices', '/settings/custom-field-choice-sets', 'Settings', 'list-check', 'name', [
      field('name', 'Name', 'text', { required: true, unique: true }), field('extra_choices', 'Choices', 'json', { required: true }),
    ]),
    model('platform.custom_field', '/api/v1/platform/custom-fields', 'Custom field', 'Custom fields', '/settings/custom-fields', 'Settings', 'forms', 'name', [
      field('name', 'Name', 'text', { required: true, unique: true }), field('label', 'Label', 'text'), choice('type', 'Type', TYPES), field('object_types', 'For', 'list_text'), field('group_name', 'Group', 'text'), field('required', 'Required', 'boolean'), field('default', 'Default', 'json', { list: false }),
      choice('ui_visible', 'Shown', ['always', 'if-set', 'hidden']), choice('ui_editable', 'Editable', ['yes', 'no', 'hidden']), field('weight', 'Weight', 'integer', { default: 100 }),
    ]),
  ];
}

export function seedCustom(row) {
  let at = 0;
  const define = (name, type, more = {}) => row(`cf${(at += 1)}`, { name, label: null, type, object_types: ['inventory.site'], choice_set: null, related_object_type: null, related_object_filter: null, group_name: null, description: null, required: false, default: null, ui_visible: 'always', ui_editable: 'yes', weight: 100, validation_minimum: null, validation_maximum: null, validation_regex: null, ...more });
  const set = { choice_set: { id: 'set1', display: 'Tiers' } };
  return {
    'platform.custom_field_choice_set': [row('set1', { name: 'Tiers', extra_choices: [['gold', 'Gold'], ['silver', 'Silver'], ['bronze', 'Bronze']] })],
    'platform.custom_field': [
      define('tier', 'select', { ...set, label: 'Tier', default: 'silver', description: 'How soon somebody comes', group_name: 'Support' }),
      define('contract', 'text', { label: 'Contract', group_name: 'Support', weight: 10, validation_regex: '^SC-\\d+$' }),
      define('covers', 'multiselect', { ...set, label: 'Covers', group_name: 'Support' }),
      define('portal', 'url', { label: 'Portal', group_name: 'Support' }),
      define('until', 'date', { label: 'Until', group_name: 'Support' }),
      define('floor', 'integer', { label: 'Floor', weight: 1, required: true, default: 0, validation_minimum: -3, validation_maximum: 40 }),
      define('load', 'decimal', { label: 'Floor load' }), define('manned', 'boolean', { label: 'Manned' }), define('checked', 'datetime', { label: 'Last check' }), define('notes', 'longtext', { label: 'Notes' }), define('meta', 'json', { label: 'Meta' }),
      define('mainrack', 'object', { label: 'Main rack', related_object_type: 'inventory.rack' }), define('racks', 'multiobject', { label: 'Other racks', related_object_type: 'inventory.rack' }),
      define('sync_id', 'text', { label: 'Id in the ERP', ui_editable: 'no', ui_visible: 'if-set' }), define('secretly', 'text', { label: 'Of programs', ui_editable: 'hidden', ui_visible: 'hidden' }),
    ],
  };
}

/** The custom fields of a row after a write, with what is wrong with them. */
export function customize(definitions, model, before, given = {}) {
  const values = {};
  const errors = [];
  const wrong = (name, code, message) => errors.push({ pointer: `/custom_fields/${name}`, code, message });
  for (const definition of definitions.filter((each) => each.object_types.includes(model.name))) {
    const { name } = definition;
    const value = name in given ? given[name] : before ? (before[name] ?? null) : definition.default;
    if (definition.required && (value === null || value === '')) wrong(name, 'required', 'Required field cannot be empty.');
    if (typeof value === 'number' && definition.validation_maximum !== null && value > definition.validation_maximum) wrong(name, 'out_of_range', `Value must not exceed ${definition.validation_maximum}`);
    if (definition.type === 'json' && value?.$record !== undefined) wrong(name, 'invalid', 'The name `$record` is reserved.');
    values[name] = value;
  }
  for (const name of Object.keys(given)) if (!(name in values)) wrong(name, 'unknown_field', `Unknown field name '${name}' in custom field data.`);
  return { values, errors };
}

/** References among the values as the server shows them. */
export function shownCustom(definitions, values, display) {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => {
    const target = definitions.find((each) => each.name === name)?.related_object_type;
    const one = (id) => ({ type: target, id, display: display(target, id) });
    return [name, !target || value === null ? value : Array.isArray(value) ? value.map(one) : one(value)];
  }));
}
