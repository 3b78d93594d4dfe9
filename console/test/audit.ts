import { expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { inaccessibleOn } from './axe.ts';
import type { ConsoleUnderTest } from './console-under-test.ts';
import { signUp } from './people.ts';

/** The pages of a partner about what happened, and who of GridWorks may look. */
export function audit(running: () => ConsoleUnderTest): void {
  it('grants and revokes support access, and finds both in the audit log', async () => {
    const { page, faults } = await running().open({ reducedMotion: 'reduce' });
    await signUp(page);
    await page.getByRole('link', { name: 'Support access', exact: true }).click();
    await page.waitForURL('**/support-access');
    await page.getByText('Nobody of GridWorks had access').waitFor();
    await page.getByLabel('For', { exact: true }).selectOption({ label: '1 hour' });
    await page.getByLabel('They may', { exact: true }).selectOption({ label: 'Look and change' });
    await page.getByRole('button', { name: 'Grant access' }).click();
    const row = page.getByRole('table', { name: 'Support accesses' }).locator('tbody tr');
    await row.getByText('▲open').waitFor();
    await row.getByText('look and change').waitFor();
    await row.getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await row.getByText('◌revoked').waitFor();

    await page.getByRole('link', { name: 'Audit log', exact: true }).click();
    await page.waitForURL('**/audit');
    const entries = page.getByRole('table', { name: 'Audit log' }).locator('tbody tr');
    await entries.getByRole('button', { name: 'Support access revoked' }).waitFor();
    await entries.getByRole('button', { name: 'Partner registered' }).waitFor();
    await page.getByLabel(/^Action:/).selectOption({ label: 'Support access granted' });
    await page.waitForURL('**action=support_access.granted**');
    await entries.getByRole('button', { name: 'Partner registered' }).waitFor({ state: 'detached' });
    expect(await entries.count()).toBe(1);
    await entries.getByRole('button', { name: 'Support access granted' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('hours').first().waitFor();
    expect(await inaccessibleOn(page)).toEqual([]);
    await page.keyboard.press('Escape');

    // The export has the filters of the page.
    const href = await page.getByRole('link', { name: 'CSV' }).getAttribute('href');
    const csv = await page.evaluate(async (address) => (await fetch(address)).text(), href ?? '');
    expect(csv.trim().split(/\r?\n/)).toHaveLength(2);
    expect(csv).toContain('support_access.granted');
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    expect(faults).toEqual([]);
  }, 120_000);

  it('shows what happens elsewhere by itself, to the partner alone', async () => {
    const { page, faults } = await running().open();
    await signUp(page);
    const { page: stranger, faults: more } = await running().open();
    await signUp(stranger);
    const entriesOf = (one: Page) => one.getByRole('table', { name: 'Audit log' }).locator('tbody tr');
    for (const one of [page, stranger]) {
      await one.goto('/audit');
      await entriesOf(one).getByRole('button', { name: 'Partner registered' }).waitFor();
      await one.getByText('●Live').waitFor();
    }
    // Another tab of the same person: the open page gets no focus, no click and no reload.
    const { page: tab } = await running().tab(page.context());
    await tab.goto('/support-access');
    await tab.getByRole('button', { name: 'Grant access' }).click();
    await tab.getByText('▲open').waitFor();
    await entriesOf(page).getByRole('button', { name: 'Support access granted' }).waitFor();
    expect(await entriesOf(stranger).getByRole('button', { name: 'Support access granted' }).count()).toBe(0);
    // The mark is about the pages that follow the stream.
    await page.goto('/home');
    await page.getByRole('heading', { name: 'Ada Energy' }).waitFor();
    expect(await page.getByText('●Live').count()).toBe(0);
    expect([...faults, ...more]).toEqual([]);
  }, 120_000);
}
