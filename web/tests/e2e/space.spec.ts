import { buildSite, connect } from '../../scripts/site.mjs';
import { expect, FAKE, noViolations, PASSWORD, settled, test, USER, useTheme, type Theme } from './fixtures';

/** What the pages begin at: fixtures of the stand-in, or a site that is built in the real server. */
interface Begin {
  site: string;
  server: string;
  /** Its lowest unit. */
  unit: number;
  rack: string;
  port: string;
  empty: string;
  vrf: string;
  open: string[];
  prefix: string;
}

let begin: Begin;

test.beforeAll(async () => {
  test.setTimeout(180_000);
  if (FAKE) {
    begin = { site: 'site1', rack: 'rack1', server: 'ams-srv-1', unit: 3, port: 'interfaces/if1', empty: 'interfaces/if3', vrf: '', open: ['p8', 'p16'], prefix: 'p24' };
    return;
  }
  const mark = `-${Date.now() % 100_000}`;
  const made = await buildSite(await connect(process.env.PORTOLAN_URL ?? '', USER, PASSWORD), mark);
  begin = { site: made.site, rack: made.racks[0] ?? '', server: `ams-srv-101${mark}`, unit: 13, port: `interfaces/${made.leafPort}`, empty: `front-ports/${made.openFront}`, vrf: made.vrf, open: [made.root ?? '', made.amsterdam ?? '', made.ams ?? ''], prefix: made.servers ?? '' };
});

/** The name of a device at a unit. */
const at = (unit: number) => new RegExp(`U${unit}\\b`);
const racks = () => `/racks?site=${begin.site}&racks=${begin.rack}`;
const tree = () => `/prefixes?${begin.vrf ? `vrf=${begin.vrf}&` : ''}open=${begin.open.join(',')}`;

test.describe('racks', () => {
  test('a device is moved by dragging, refused where something stands, and taken back', async ({ signedIn: page }) => {
    await page.goto(racks());
    await settled(page);
    const front = page.getByRole('group', { name: /, front$/ });
    const device = front.getByRole('button', { name: new RegExp(`^${begin.server},`) });
    await expect(device).toHaveAccessibleName(at(begin.unit));
    const from = await device.boundingBox();
    const frame = await front.boundingBox();
    if (!from || !frame) throw new Error('nothing is drawn');
    const drag = async (y: number) => {
      await page.mouse.move(from.x + 40, from.y + 10);
      await page.mouse.down();
      await page.mouse.move(from.x + 40, from.y - 30, { steps: 4 });
      await page.mouse.move(from.x + 40, y, { steps: 6 });
      await page.mouse.up();
    };
    // Onto another one: it stays, and the page says why.
    await drag(from.y - 30);
    await expect(page.getByText(/cannot stand there: .* is there/)).toBeVisible();
    await expect(device).toHaveAccessibleName(at(begin.unit));
    // To a free unit: 12 units has the stand-in, 42 the real one; unit 9 is free in one, 26 in the other.
    const unit = FAKE ? 9 : 26;
    const high = FAKE ? 12 : 42;
    await drag(frame.y + 7 + (high - unit - 1) * 20 + 10);
    await expect(page.getByText(new RegExp(`moved to .* U${unit}, front`))).toBeVisible();
    await expect(device).toHaveAccessibleName(at(unit));
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(device).toHaveAccessibleName(at(begin.unit));
  });

  test('the same by keyboard alone: nudged, then moved by the form', async ({ signedIn: page }) => {
    await page.goto(racks());
    await settled(page);
    const front = page.getByRole('group', { name: /, front$/ });
    const device = front.getByRole('button', { name: new RegExp(`^${begin.server},`) });
    await device.focus();
    await page.keyboard.press('Alt+ArrowDown');
    await expect(device).toHaveAccessibleName(at(begin.unit - 1));
    await device.focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: begin.server });
    await dialog.getByRole('combobox', { name: 'Unit' }).fill(`U${begin.unit}`);
    await page.getByRole('option', { name: `U${begin.unit}`, exact: true }).click();
    await dialog.getByRole('button', { name: 'Move it' }).click();
    await expect(dialog).toBeHidden();
    await expect(device).toHaveAccessibleName(at(begin.unit));
  });

  test('what the server refuses goes back to where it was', async ({ signedIn: page }) => {
    await page.goto(racks());
    await settled(page);
    const device = page.getByRole('group', { name: /, front$/ }).getByRole('button', { name: new RegExp(`^${begin.server},`) });
    await page.route('**/api/v1/inventory/devices/*', (route) => (route.request().method() === 'PATCH' ? route.abort() : route.continue()));
    await device.focus();
    await page.keyboard.press('Alt+ArrowDown');
    await expect(page.getByText(/does not answer|Check the connection/)).toBeVisible();
    await expect(device).toHaveAccessibleName(at(begin.unit));
  });
});

test.describe('prefix tree', () => {
  test('is walked by keyboard, and the next free prefix is taken in one step', async ({ signedIn: page }) => {
    await page.goto(tree().replace(/,[^,]+$/, ''));
    await settled(page);
    const row = page.getByRole('row').filter({ has: page.getByRole('link', { name: FAKE ? '10.20.0.0/16' : '10.20.0.0/20', exact: true }) });
    await row.focus();
    await expect(row).toHaveAttribute('aria-expanded', 'false');
    await page.keyboard.press('ArrowRight');
    await expect(row).toHaveAttribute('aria-expanded', 'true');
    await page.keyboard.press('n');
    const dialog = page.getByRole('dialog', { name: /Next free in 10\.20\.0\.0/ });
    const button = dialog.getByRole('button', { name: /^Create 10\.20\.\d+\.0\/24$/ });
    await expect(button).toBeEnabled();
    const taken = (await button.textContent())?.replace('Create ', '') ?? '';
    await dialog.getByLabel('Description').fill('by the test');
    await page.keyboard.press('Enter');
    await expect(dialog).toBeHidden();
    await expect(page.getByText(`${taken} is yours`)).toBeVisible();
    await expect(page.getByRole('link', { name: taken, exact: true })).toBeVisible();
  });

  test('a free network is used as it is, and a search leads into the tree', async ({ signedIn: page }) => {
    await page.goto(tree());
    await settled(page);
    await page.getByRole('button', { name: /^Use 10\.20\./ }).first().click();
    // Which one it was says the dialog: the tree may have grown between looking and clicking.
    const create = page.getByRole('dialog', { name: /^Use 10\.20\./ }).getByRole('button', { name: /^Create 10\.20\./ });
    const network = (await create.textContent())?.replace('Create ', '') ?? '';
    await create.click();
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await expect(page.getByRole('link', { name: network, exact: true })).toBeVisible();
    await page.getByRole('textbox', { name: /Find a prefix/ }).fill(FAKE ? '10.20.1' : '10.20.1.7');
    await expect(page.getByRole('row', { name: /10\.20\.1\.0\/24/ })).toBeVisible();
    await page.getByRole('row', { name: /10\.20\.1\.0\/24/ }).getByRole('button', { name: 'In the tree' }).click();
    await expect(page).toHaveURL(new RegExp(`sel=${begin.prefix}`));
    await expect(page.getByRole('row', { name: /10\.20\.1\.0\/24/ })).toBeVisible();
  });
});

test('a trace is drawn, and told as a table', async ({ signedIn: page }) => {
  await page.goto(`/trace/${begin.port}`);
  await settled(page);
  await expect(page.getByText('Complete')).toBeVisible();
  const drawing = page.getByRole('group', { name: /^Trace of et-0\/0\/1: 3 cables/ });
  await expect(drawing.getByRole('link', { name: /P-0101/ })).toBeVisible();
  await expect(page.getByRole('table', { name: 'Cables on the way' }).getByRole('row')).toHaveCount(4);
  await page.goto(`/trace/${begin.empty}`);
  await settled(page);
  await expect(page.getByText(FAKE ? 'No cable is connected' : 'Ends open').first()).toBeVisible();
});

test('a record has its own page with what refers to it and its changes', async ({ signedIn: page }) => {
  await page.goto(racks());
  await settled(page);
  await page.getByRole('article').first().getByRole('heading').getByRole('link').first().click();
  await expect(page.getByRole('heading', { level: 1, name: /^A01/ })).toBeVisible();
  await page.getByRole('tab', { name: /^Devices/ }).click();
  await page.getByRole('link', { name: new RegExp(`^${FAKE ? 'ams-leaf-1' : 'ams-leaf-1a'}`) }).first().click();
  await expect(page.getByRole('heading', { level: 1, name: /^ams-leaf-1/ })).toBeVisible();
  await page.getByRole('tab', { name: /^Interfaces/ }).click();
  await expect(page.getByRole('link', { name: 'Trace' }).first()).toBeVisible();
  await page.getByRole('tab', { name: 'Changes' }).click();
  await expect(page.getByText(/^create/).first()).toBeVisible();
});

for (const theme of ['light', 'dark', 'hc'] as Theme[]) {
  test(`no accessibility violation on racks, prefixes, traces and record pages, ${theme}`, async ({ page, signedIn }) => {
    test.setTimeout(180_000);
    await useTheme(page, theme);
    for (const route of [racks(), tree(), `${tree()}&q=10.20`, `/trace/${begin.port}`, `/trace/${begin.empty}`, `/inventory/racks/${begin.rack}`, `/inventory/prefixes/${begin.prefix}?tab=history`]) {
      await test.step(route, async () => {
        await signedIn.goto(route);
        await settled(signedIn);
        await expect(signedIn.locator('html')).toHaveAttribute('data-theme', theme);
        await noViolations(signedIn);
      });
    }
    await signedIn.goto(tree());
    await settled(signedIn);
    await signedIn.getByRole('button', { name: /^Next free in/ }).first().click();
    await expect(signedIn.getByRole('dialog')).toBeVisible();
    await noViolations(signedIn);
  });
}
