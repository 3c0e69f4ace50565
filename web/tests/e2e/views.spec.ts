import { expect, FAKE, noViolations, settled, test, useTheme, type Theme } from './fixtures';

// Devices, racks and custom fields are those of the stand-in; the real server has them where records.spec.ts made them.
test.skip(!FAKE, 'needs the fixtures of the stand-in');

const table = 'Devices';

test('a filter by a custom field and by a reference is chosen by name, and told in words', async ({ signedIn: page }) => {
  await page.goto('/inventory/sites');
  await settled(page);
  await page.getByRole('button', { name: 'Filter', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Filter' });
  await dialog.getByRole('combobox', { name: 'Field' }).fill('Tier');
  await noViolations(page);
  await page.getByRole('option', { name: 'Tier', exact: true }).click();
  await dialog.getByRole('combobox', { name: 'Condition' }).click();
  await noViolations(page);
  await page.getByRole('option', { name: 'is', exact: true }).click();
  await dialog.getByRole('combobox', { name: 'Value' }).click();
  await page.getByRole('option', { name: 'Gold', exact: true }).click();
  const answer = page.waitForResponse((response) => response.url().includes('cf_tier=gold'));
  await dialog.getByRole('button', { name: 'Add filter' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(page).toHaveURL(/cf_tier=gold/);
  await expect(page.getByText('Tier is Gold')).toBeVisible();
  // Other tests make golden sites, too.
  const { items } = (await (await answer).json()) as { items: { custom_fields: { tier: string } }[] };
  expect(items.map((site) => site.custom_fields.tier)).toEqual(items.map(() => 'gold'));
  await expect(page.getByRole('table', { name: 'Sites' }).getByRole('row')).toHaveCount(items.length + 1);

  await page.goto('/inventory/devices?rack=rack1');
  await settled(page);
  await expect(page.getByText('Rack is A01')).toBeVisible();
  await page.getByRole('button', { name: 'Remove filter Rack is A01' }).click();
  await expect(page).not.toHaveURL(/rack=/);
});

test('heads of columns filter as one types, also when nothing is left', async ({ signedIn: page }) => {
  await page.goto('/inventory/devices');
  await settled(page);
  await page.getByRole('button', { name: 'Quick filters' }).click();
  const devices = page.getByRole('table', { name: table });
  await devices.getByRole('combobox', { name: 'Filter by Status' }).selectOption('Active');
  await expect(page).toHaveURL(/status=active/);
  const rack = devices.getByRole('textbox', { name: 'Filter by Rack' });
  await rack.fill('a02');
  await expect(page).toHaveURL(/rack\.name__contains=a02/);
  await expect(devices.getByRole('button', { name: 'ams-leaf-2' })).toBeVisible();
  await expect(devices.getByRole('button', { name: 'ams-leaf-1' })).toHaveCount(0);
  await rack.fill('nowhere');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Nothing matches' })).toBeVisible();
  await expect(rack).toBeFocused();
  await noViolations(page);
  await page.keyboard.press('Escape');
  await expect(page).not.toHaveURL(/rack/);
  await expect(rack).toHaveValue('');
});

test('a view is kept, told as changed, kept again, opened by default and forgotten', async ({ signedIn: page }) => {
  await page.goto('/inventory/devices?status=active&sort=-name&cols=name,status,rack');
  await settled(page);
  const menu = page.locator('main').getByRole('button', { name: /^(Views|Busy)/ });
  await menu.click();
  await page.getByRole('menuitem', { name: 'Keep this as a view' }).click();
  const dialog = page.getByRole('dialog', { name: 'Keep this as a view' });
  await dialog.getByLabel('Name').fill('Busy');
  await noViolations(page);
  await page.keyboard.press('Enter');
  await expect(dialog).toHaveCount(0);
  await expect(menu).toHaveText('Busy');
  await page.getByRole('table', { name: table }).getByRole('button', { name: /^Name/ }).click();
  await expect(menu).toHaveText('Busy, changed');
  await menu.click();
  await noViolations(page);
  await page.getByRole('menuitem', { name: 'Keep the changes in Busy' }).click();
  await expect(menu).toHaveText('Busy');
  await menu.click();
  await page.getByRole('menuitem', { name: 'Open devices with Busy' }).click();
  await expect(page.getByText('Devices open with Busy')).toBeVisible();

  // Opened without saying how: the default. With a filter: what was asked for.
  await page.goto('/inventory/devices');
  await settled(page);
  await expect(page).toHaveURL(/status=active/);
  await expect(menu).toHaveText('Busy');
  await page.goto('/inventory/devices?rack=rack1');
  await settled(page);
  await expect(menu).toHaveText('Views');
  await menu.click();
  await page.getByRole('menuitem', { name: 'All devices' }).click();
  await expect(page).toHaveURL(/devices\?saved=all$/);
  await menu.click();
  await page.getByRole('menuitem', { name: 'Active only' }).click();
  await expect(page).toHaveURL(/status=active/);
  await menu.click();
  await page.getByRole('menuitem', { name: /^Busy/ }).click();
  await menu.click();
  await page.getByRole('menuitem', { name: 'Forget Busy' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Forget' }).click();
  await expect(menu).toHaveText('Views');
});

for (const theme of ['light', 'dark', 'hc'] as Theme[]) {
  test(`no accessibility violation in filters and views, ${theme}`, async ({ page, signedIn }) => {
    await useTheme(page, theme);
    await page.addInitScript(() => localStorage.setItem('portolan.headfilters', 'true'));
    await signedIn.goto('/inventory/devices?status=active&rack=rack1');
    await settled(signedIn);
    await expect(signedIn.getByText('Rack is A01')).toBeVisible();
    await noViolations(signedIn);
    await signedIn.locator('main').getByRole('button', { name: 'Views' }).click();
    await expect(signedIn.getByRole('menuitem', { name: 'Active only' })).toBeVisible();
    await noViolations(signedIn);
  });
}

test('the dialog of the next free prefix has no violation with its choices open', async ({ signedIn: page }) => {
  await page.goto('/prefixes?open=p8,p16');
  await settled(page);
  await page.getByRole('row').filter({ has: page.getByRole('link', { name: '10.20.0.0/16', exact: true }) }).focus();
  await page.keyboard.press('n');
  const dialog = page.getByRole('dialog', { name: /Next free in/ });
  for (const name of ['Length', 'Status']) {
    await dialog.getByRole('combobox', { name }).click();
    await expect(page.getByRole('option').first()).toBeVisible();
    await noViolations(page);
    await page.keyboard.press('Escape');
  }
});
