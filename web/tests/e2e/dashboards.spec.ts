import { expect, FAKE, noViolations, settled, test, useTheme, type Theme } from './fixtures';

test.skip(!FAKE, 'needs the fixtures of the stand-in');

test('a dashboard is made, filled, moved and sized by keyboard and by mouse, kept, and made the home page', async ({ signedIn: page }) => {
  await page.goto('/dashboards');
  await settled(page);
  await page.getByRole('button', { name: 'New dashboard' }).click();
  await page.getByRole('dialog', { name: 'New dashboard' }).getByLabel('Name').fill('Mine');
  await noViolations(page);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Mine' })).toBeVisible();
  const add = async (kind: RegExp) => {
    await page.getByRole('button', { name: 'Add a widget' }).first().click();
    await page.getByRole('dialog', { name: 'Add a widget' }).getByRole('button', { name: kind }).click();
  };
  await add(/^Drift/);
  await add(/^Note/);
  const form = page.getByRole('dialog', { name: 'New widget: note' });
  await form.getByRole('textbox', { name: 'Text' }).fill('Look at https://wiki.example.net/hall first.');
  await noViolations(page);
  await form.getByRole('button', { name: 'Add it' }).click();
  const note = page.getByRole('region', { name: 'Note' });
  const drift = page.getByRole('region', { name: 'Drift' });
  await expect(note.getByText('Look at')).toBeVisible();

  // By keyboard: the note goes above the drift, then becomes wider.
  await note.getByRole('button', { name: 'Move Note', exact: true }).focus();
  await page.keyboard.press('ArrowUp');
  await expect(page.getByText('Note: column 1, row 1, 4 wide, 3 high')).toBeAttached();
  await page.keyboard.press('Shift+ArrowRight');
  await expect(page.getByText('Note: column 1, row 1, 5 wide, 3 high')).toBeAttached();
  const [above, below] = [await note.boundingBox(), await drift.boundingBox()];
  expect(above && below && above.y + above.height < below.y).toBe(true);
  await noViolations(page);

  // By mouse: the drift goes to the right of it.
  const handle = await drift.getByRole('button', { name: 'Move Drift', exact: true }).boundingBox();
  if (!handle || !above) throw new Error('nothing is drawn');
  await page.mouse.move(handle.x + 10, handle.y + 10);
  await page.mouse.down();
  await page.mouse.move(handle.x + 300, handle.y - 60, { steps: 5 });
  await page.mouse.move(above.x + above.width + 60, above.y + 15, { steps: 5 });
  await page.mouse.up();
  await expect.poll(async () => (await drift.boundingBox())?.y).toBe(above.y);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText('Mine is kept')).toBeVisible();
  await page.reload();
  await settled(page);
  expect((await note.boundingBox())?.y).toBe((await drift.boundingBox())?.y);
  await expect(note.getByRole('link', { name: 'https://wiki.example.net/hall' })).toHaveAttribute('rel', /noopener/);

  // What is left is not kept.
  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  await page.getByRole('button', { name: 'Remove Note' }).click();
  await expect(note).toHaveCount(0);
  await page.getByRole('button', { name: 'Leave as it was' }).click();
  await expect(note).toBeVisible();

  await page.getByRole('button', { name: 'Name and sharing' }).click();
  const facts = page.getByRole('dialog', { name: 'Edit Mine' });
  await facts.getByRole('switch', { name: 'Home page' }).click();
  await facts.getByRole('button', { name: 'Save' }).click();
  await expect(facts).toHaveCount(0);
  await page.goto('/');
  await expect(page.getByRole('heading', { level: 1, name: 'Home' })).toBeVisible();
  await expect(note.getByText('Look at')).toBeVisible();
  await page.getByRole('link', { name: 'Open', exact: true }).click();
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Dashboards' })).toBeVisible();
});

test('widgets show what is there and lead to it', async ({ signedIn: page }) => {
  await page.goto('/dashboards/board1');
  await settled(page);
  await expect(page.getByRole('region', { name: 'Counts' }).getByRole('link', { name: /8\s*Devices/ })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Prefixes by status' }).getByRole('link', { name: 'Container' })).toHaveAttribute('href', /status=container/);
  await expect(page.getByRole('region', { name: 'Map' }).getByRole('img')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Rack' }).getByRole('img', { name: 'Rack A01, front' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Bookmarks' }).getByRole('link', { name: 'A01' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Fullest prefixes' }).getByRole('meter')).toHaveCount(1);
  await page.getByRole('region', { name: 'Active devices' }).getByRole('link', { name: 'As a list' }).click();
  await expect(page).toHaveURL(/\/inventory\/devices\?status=active/);
});

for (const theme of ['light', 'dark', 'hc'] as Theme[]) {
  test(`no accessibility violation on dashboards, ${theme}`, async ({ page, signedIn }) => {
    test.setTimeout(120_000);
    await useTheme(page, theme);
    for (const route of ['/dashboards', '/dashboards/board1', '/dashboards/board1?edit=1']) {
      await signedIn.goto(route);
      await settled(signedIn);
      await noViolations(signedIn);
    }
  });
}

test('dashboards fit a narrow screen (WCAG 1.4.10)', async ({ page, signedIn }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  for (const route of ['/dashboards', '/dashboards/board1', '/dashboards/board1?edit=1', '/inventory/devices']) {
    await signedIn.goto(route);
    await settled(signedIn);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), route).toBeLessThanOrEqual(0);
  }
});
