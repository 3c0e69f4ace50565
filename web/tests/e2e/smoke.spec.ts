import { createServer, type Server } from 'node:http';
import { expect, FAKE, PASSWORD, settled, signIn, test, USER } from './fixtures';

/** A fake server of its own for one test. */
async function fakeAt(options: object): Promise<{ url: string; server: Server }> {
  const { createPages } = await import('../fake/pages.mjs');
  const server = createServer(createPages(options));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return { server, url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}` };
}

test('a wrong password says so, the right one leads where one wanted to go', async ({ page }) => {
  await page.goto('/devices?q=core');
  await expect(page).toHaveURL(/\/login\?next=/);
  await page.getByLabel('Name or e-mail').fill(USER);
  await page.getByLabel('Password', { exact: true }).fill('wrong-password-here');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert')).toContainText('Name or password is wrong');
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL(/\/devices\?q=core$/);
  await expect(page.getByRole('heading', { level: 1, name: 'Devices' })).toBeVisible();
});

test('by keyboard alone: skip link, chords, help, command palette', async ({ signedIn }) => {
  await signedIn.keyboard.press('Tab');
  await expect(signedIn.getByRole('link', { name: 'Skip to content' })).toBeFocused();
  await signedIn.keyboard.press('Enter');
  await expect(signedIn.locator('#main')).toBeFocused();
  await signedIn.keyboard.press('g');
  await signedIn.keyboard.press('d');
  await expect(signedIn.getByRole('heading', { level: 1, name: 'Devices' })).toBeVisible();
  await expect(signedIn).toHaveTitle(/^Devices - Portolan$/);
  await signedIn.keyboard.press('/');
  await expect(signedIn.getByLabel('Search name or address')).toBeFocused();
  await signedIn.keyboard.press('ControlOrMeta+k');
  await signedIn.getByRole('combobox', { name: /Search devices/ }).fill('unpl');
  await expect(signedIn.getByRole('option', { name: /Unplaced/ })).toHaveAttribute('aria-selected', 'true');
  await signedIn.keyboard.press('Enter');
  await expect(signedIn.getByRole('heading', { level: 1, name: 'Unplaced' })).toBeVisible();
});

test('theme is remembered', async ({ signedIn }) => {
  await signedIn.getByRole('button', { name: 'Theme' }).click();
  await signedIn.getByRole('menuitem', { name: 'Dark' }).click();
  await expect(signedIn.locator('html')).toHaveAttribute('data-theme', 'dark');
  await signedIn.reload();
  await expect(signedIn.locator('html')).toHaveAttribute('data-theme', 'dark');
});

test('credentials: create with errors at their field, edit, history, delete', async ({ signedIn: page }) => {
  const name = `e2e ${Date.now()}`;
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Credentials' }).click();
  await settled(page);
  await page.getByRole('button', { name: 'New credential' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'New credential' });
  await dialog.getByRole('button', { name: 'Create credential' }).click();
  await expect(dialog.getByLabel('Name')).toHaveAttribute('aria-invalid', 'true');
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByLabel(/^Community/).fill('labro');
  await dialog.getByRole('button', { name: 'Create credential' }).click();
  await expect(page.getByText('Credential created')).toBeVisible();
  await page.getByRole('button', { name, exact: true }).click();
  const edit = page.getByRole('dialog', { name: 'Credential' });
  await edit.getByLabel('Name').fill(`${name} b`);
  await edit.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('button', { name: `${name} b`, exact: true }).click();
  await edit.getByRole('tab', { name: 'History' }).click();
  await expect(edit.getByText(`${name} b`)).toBeVisible();
  await edit.getByRole('tab', { name: 'Edit' }).click();
  await edit.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByRole('button', { name: `${name} b`, exact: true })).toHaveCount(0);
});

test('an API token is shown once', async ({ signedIn: page }) => {
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: /tokens/i }).click();
  await settled(page);
  await page.getByRole('button', { name: /^New .*token/i }).first().click();
  await page.getByRole('dialog').getByLabel('Name').fill(`e2e ${Date.now()}`);
  await page.getByRole('dialog').getByRole('button', { name: /^Create/ }).click();
  const once = page.getByRole('dialog', { name: /Your new/i });
  await expect(once.locator('code').first()).not.toBeEmpty();
  await once.getByRole('button', { name: 'I have it' }).click();
  await expect(once).toHaveCount(0);
});

test.describe('with the fixture network', () => {
  test.skip(!FAKE, 'needs the fixture of the fake server');

  test('map: find, select by keyboard, evidence of a link, move and pin by keyboard, back by URL', async ({ signedIn: page }) => {
    await page.goto('/map?layer=l1');
    const canvas = page.getByRole('application', { name: 'Network map' });
    await expect.poll(() => page.evaluate(() => (window as never as { portolanGraph?: { debug(): { nodes: number; backend: string } } }).portolanGraph?.debug())).toMatchObject({ nodes: 39, backend: 'webgl2' });
    await canvas.focus();
    await page.keyboard.press('ArrowRight');
    await expect(page).toHaveURL(/sel=0000dead/);
    const panel = page.getByRole('complementary').first();
    await expect(panel.getByRole('link', { name: 'Open device' })).toBeVisible();
    await page.keyboard.press('l');
    await expect(page).toHaveURL(/sel=0000beef/);
    await expect(page.getByText(/^Evidence, \d/)).toBeVisible();
    await page.goto('/map?layer=l1&sel=0000dead-0000-4000-8000-000000000002');
    await canvas.focus();
    await page.keyboard.press('m');
    await page.keyboard.press('ArrowUp');
    const saved = page.waitForRequest((request) => request.url().includes('/api/v1/atlas/positions') && request.method() === 'PUT');
    await page.keyboard.press('Enter');
    expect((await saved).postDataJSON()).toMatchObject({ pins: [{ id: '0000dead-0000-4000-8000-000000000002' }] });
    await expect(page.getByRole('button', { name: 'Unpin' })).toBeVisible();
    await page.getByLabel('Find name, address, vendor, site').fill('core1');
    await expect(page.getByRole('button', { name: /Show \d+ matches/ })).toBeVisible();
    await page.keyboard.press('Escape');
    await page.getByText('Table', { exact: true }).click();
    await expect(page.getByRole('table', { name: 'Nodes' }).getByRole('row')).toHaveCount(4);
    await page.reload();
    await expect(page.getByRole('table', { name: 'Nodes' }).getByRole('row')).toHaveCount(4);
  });

  test('map: the mouse pans, zooms, selects and drags a pin', async ({ signedIn: page }) => {
    await page.goto('/map?layer=l1&cam=-260,0,0.9');
    await settled(page);
    await expect(page.locator('canvas')).toBeVisible();
    const camera = () => page.evaluate(() => (window as never as { portolanGraph: { getCamera(): { x: number; zoom: number } } }).portolanGraph.getCamera());
    const box = await page.getByRole('application', { name: 'Network map' }).boundingBox();
    if (!box) throw new Error('no map');
    const start = await camera();
    await page.mouse.move(box.x + 30, box.y + 30);
    await page.mouse.down();
    await page.mouse.move(box.x + 130, box.y + 30, { steps: 4 });
    await page.mouse.up();
    expect((await camera()).x).toBeCloseTo(start.x - 100 / start.zoom, 0);
    await page.mouse.wheel(0, -300);
    await expect.poll(async () => (await camera()).zoom).toBeGreaterThan(start.zoom * 1.2);
    await expect(page).toHaveURL(/cam=/);
  });

  test('map: without WebGL the same picture comes from canvas 2D', async ({ page, signedIn }) => {
    await page.addInitScript(() => {
      const original = HTMLCanvasElement.prototype.getContext as (this: HTMLCanvasElement, kind: string, ...rest: unknown[]) => unknown;
      HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement, kind: string, ...rest: unknown[]) {
        return kind.startsWith('webgl') ? null : original.call(this, kind, ...rest);
      } as never;
    });
    await signedIn.goto('/map?layer=l1&sel=0000dead-0000-4000-8000-000000000000');
    const debug = () => page.evaluate(() => (window as never as { portolanGraph?: { debug(): { nodes: number; backend: string } } }).portolanGraph?.debug());
    await expect.poll(debug).toMatchObject({ nodes: 39, backend: 'canvas2d' });
    // Some pixels are not the surface, from the first frame after the layout on.
    const colours = () => page.locator('canvas').evaluate((canvas: HTMLCanvasElement) => new Set(canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data).size);
    await expect.poll(colours).toBeGreaterThan(20);
  });

  test('map: opening and closing it many times leaves nothing behind', async ({ signedIn: page }) => {
    // More rounds than browsers allow contexts.
    test.setTimeout(240_000);
    const lost: string[] = [];
    page.on('console', (message) => /Too many active WebGL contexts/.test(message.text()) && lost.push(message.text()));
    for (let round = 0; round < 18; round += 1) {
      await page.getByRole('link', { name: 'Map' }).first().click();
      await expect(page.locator('canvas')).toHaveCount(1);
      await page.getByRole('link', { name: 'Home' }).first().click();
      await expect(page.locator('canvas')).toHaveCount(0);
    }
    expect(lost).toEqual([]);
  });

  test('a temporary password has to be changed first', async ({ page }) => {
    const { server, url } = await fakeAt({ nodes: 20, mustChange: true });
    await page.goto(`${url}/login`);
    await page.getByLabel('Name or e-mail').fill('admin');
    await page.getByLabel('Password', { exact: true }).fill('portolan-admin');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Choose your password' })).toBeVisible();
    // No way round it.
    await page.goto(`${url}/devices`);
    await expect(page.getByRole('heading', { level: 1, name: 'Choose your password' })).toBeVisible();
    await page.getByLabel('Current password', { exact: true }).fill('portolan-admin');
    await page.getByLabel('New password', { exact: true }).fill('short');
    await expect(page.getByText('7 more characters')).toBeVisible();
    await page.getByLabel('New password', { exact: true }).fill('a longer sentence');
    await page.getByLabel('New password again').fill('a longer sentence');
    await page.getByRole('button', { name: 'Set password' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Devices' })).toBeVisible();
    server.close();
  });

  test('an empty network says what to do next, everywhere', async ({ page }) => {
    const { server, url } = await fakeAt({ empty: true });
    await page.goto(`${url}/login`);
    await page.getByLabel('Name or e-mail').fill('admin');
    await page.getByLabel('Password', { exact: true }).fill('portolan-admin');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByRole('button', { name: 'Start the first discovery' })).toBeVisible();
    for (const path of ['/map', '/devices', '/discovery']) {
      await page.goto(`${url}${path}`);
      await expect(page.locator('main').getByRole('button', { name: 'Start a discovery' }).last()).toBeVisible();
    }
    await page.goto(`${url}/unplaced`);
    await expect(page.getByText('Everything seen has its place')).toBeVisible();
    server.close();
  });

  test('two devices that may be one: a person decides, and can take it back', async ({ signedIn: page }) => {
    await page.goto('/devices/0000dead-0000-4000-8000-000000000000?tab=identity');
    await page.getByLabel('Reason').fill('same box, seen at the rack');
    await page.getByRole('button', { name: 'One device' }).click();
    await expect(page.getByRole('button', { name: 'Undo' })).toBeVisible();
  });

  test('a discovery runs to its end under one’s eyes', async ({ signedIn: page }) => {
    await page.goto('/discovery?new=1');
    const dialog = page.getByRole('dialog', { name: 'Start a discovery' });
    await dialog.getByLabel('Start from').fill('core1');
    await dialog.getByRole('button', { name: 'Start' }).click();
    await expect(dialog.getByText('"core1" is not an IP address')).toBeVisible();
    await dialog.getByLabel('Start from').fill('10.1.99.1');
    await expect(dialog.getByLabel('Stay inside')).toHaveValue('10.0.0.0/8');
    await dialog.getByRole('button', { name: 'Start' }).click();
    await expect(page).toHaveURL(/\/discovery\/[\da-f-]{36}$/);
    await expect(page.getByRole('progressbar', { name: 'Discovery progress' })).toBeVisible();
    await expect(page.getByText('Completed').first()).toBeVisible({ timeout: 20_000 });
    await page.getByText('Failed', { exact: true }).first().click();
    await expect(page.getByRole('table', { name: 'Targets' })).toContainText('No answer to SNMP');
    await page.getByRole('table', { name: 'Targets' }).getByRole('button').first().click();
    await expect(page.getByRole('dialog')).toContainText('Check that the device allows SNMP');
  });

  test('device page: tabs are in the URL', async ({ signedIn: page }) => {
    await page.goto('/devices/0000dead-0000-4000-8000-000000000000');
    await page.getByRole('tab', { name: /Interfaces/ }).click();
    await expect(page).toHaveURL(/tab=interfaces/);
    await page.getByLabel('Search interfaces').fill('lo0');
    await expect(page.getByRole('table', { name: 'Interfaces' }).getByRole('row')).toHaveCount(2);
  });

  test('a change of somebody else is not overwritten unasked', async ({ signedIn: page, browser }) => {
    await page.goto('/settings/scopes?sel=s1');
    await page.getByRole('dialog').getByLabel('Depth').fill('9');
    const other = await browser.newPage();
    await signIn(other);
    await other.goto('/settings/scopes?sel=s1');
    await other.getByRole('dialog').getByLabel('Depth').fill('7');
    await other.getByRole('button', { name: 'Save' }).click();
    await expect(other.getByText('Discovery scope Lab saved')).toBeVisible();
    await other.close();
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByText('Somebody else changed this record')).toBeVisible();
    await page.getByRole('button', { name: 'Load their version' }).click();
    await expect(page.getByRole('dialog').getByLabel('Depth')).toHaveValue('7');
  });

  test('long lists page by themselves and sort on the server', async ({ signedIn: page }) => {
    await page.goto('/admin/users');
    const table = page.getByRole('table', { name: 'Users' });
    await expect(page.getByText('100 of 241 loaded')).toBeVisible();
    await page.getByRole('button', { name: 'Load more' }).click();
    await expect(page.getByText('200 of 241 loaded')).toBeVisible();
    await table.getByRole('button', { name: 'Login name' }).click();
    await table.getByRole('button', { name: 'Login name' }).click();
    await expect(page).toHaveURL(/sort=-name/);
    await expect(table.getByRole('row').nth(1)).toContainText('user239');
  });
});
