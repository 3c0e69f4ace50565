import AxeBuilder from '@axe-core/playwright';
import { expect, test as base, type Page } from '@playwright/test';

export const USER = process.env.PORTOLAN_USER ?? 'admin';
export const PASSWORD = process.env.PORTOLAN_PASSWORD ?? 'portolan-admin';
/** With the real server some fixture data is not there: tests that need it say so. */
export const FAKE = process.env.PORTOLAN_URL === undefined;

export type Theme = 'light' | 'dark' | 'hc';

/** A page that is signed in, and fails the test on script errors and on violations of the policy. */
export const test = base.extend<{ signedIn: Page }>({
  page: async ({ page }, use) => {
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(`script error: ${error.message}`));
    page.on('console', (message) => {
      if (/Content Security Policy|Content-Security-Policy/.test(message.text())) faults.push(`policy: ${message.text()}`);
    });
    await use(page);
    expect(faults, 'script errors and policy violations').toEqual([]);
  },
  signedIn: async ({ page }, use) => {
    await signIn(page);
    await use(page);
  },
});

export { expect };

export async function signIn(page: Page): Promise<void> {
  await page.goto('/login');
  await page.getByLabel('Name or e-mail').fill(USER);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Home' })).toBeVisible();
}

export async function useTheme(page: Page, theme: Theme): Promise<void> {
  await page.addInitScript((name) => localStorage.setItem('portolan.theme', JSON.stringify(name)), theme);
}

/** Waits until the page shows what it is going to show. */
export async function settled(page: Page): Promise<void> {
  await expect(page.locator('main h1').first()).toBeVisible();
  await expect(page.locator('main [aria-busy="true"]')).toHaveCount(0);
}

/** WCAG 2.2 AA, no rule switched off. Soft: one run tells the faults of every page. */
export async function noViolations(page: Page): Promise<void> {
  const result = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze();
  const told = result.violations.flatMap((violation) => violation.nodes.map((node) => `${violation.id}: ${node.target.join(' ')} - ${node.failureSummary?.split('\n')[1]?.trim()}`));
  expect.soft(told, page.url()).toEqual([]);
}
