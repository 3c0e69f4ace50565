import { expect, FAKE, noViolations, settled, test, useTheme, type Theme } from './fixtures';

const DEVICE = '0000dead-0000-4000-8000-000000000000';
const LINK = '0000beef-0000-4000-8000-000000000003';

/** Every route; those with fixture ids only where the fixture is, records of products only where the server is. */
const ROUTES = [
  '/', '/map', '/map?layer=l1&view=table', '/map?layer=l1&view=table&rows=links', '/devices', '/discovery', '/discovery?new=1', '/unplaced', '/drift', '/drift/import', '/drift/rules', '/profile', '/nowhere',
  ...(FAKE ? ['/drift?sel=0000d41f-0000-4000-8000-000000000005', `/map?layer=l1&sel=${DEVICE}`, `/map?layer=l1&sel=${LINK}`, `/devices/${DEVICE}`, ...['interfaces', 'neighbours', 'addresses', 'arp', 'routing', 'hardware', 'identity', 'tables', 'history'].map((tab) => `/devices/${DEVICE}?tab=${tab}`), '/settings/credentials', '/settings/credentials?sel=new', '/settings/credentials?sel=c1', '/settings/credentials?sel=c1&tab=history', '/admin/users', '/admin/roles', '/admin/role-bindings?sel=new', '/admin/tokens', '/admin/jobs', '/admin/audit'] : ['/inventory/sites', '/inventory/devices?sel=new', '/inventory/prefixes?sel=new']),
];

/** How many of the routes: names and structure are those of every theme, only colours differ. */
const SHARE: Partial<Record<Theme, number>> = { dark: 12, hc: 6 };

for (const theme of ['light', 'dark', 'hc'] as Theme[]) {
  test(`no accessibility violation on any route, ${theme}`, async ({ page, signedIn }) => {
    test.setTimeout(360_000);
    await useTheme(page, theme);
    for (const route of ROUTES.slice(0, SHARE[theme])) {
      await test.step(route, async () => {
        await signedIn.goto(route);
        await settled(signedIn);
        await expect(signedIn.locator('html')).toHaveAttribute('data-theme', theme);
        // What opens over the page comes in a part of its own, after the page.
        if (/sel=(new|c1)|new=1/.test(route)) {
          await expect(signedIn.getByRole('dialog')).toBeVisible();
          await expect(signedIn.getByRole('dialog').locator('[aria-busy="true"]').filter({ visible: true })).toHaveCount(0);
        }
        await noViolations(signedIn);
      });
    }
  });

  test(`no accessibility violation on the login page and in the dialogs, ${theme}`, async ({ page, signedIn }) => {
    await useTheme(page, theme);
    await signedIn.goto('/');
    await settled(signedIn);
    await signedIn.keyboard.press('ControlOrMeta+k');
    await expect(signedIn.getByRole('combobox', { name: /Search devices/ })).toBeFocused();
    await noViolations(signedIn);
    await signedIn.keyboard.press('Escape');
    await signedIn.keyboard.press('?');
    await expect(signedIn.getByRole('dialog', { name: 'Keyboard' })).toBeVisible();
    await noViolations(signedIn);
    await page.context().clearCookies();
    await page.goto('/login');
    await expect(page.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
    await noViolations(page);
  });
}

test('every page fits a narrow screen without sideways scrolling (WCAG 1.4.10)', async ({ page, signedIn }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  for (const route of ['/', '/map', '/devices', '/discovery?new=1', '/unplaced', '/drift', '/drift/import', '/profile', ...(FAKE ? ['/admin/users', '/admin/users/import', '/admin/users/u1'] : ['/inventory/sites', '/inventory/sites/import'])]) {
    await signedIn.goto(route);
    await settled(signedIn);
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(over, route).toBeLessThanOrEqual(0);
  }
});
