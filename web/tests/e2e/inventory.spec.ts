import { expect, FAKE, settled, test } from './fixtures';

test.describe('inventory with the real server', () => {
  test.skip(FAKE, 'the fake server has no inventory');

  test('a site in a region, and a VLAN group that is valid at it', async ({ signedIn: page }) => {
    const mark = String(Date.now());
    const create = async (group: string, kind: string, fill: () => Promise<void>) => {
      const rail = page.getByRole('navigation', { name: 'Main' });
      const link = rail.getByRole('link', { name: `${kind}s`, exact: true });
      if (!(await link.isVisible())) await rail.getByRole('heading', { name: group, exact: true }).click();
      await link.click();
      await settled(page);
      await page.getByRole('button', { name: `New ${kind.startsWith('V') ? kind : kind.toLowerCase()}` }).first().click();
      await fill();
      await page.getByRole('dialog').getByRole('button', { name: /^Create/ }).click();
      await expect(page.getByRole('dialog')).toHaveCount(0);
    };
    const dialog = page.getByRole('dialog');
    const pick = async (label: string, text: string) => {
      await dialog.getByRole('combobox', { name: label, exact: true }).fill(text);
      await page.getByRole('option', { name: text, exact: true }).click();
    };
    await create('Sites', 'Region', async () => {
      await dialog.getByLabel('Name').fill(`North ${mark}`);
      await dialog.getByLabel('Slug').fill(`north-${mark}`);
    });
    await create('Sites', 'Site', async () => {
      await dialog.getByLabel('Name').fill(`Hall ${mark}`);
      await dialog.getByLabel('Slug').fill(`hall-${mark}`);
      await pick('Region', `North ${mark}`);
    });
    await expect(page.getByRole('row', { name: new RegExp(`Hall ${mark}.*North ${mark}`) })).toBeVisible();
    await create('VLANs', 'VLAN group', async () => {
      await dialog.getByLabel('Name').fill(`Office ${mark}`);
      await dialog.getByLabel('Slug').fill(`office-${mark}`);
      await pick('Scope: kind', 'Site');
      await pick('Scope', `Hall ${mark}`);
    });
    await page.getByRole('button', { name: `Office ${mark}`, exact: true }).click();
    await expect(dialog.getByRole('combobox', { name: 'Scope', exact: true })).toHaveValue(`Hall ${mark}`);
  });
});
