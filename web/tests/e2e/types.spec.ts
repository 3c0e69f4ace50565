import { expect, FAKE, noViolations, settled, test, useTheme, type Theme } from './fixtures';

test.skip(!FAKE, 'needs the fixtures of the stand-in');
test.setTimeout(180_000);

test('interfaces are added by a range, edited where they stand, renamed and deleted together', async ({ signedIn: page }) => {
  await page.goto('/inventory/device-types/type2');
  await settled(page);
  await page.getByRole('link', { name: 'Components' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'R-750' })).toBeVisible();
  const names = page.getByRole('textbox', { name: 'Names' });
  await names.fill('eth[3-1]');
  await expect(page.getByText('counts down')).toBeVisible();
  await names.fill('eth[0-3]');
  await expect(page.getByText('4 names: eth0, eth1, eth2, eth3')).toBeVisible();
  await page.getByRole('textbox', { name: 'Labels' }).fill('[1-2]');
  await expect(page.getByText('2 labels for 4 names')).toBeVisible();
  await page.getByRole('textbox', { name: 'Labels' }).fill('[1-4]');
  await page.getByRole('combobox', { name: 'Type', exact: true }).click();
  await noViolations(page);
  await page.getByRole('option', { name: '1000BASE-T' }).click();
  await page.getByRole('button', { name: 'Add 4' }).click();
  const table = page.getByRole('table', { name: 'Interfaces' });
  await expect(table.getByRole('row')).toHaveCount(5);
  await expect(table.getByRole('textbox', { name: 'Label of eth3' })).toHaveValue('4');
  await names.fill('eth[2-5]');
  await expect(page.getByText('Taken already: eth2, eth3.')).toBeVisible();

  // In the table, kept together; an empty name is refused before it is sent.
  await table.getByRole('combobox', { name: 'Type of eth1' }).focus();
  await table.getByRole('combobox', { name: 'Type of eth1' }).selectOption('10gbase-x-sfpp');
  await table.getByRole('checkbox', { name: 'Management only of eth0' }).check();
  await table.getByRole('textbox', { name: 'Name of eth2' }).fill('');
  await expect(page.getByText('3 rows changed, not kept yet')).toBeVisible();
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(table.getByRole('textbox', { name: 'Name of eth2' })).toHaveAttribute('aria-invalid', 'true');
  await noViolations(page);
  await table.getByRole('textbox', { name: 'Name of eth2' }).fill('eth2');
  const sent = page.waitForRequest((request) => request.url().includes('interface-templates/actions/batch'));
  await page.getByRole('button', { name: 'Save' }).click();
  const { operations } = (await sent).postDataJSON() as { operations: { data: unknown }[] };
  expect(operations.map((each) => each.data)).toEqual([{ mgmt_only: true }, { type: '10gbase-x-sfpp' }]);
  await expect(page.getByText('2 interface templates changed')).toBeVisible();

  await table.getByRole('checkbox', { name: 'Select all interfaces' }).check();
  await page.getByRole('button', { name: 'Rename' }).click();
  const rename = page.getByRole('dialog', { name: 'Rename 4' });
  await rename.getByRole('textbox', { name: 'In its place' }).fill('ge-0/0/{n}');
  await noViolations(page);
  await rename.getByRole('button', { name: 'Rename 4' }).click();
  await expect(table.getByRole('textbox', { name: 'Name of ge-0/0/4' })).toBeVisible();
  await page.getByRole('tab', { name: 'A new device' }).click();
  await expect(page.getByRole('table', { name: 'A new device comes with' }).getByText('ge-0/0/1, ge-0/0/[3-4]')).toBeVisible();
  await page.getByRole('tab', { name: /^Interfaces/ }).click();
  await table.getByRole('checkbox', { name: 'Select ge-0/0/4' }).check();
  await page.getByRole('button', { name: 'Delete 1' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await expect(table.getByRole('row')).toHaveCount(4);
});

test('another type is copied with what refers to what; front ports lead to a rear port', async ({ signedIn: page }) => {
  await page.goto('/device-types/type2?kind=power_outlet');
  await settled(page);
  await page.getByRole('button', { name: 'Copy from' }).click();
  const dialog = page.getByRole('dialog', { name: 'Copy from another type' });
  const copy = async (name: string) => {
    await dialog.getByRole('combobox', { name: 'Device type' }).click();
    await page.getByRole('option', { name }).click();
    await noViolations(page);
    await dialog.getByRole('button', { name: 'Copy' }).click();
    await expect(dialog).toHaveCount(0);
  };
  await copy('PDU-32A');
  await expect(page.getByText('Copied: 1 power port template, 2 power outlet templates')).toBeVisible();
  await expect(page.getByRole('combobox', { name: 'Power port of Out 1' })).toHaveText(/In/);
  await page.getByRole('button', { name: 'Copy from' }).click();
  await copy('PP-24-LC');
  await page.getByRole('tab', { name: /^Front ports/ }).click();
  await page.getByRole('textbox', { name: 'Names' }).fill('LC [2-4]');
  await page.getByRole('combobox', { name: 'Type', exact: true }).click();
  // The cells of the table have options of the same name.
  await page.getByRole('listbox', { name: 'Type' }).getByRole('option', { name: 'LC', exact: true }).click();
  await page.getByRole('combobox', { name: 'Lead to rear port' }).click();
  await page.getByRole('listbox', { name: 'Lead to rear port' }).getByRole('option', { name: 'MPO 1' }).click();
  await page.getByRole('spinbutton', { name: 'From position' }).fill('2');
  await page.getByRole('button', { name: 'Add 3' }).click();
  const table = page.getByRole('table', { name: 'Front ports' });
  for (const n of [1, 2, 3, 4]) await expect(table.getByRole('row').nth(n)).toContainText(`MPO 1 (${n})`);
});

test('documents are looked at before they are imported; pictures are kept by side', async ({ signedIn: page }) => {
  await page.goto('/inventory/device-types');
  await settled(page);
  await page.getByRole('link', { name: 'Import YAML' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Import device types' })).toBeVisible();
  const text = page.getByRole('textbox', { name: 'Paste here, or drop files' });
  await text.fill('manufacturer: Acme\nmodel: AC-48\n');
  await page.getByRole('button', { name: 'Check' }).click();
  await expect(page.getByText('1 document with errors. Nothing is written.')).toBeVisible();
  await expect(page.getByRole('table', { name: 'Documents' }).getByText('Give the slug.')).toBeVisible();
  await noViolations(page);
  await page.locator('input[type="file"]').setInputFiles(['a', 'b'].map((name) => ({ name: `${name}.yaml`, mimeType: 'application/yaml', buffer: Buffer.from(`---\nmanufacturer: Acme\nmodel: AC-${name}\nslug: ac-${name}\ninterfaces:\n  - name: eth0\n    type: 1000base-t\n`) })));
  await page.getByRole('button', { name: 'Check' }).click();
  await expect(page.getByText('All documents are right: 2 new')).toBeVisible();
  await page.getByRole('button', { name: 'Import 2 types' }).click();
  await expect(page.getByText('2 device types created')).toBeVisible();

  await page.goto('/device-types/type1?kind=pictures');
  await settled(page);
  const pixel = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGD4DwABBAEAfbLI3wAAAABJRU5ErkJggg==', 'base64');
  await page.locator('input[type="file"]').first().setInputFiles({ name: 'front.png', mimeType: 'image/png', buffer: pixel });
  const picture = page.getByRole('img', { name: 'NX-5448 Leaf from the front' });
  await expect(picture).toBeVisible();
  await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(1);
  await noViolations(page);
  await page.getByRole('button', { name: 'Delete the picture of the front' }).click();
  await expect(picture).toHaveCount(0);
});

for (const theme of ['light', 'dark', 'hc'] as Theme[]) {
  test(`no accessibility violation in the editor of types, ${theme}`, async ({ page, signedIn }) => {
    await useTheme(page, theme);
    for (const route of ['/device-types/type1', '/device-types/type1?kind=preview', '/device-types/type1?kind=pictures', '/device-types/import']) {
      await signedIn.goto(route);
      await settled(signedIn);
      await noViolations(signedIn);
    }
  });
}

test('the editor of types fits a narrow screen (WCAG 1.4.10)', async ({ page, signedIn }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  for (const route of ['/device-types/type1', '/device-types/type1?kind=preview', '/device-types/import']) {
    await signedIn.goto(route);
    await settled(signedIn);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), route).toBeLessThanOrEqual(0);
  }
});
