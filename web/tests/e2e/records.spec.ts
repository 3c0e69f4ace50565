import { connect } from '../../scripts/site.mjs';
import { expect, FAKE, noViolations, PASSWORD, settled, test, USER, useTheme, type Theme } from './fixtures';

/** Keeps what this run makes apart from what others made; the stand-in begins anew. */
const mark = FAKE ? '' : String(Date.now() % 1_000_000);
/** The label of a custom field. */
const labelled = (label: string) => (FAKE ? label : `${label} ${mark}`);
const named = (name: string) => (FAKE ? name : `${name}_${mark}`);

/** The fields of the stand-in (tests/fake/custom.mjs), made in the real server. */
const KINDS = [
  ['contract', 'text', 'Contract', { weight: 10, validation_regex: '^SC-\\d+$', group_name: 'Support' }], ['covers', 'multiselect', 'Covers', { group_name: 'Support', choices: true }], ['portal', 'url', 'Portal', { group_name: 'Support' }], ['tier', 'select', 'Tier', { group_name: 'Support', default: 'silver', choices: true }], ['until', 'date', 'Until', { group_name: 'Support' }],
  ['floor', 'integer', 'Floor', { weight: 1, required: true, default: 0, validation_minimum: -3, validation_maximum: 40 }], ['load', 'decimal', 'Floor load', {}], ['manned', 'boolean', 'Manned', {}], ['checked', 'datetime', 'Last check', {}], ['notes', 'longtext', 'Notes', {}], ['meta', 'json', 'Meta', {}],
  ['mainrack', 'object', 'Main rack', { related_object_type: 'inventory.rack' }], ['racks', 'multiobject', 'Other racks', { related_object_type: 'inventory.rack' }], ['sync_id', 'text', 'Id in the ERP', { ui_editable: 'no', ui_visible: 'if-set' }],
] as const;

let rack = 'A01';

test.beforeAll(async () => {
  if (FAKE) return;
  const api = await connect(process.env.PORTOLAN_URL ?? '', USER, PASSWORD);
  const make = async (...call: Parameters<typeof api>) => (await api(...call)) as { id: string };
  const set = await make('POST', '/api/v1/platform/custom-field-choice-sets', { name: `Tiers ${mark}`, extra_choices: [['gold', 'Gold'], ['silver', 'Silver'], ['bronze', 'Bronze']] });
  for (const [name, type, label, { choices, ...more }] of KINDS as readonly (readonly [string, string, string, { choices?: boolean; group_name?: string }])[]) {
    await api('POST', '/api/v1/platform/custom-fields', { name: `${name}_${mark}`, type, label: `${label} ${mark}`, object_types: ['inventory.site'], ...(choices ? { choice_set: set.id } : {}), ...more, ...(more.group_name ? { group_name: `${more.group_name} ${mark}` } : {}) });
  }
  const site = await make('POST', '/api/v1/inventory/sites', { name: `Depot ${mark} 1`, slug: `depot-${mark}-1` });
  await make('POST', '/api/v1/inventory/sites', { name: `Depot ${mark} 2`, slug: `depot-${mark}-2`, custom_fields: { [`tier_${mark}`]: 'gold' } });
  rack = `R ${mark}`;
  await api('POST', '/api/v1/inventory/racks', { name: rack, site: site.id, u_height: 42 });
});

test.afterAll(async () => {
  if (FAKE) return;
  // A required field of this run is not to stand in the way of the next.
  const api = await connect(process.env.PORTOLAN_URL ?? '', USER, PASSWORD);
  const page = (await api('GET', '/api/v1/platform/custom-fields?object_types__contains=inventory.site&limit=1000')) as { items: { id: string; name: string }[] };
  for (const each of page.items.filter((item) => item.name.endsWith(`_${mark}`))) await api('DELETE', `/api/v1/platform/custom-fields/${each.id}`);
});

test('custom fields: an input of its own for each type, errors at their inputs, only changed ones are sent', async ({ signedIn: page }) => {
  await page.goto('/inventory/sites?sel=new');
  const form = page.getByRole('dialog', { name: 'New site' });
  const input = (label: string) => form.getByRole('textbox', { name: labelled(label), exact: true });
  const pick = async (label: string, text: string) => {
    await form.getByRole('combobox', { name: labelled(label), exact: true }).focus();
    await page.keyboard.press('ArrowDown');
    await page.getByRole('option', { name: text, exact: true }).click();
  };
  const name = `Vault ${Date.now()}`;
  await form.getByRole('textbox', { name: 'Name', exact: true }).fill(name);
  if (!FAKE) await form.getByLabel('Slug').fill(name.toLowerCase().replace(' ', '-'));
  const support = form.getByRole('group', { name: labelled('Support') });
  // By weight, then by name.
  await expect(support.locator('label')).toHaveText([/^Contract/, /^Covers/, /^Portal/, /^Tier/, /^Until/]);
  await expect(support.getByRole('combobox', { name: labelled('Tier') })).toHaveValue('Silver');
  await expect(form.getByLabel(labelled('Id in the ERP'))).toBeDisabled();

  await input('Contract').fill('1204');
  await input('Floor').fill('41');
  await form.getByRole('button', { name: 'Create site' }).click();
  await expect(form.getByText('At most 40.')).toBeVisible();
  await expect(form.getByText('It has to match ^SC-\\d+$')).toBeVisible();
  await expect(input('Floor')).toHaveAttribute('aria-invalid', 'true');

  await input('Floor').fill('3');
  await input('Contract').fill('SC-1204');
  await pick('Tier', 'Gold');
  await pick('Covers', 'Bronze');
  await page.keyboard.press('Tab');
  await input('Portal').fill('https://support.example.net');
  await form.getByLabel(labelled('Until'), { exact: true }).fill('2027-03-31');
  await input('Floor load').fill('12.5');
  await pick('Manned', 'No');
  await form.getByLabel(labelled('Last check'), { exact: true }).fill('2026-11-01T09:30');
  await input('Notes').fill('Ring twice.');
  await input('Meta').fill('{"hall": 3}');
  await pick('Main rack', rack);
  await form.getByRole('button', { name: 'Create site' }).click();
  await expect(form).toHaveCount(0);

  // All of it on its page.
  await page.getByRole('textbox', { name: 'Search sites' }).fill(name);
  await page.getByRole('button', { name, exact: true }).click();
  await page.getByRole('dialog').getByRole('link', { name: 'Open its page' }).click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  const row = (label: string) => page.locator('dt', { hasText: new RegExp(`^${labelled(label)}$`) }).locator('+ dd');
  for (const [label, text] of [['Contract', 'SC-1204'], ['Covers', 'Bronze'], ['Tier', 'Gold'], ['Floor', '3'], ['Floor load', '12.5'], ['Manned', 'No'], ['Until', '2027-03-31'], ['Notes', 'Ring twice.'], ['Meta', '"hall": 3']] as const) await expect(row(label)).toContainText(text);
  await expect(row('Portal').getByRole('link')).toHaveAttribute('href', 'https://support.example.net');
  await expect(row('Main rack').getByRole('link', { name: rack })).toBeVisible();

  // Only what changed is sent, and what the server refuses stands at its input.
  await page.getByRole('button', { name: 'Edit' }).click();
  const edit = page.getByRole('dialog', { name: `Edit ${name}` });
  await edit.getByRole('textbox', { name: labelled('Floor'), exact: true }).fill('4');
  await edit.getByRole('textbox', { name: labelled('Meta'), exact: true }).fill('{"$record": "x"}');
  await edit.getByRole('button', { name: 'Save' }).click();
  await expect(edit.getByText('The name `$record` is reserved.')).toBeVisible();
  await expect(edit.getByRole('textbox', { name: labelled('Meta'), exact: true })).toBeFocused();
  await edit.getByRole('textbox', { name: labelled('Meta'), exact: true }).fill('{"hall": 3}');
  await edit.getByRole('textbox', { name: labelled('Notes'), exact: true }).fill('');
  const sent = page.waitForRequest((request) => request.method() === 'PATCH');
  await edit.getByRole('button', { name: 'Save' }).click();
  const body = (await sent).postDataJSON() as { custom_fields: Record<string, unknown> };
  expect(body).toMatchObject({ custom_fields: { [named('floor')]: 4, [named('notes')]: null } });
  expect(Object.keys(body)).toEqual(['custom_fields']);
  expect(Object.keys(body.custom_fields)).not.toContain(named('tier'));
  await expect(row('Floor')).toHaveText('4');
  await expect(row('Notes')).toHaveCount(0);
  await page.getByRole('tab', { name: 'Changes' }).click();
  await expect(page.getByRole('row', { name: new RegExp(`^${labelled('Floor')} 3 → 4$`) })).toBeVisible();
});

for (const theme of ['light', 'dark', 'hc'] as Theme[]) {
  test(`no accessibility violation in the form with custom fields, in a change for many and in the import, ${theme}`, async ({ page, signedIn }) => {
    test.setTimeout(120_000);
    await useTheme(page, theme);
    await signedIn.goto('/inventory/sites?sel=new');
    await settled(signedIn);
    await expect(signedIn.getByRole('dialog').getByRole('group', { name: labelled('Support') })).toBeVisible();
    await noViolations(signedIn);
    await signedIn.goto('/inventory/sites');
    await settled(signedIn);
    await signedIn.getByRole('table').getByRole('row').nth(1).getByRole('checkbox').check();
    await signedIn.getByRole('button', { name: 'Edit 1' }).click();
    await expect(signedIn.getByRole('dialog').getByRole('combobox', { name: 'What to change' })).toBeVisible();
    await noViolations(signedIn);
    await signedIn.goto('/inventory/sites/import');
    await signedIn.getByRole('textbox', { name: 'Paste here, or drop a file' }).fill('name,what\nA,b');
    await signedIn.getByRole('button', { name: 'Check 1 row' }).click();
    await expect(signedIn.getByText('1 row has errors. Nothing is written.')).toBeVisible();
    await noViolations(signedIn);
  });
}

test('columns: chosen and ordered by keyboard, in the URL, and kept in this browser', async ({ signedIn: page }) => {
  await page.goto('/inventory/sites');
  await settled(page);
  const heads = () => page.getByRole('table', { name: 'Sites' }).getByRole('columnheader').allTextContents().then((all) => all.map((text) => text.replace(/[▲▼]/, '')).filter((text) => text !== ''));
  const before = await heads();
  await page.getByRole('button', { name: 'Columns' }).focus();
  await page.keyboard.press('Enter');
  const picker = page.getByRole('dialog', { name: 'Columns' });
  await picker.getByRole('list', { name: 'Not shown' }).getByRole('checkbox', { name: labelled('Tier') }).focus();
  await page.keyboard.press('Space');
  await expect.poll(heads).toEqual([...before, labelled('Tier')]);
  const left = picker.getByRole('button', { name: `Move ${labelled('Tier')} to the left` });
  await left.focus();
  for (let place = before.length; place > 0; place -= 1) {
    await expect(left).toBeFocused();
    await page.keyboard.press('Enter');
  }
  await expect(picker.getByRole('button', { name: `Move ${labelled('Tier')} to the right` })).toBeFocused();
  await noViolations(page);
  await page.keyboard.press('Escape');
  await expect.poll(heads).toEqual([labelled('Tier'), ...before]);
  await expect(page).toHaveURL(/cols=custom_fields\./);
  // Without it in the URL this browser remembers.
  await page.goto('/inventory/sites');
  await settled(page);
  await expect.poll(heads).toEqual([labelled('Tier'), ...before]);
  await page.getByRole('button', { name: 'Columns' }).click();
  await picker.getByRole('button', { name: 'As it was' }).click();
  await expect.poll(heads).toEqual(before);
});

test('many records are changed together by keyboard: a preview first, errors by row, all or none', async ({ signedIn: page }) => {
  const depots = FAKE ? 'Depot' : `Depot ${mark}`;
  await page.goto(`/inventory/sites?q=${encodeURIComponent(depots)}&cols=name,custom_fields.${named('tier')},custom_fields.${named('floor')}`);
  await settled(page);
  const table = page.getByRole('table', { name: 'Sites' });
  await expect(table.getByRole('row')).toHaveCount(3);
  await table.getByRole('row').nth(1).focus();
  await page.keyboard.press('x');
  await page.keyboard.press('ArrowDown');
  await expect(table.getByRole('row').nth(2)).toBeFocused();
  await page.keyboard.press('x');
  await page.getByRole('button', { name: 'Edit 2' }).focus();
  await page.keyboard.press('Enter');
  const drawer = page.getByRole('dialog', { name: 'Edit 2 sites' });
  const choose = async (label: string, group = '') => {
    await drawer.getByRole('combobox', { name: /^(What to change|And)$/ }).fill(labelled(label));
    await page.getByRole('option', { name: group ? `${labelled(label)} (${labelled(group)})` : labelled(label), exact: true }).click();
  };
  await choose('Tier', 'Support');
  await drawer.getByRole('combobox', { name: labelled('Tier'), exact: true }).focus();
  await page.keyboard.press('ArrowDown');
  await page.getByRole('option', { name: 'Gold', exact: true }).click();
  await expect(drawer.getByText('1 site changes, 1 has it already.')).toBeVisible();
  // What the browser can tell.
  await choose('Floor');
  await drawer.getByRole('textbox', { name: labelled('Floor'), exact: true }).fill('41');
  await drawer.getByRole('button', { name: 'Preview' }).click();
  await expect(drawer.getByText('At most 40.')).toBeVisible();
  await drawer.getByRole('textbox', { name: labelled('Floor'), exact: true }).fill('7');
  // What only the server can.
  await choose('Meta');
  await drawer.getByRole('textbox', { name: labelled('Meta'), exact: true }).fill('{"$record": "x"}');
  await drawer.getByRole('button', { name: 'Preview' }).click();
  await expect(drawer.getByRole('alert')).toContainText('None of the 2 sites was changed: 2 cannot be.');
  await expect(drawer.getByRole('table', { name: 'Errors' }).getByRole('row', { name: new RegExp(`${depots} 1 ${labelled('Meta')}: The name`) })).toBeVisible();
  await noViolations(page);
  await drawer.getByRole('button', { name: `Leave ${labelled('Meta')} as it is` }).click();

  await drawer.getByRole('button', { name: 'Preview' }).click();
  const preview = drawer.getByRole('table', { name: 'Preview' });
  await expect(preview.getByRole('row', { name: new RegExp(`${depots} 1 Silver → Gold 0 → 7`) })).toBeVisible();
  await expect(preview.getByRole('row', { name: new RegExp(`${depots} 2 Gold 0 → 7`) })).toBeVisible();
  await noViolations(page);
  await drawer.getByRole('button', { name: 'Change 2 sites' }).click();
  await expect(drawer).toHaveCount(0);
  await expect(page.getByText('2 sites changed')).toBeVisible();
  for (const row of [1, 2]) await expect(table.getByRole('row').nth(row)).toContainText(/Gold7$/);
});

test('import: what the server says to each row first, then all of them', async ({ signedIn: page }) => {
  const name = `Imported ${Date.now()}`;
  const slug = name.toLowerCase().replaceAll(' ', '-');
  await page.goto('/inventory/sites');
  await settled(page);
  await page.getByRole('link', { name: 'Import' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Import sites' })).toBeVisible();
  await noViolations(page);
  const text = page.getByRole('textbox', { name: 'Paste here, or drop a file' });
  await text.fill('name,what\nA');
  await expect(page.getByText('Row 1 has 1 cells, the header has 2.')).toBeVisible();
  // Cells of a spreadsheet, with a column that is none.
  const columns = FAKE ? ['name', 'what'] : ['name', 'slug', 'what'];
  const line = (n: number, what: string) => (FAKE ? [`${name} ${n}`, what] : [`${name} ${n}`, `${slug}-${n}`, what]).join('\t');
  await text.fill([columns.join('\t'), line(1, 'x'), line(2, 'y')].join('\n'));
  await page.keyboard.press('ControlOrMeta+Enter');
  await expect(page.getByText('2 rows have errors. Nothing is written.')).toBeVisible();
  const table = page.getByRole('table', { name: 'Rows' });
  await expect(table.getByRole('row').nth(1)).toContainText('what: Site has no field `what`.');
  await noViolations(page);
  await text.fill([columns.slice(0, -1).join(','), ...[1, 2, 3].map((n) => line(n, '').split('\t').slice(0, -1).join(','))].join('\n'));
  await page.getByRole('button', { name: 'Check 3 rows' }).click();
  await expect(page.getByText('All rows are right: 3 new. Nothing is written yet.')).toBeVisible();
  await page.getByRole('button', { name: 'Import 3 rows' }).click();
  await expect(page.getByText('Imported: 3 new')).toBeVisible();
  await expect(page.getByRole('heading', { level: 1, name: 'Sites' })).toBeVisible();
  await page.getByRole('textbox', { name: 'Search sites' }).fill(name);
  await expect(page.getByRole('table', { name: 'Sites' }).getByRole('row')).toHaveCount(4);
  // A file is taken as well.
  await page.goto('/inventory/sites/import');
  await page.locator('input[type="file"]').setInputFiles({ name: 'sites.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify([{ name: '' }])) });
  await page.getByRole('button', { name: 'Check 1 row' }).click();
  await expect(page.getByText('1 row has errors. Nothing is written.')).toBeVisible();
});
