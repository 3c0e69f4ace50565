import { expect, FAKE, noViolations, settled, test } from './fixtures';

test.describe('drift, with fixture data', () => {
  // One story: each test goes on where the one before left the fixture.
  test.describe.configure({ mode: 'serial' });
  test.skip(!FAKE, 'fixture data');

  test('a difference: both sides, who says so, what accepting writes', async ({ signedIn: page }) => {
    await page.goto('/drift');
    await settled(page);
    await expect(page.getByRole('table', { name: 'Drift' }).getByRole('row')).toHaveCount(7);
    await page.getByRole('button', { name: 'Device name' }).click();
    const drawer = page.getByRole('dialog', { name: 'Device name' });
    await expect(drawer.getByRole('region', { name: 'Intended' })).toContainText('lisboa-core-old');
    await expect(drawer.getByRole('region', { name: 'Observed' })).toContainText('snmp:10.0.0.1');
    await expect(drawer.getByRole('region', { name: 'What accepting writes' })).toContainText('Set the name of the device');
    await noViolations(page);
    await drawer.getByRole('button', { name: 'Accept what is observed' }).click();
    await expect(page.getByText('1 difference accepted')).toBeVisible();
    await expect(page.getByRole('table', { name: 'Drift' }).getByRole('row')).toHaveCount(6);
  });

  test('by keyboard: choose, ignore with a reason, find it again, reopen', async ({ signedIn: page }) => {
    await page.goto('/drift?kind=interface&type=missing');
    await settled(page);
    const table = page.getByRole('table', { name: 'Drift' });
    await table.getByRole('row').nth(1).focus();
    await page.keyboard.press('i');
    const dialog = page.getByRole('dialog', { name: 'Ignore 1 difference' });
    await dialog.getByRole('button', { name: 'Ignore' }).click();
    await expect(dialog.getByLabel('Why')).toHaveAttribute('aria-invalid', 'true');
    await noViolations(page);
    await dialog.getByLabel('Why').fill('line card on order');
    await dialog.getByRole('button', { name: 'Ignore' }).click();
    await expect(page.getByText('1 difference ignored')).toBeVisible();
    await page.goto('/drift?state=ignored');
    await settled(page);
    await table.getByRole('row').nth(1).focus();
    await page.keyboard.press('u');
    await expect(page.getByText('1 difference reopened')).toBeVisible();
  });

  test('what was accepted is taken back', async ({ signedIn: page }) => {
    await page.goto('/drift?state=resolved');
    await settled(page);
    await page.getByRole('button', { name: 'Device name' }).click();
    const drawer = page.getByRole('dialog', { name: 'Device name' });
    await drawer.getByRole('button', { name: 'Undo what was accepted' }).click();
    await expect(page.getByText('Taken back: the inventory is as it was before')).toBeVisible();
    await expect(drawer.getByRole('button', { name: 'Accept what is observed' })).toBeVisible();
  });

  test('by keyboard: order a change, find it with its ticket', async ({ signedIn: page }) => {
    await page.goto('/drift?kind=interface&type=different');
    await settled(page);
    const table = page.getByRole('table', { name: 'Drift' });
    await table.getByRole('row').nth(1).focus();
    await page.keyboard.press('c');
    const dialog = page.getByRole('dialog', { name: 'Order a change for 1 difference' });
    await dialog.getByRole('button', { name: 'Order the change' }).click();
    await expect(dialog.getByLabel('What is to be done')).toHaveAttribute('aria-invalid', 'true');
    await noViolations(page);
    await dialog.getByLabel('What is to be done').fill('set the MTU on the switch');
    await dialog.getByLabel('Assignee').fill('anna@example.org');
    await dialog.getByLabel('Due').fill('2020-01-01');
    await dialog.getByRole('button', { name: 'Order the change' }).click();
    await expect(dialog.getByText('Choose a day that is still to come')).toBeVisible();
    await dialog.getByLabel('Due').fill('2099-12-31');
    await dialog.getByLabel('Ticket').fill('https://tickets.example.org/CHG-7');
    await dialog.getByRole('button', { name: 'Order the change' }).click();
    await expect(page.getByText('1 difference waiting for a change')).toBeVisible();
    await page.goto('/drift?state=change_requested');
    await settled(page);
    await expect(table.getByRole('row').nth(1)).toContainText('anna@example.org');
    await page.getByRole('button', { name: 'Interface MTU' }).click();
    await expect(page.getByRole('dialog', { name: 'Interface MTU' }).getByRole('link', { name: 'https://tickets.example.org/CHG-7' })).toHaveAttribute('rel', 'noopener noreferrer');
    await noViolations(page);
  });

  test('a rule that accepts: off at first, and what it would do', async ({ signedIn: page }) => {
    await page.goto('/drift/rules');
    await settled(page);
    await page.getByRole('button', { name: 'New rule' }).first().click();
    const form = page.getByRole('form', { name: 'New rule' });
    await expect(form.getByRole('switch', { name: 'On' })).not.toBeChecked();
    await form.getByLabel('Name').fill('descriptions');
    await form.getByRole('button', { name: 'What would it do?' }).click();
    await expect(page.getByRole('status', { name: 'What it would do' })).toContainText(/Would accept \d+ differences? now, 1 more once/);
    await noViolations(page);
    await form.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByRole('table', { name: 'Rules' }).getByRole('row').nth(1)).toContainText('descriptions');
    await expect(page.getByRole('table', { name: 'Rules' }).getByRole('row').nth(1)).toContainText('Off');
  });

  test('many at once; what cannot be accepted says why', async ({ signedIn: page }) => {
    await page.goto('/drift?severity=low&group=severity');
    await settled(page);
    await page.getByRole('table', { name: 'Drift' }).getByRole('checkbox').first().check();
    await page.getByRole('button', { name: /^Accept \d/ }).click();
    await expect(page.getByText(/not accepted: Accepting writes nothing/)).toBeVisible();
  });

  test('everything discovered in one reviewed step, and nothing the second time', async ({ signedIn: page }) => {
    await page.goto('/drift');
    await page.getByRole('button', { name: 'Import what was discovered' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Import what was discovered' })).toBeVisible();
    await settled(page);
    await expect(page.getByRole('region', { name: 'Cannot be imported now' }).first()).toContainText('old-switch');
    await noViolations(page);
    await page.getByRole('button', { name: /^Import \d+ devices?$/ }).click();
    await expect(page.getByRole('status')).toContainText(/\d+ devices? and 2 cables created/);
    await expect(page.getByRole('heading', { name: 'Everything discovered is in the inventory' })).toBeVisible();
  });
});
