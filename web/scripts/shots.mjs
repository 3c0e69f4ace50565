// Pictures of pages for a person to look at: node scripts/shots.mjs OUTDIR [theme] [path...]
// PORTOLAN_URL, PORTOLAN_USER, PORTOLAN_PASSWORD as for the e2e tests; CHROMIUM names the browser.
import { mkdir } from 'node:fs/promises';
import { chromium } from '@playwright/test';

const [out = 'shots', theme = 'light', ...paths] = process.argv.slice(2);
const base = process.env.PORTOLAN_URL ?? 'http://127.0.0.1:4780';
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
});
await mkdir(out, { recursive: true });
const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, colorScheme: theme === 'dark' ? 'dark' : 'light', reducedMotion: 'reduce', locale: 'en-GB', timezoneId: 'UTC' });
page.on('console', (message) => message.type() === 'error' && console.log('console:', message.text()));
page.on('pageerror', (error) => console.log('error:', error.message));
if (theme === 'hc') await page.addInitScript(() => localStorage.setItem('portolan.theme', '"hc"'));
await page.goto(`${base}/login`);
await page.getByLabel('Name or e-mail').waitFor();
await page.waitForTimeout(300);
await page.screenshot({ path: `${out}/login-${theme}.png` });
await page.getByLabel('Name or e-mail').fill(process.env.PORTOLAN_USER ?? 'admin');
await page.getByLabel('Password', { exact: true }).fill(process.env.PORTOLAN_PASSWORD ?? 'portolan-admin');
await page.getByRole('button', { name: 'Sign in' }).click();
await page.getByRole('heading', { level: 1, name: 'Home' }).waitFor();
for (const path of paths.length > 0 ? paths : ['/']) {
  await page.goto(`${base}${path}`);
  await page.locator('main h1').first().waitFor();
  await page.waitForFunction(() => [...document.querySelectorAll('[aria-busy="true"]')].every((part) => part.getClientRects().length === 0));
  await page.waitForTimeout(900);
  await page.screenshot({ path: `${out}/${path.replaceAll(/[/?=&,]+/g, '_').replace(/^_|_$/g, '') || 'home'}-${theme}.png` });
}
await browser.close();
