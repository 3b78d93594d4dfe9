import { expect, it } from '@jest/globals';
import { inaccessibleOn } from './axe.ts';
import type { ConsoleUnderTest } from './console-under-test.ts';
import { logInAsAdmin } from './people.ts';

/** The page of the checks of monitor. */
export function checks(running: () => ConsoleUnderTest): void {
  it('shows every check, runs one, and changes a threshold that is then judged by', async () => {
    const { page, faults } = await running().open({ reducedMotion: 'reduce' });
    await logInAsAdmin(page, running());
    await page.getByRole('link', { name: 'Checks', exact: true }).click();
    await page.waitForURL('**/admin/checks');
    const rows = page.getByRole('group', { name: 'Checks', exact: true }).locator('tbody tr');
    const row = (name: string) => rows.filter({ has: page.getByRole('link', { name, exact: true }) });
    // On a phone the state stands below the name instead.
    const state = (name: string) => row(name).locator('td').first();
    await state('smtp').getByText('●Passing').waitFor({ timeout: 30_000 });
    await state('twilio').getByText('◌Not configured').waitFor();
    expect(await rows.count()).toBeGreaterThan(15);

    await page.getByRole('button', { name: 'Run now: smtp' }).click();
    await page.getByText(/^smtp passed in /).waitFor();

    await page.getByRole('button', { name: 'Change smtp' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('None: these are the defaults.').waitFor();
    expect(await inaccessibleOn(page)).toEqual([]);
    await dialog.getByLabel('Slow from (ms)').fill('0');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('At least 1').waitFor();
    await dialog.getByLabel('Slow from (ms)').fill('1');
    await dialog.getByLabel('Interval (ms)').fill('300');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('must be from 5000 to 3600000').waitFor();
    await dialog.getByLabel('Interval (ms)').fill('5000');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await state('smtp').getByText('▲Degraded').waitFor();
    await row('smtp').getByText('slower than its threshold').waitFor();

    await page.getByRole('button', { name: 'Change smtp' }).click();
    await dialog.getByText('slow from 3 s, now 1 ms; runs every 1 min, now every 5 s').waitFor();
    await dialog.getByLabel('Slow from (ms)').fill('3000');
    await dialog.getByLabel('Reports').selectOption('muted_1');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await state('smtp').getByText('◌Muted').waitFor();
    await page.getByRole('button', { name: 'Change smtp' }).click();
    await dialog.getByLabel('Reports').selectOption('yes');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await state('smtp').getByText('●Passing').waitFor();

    await page.getByRole('button', { name: 'Change postgres', exact: true }).click();
    await dialog.getByText('Healing relies on this check').waitFor();
    await page.keyboard.press('Escape');
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    expect(faults).toEqual([]);
  }, 120_000);

  it('is found by the command menu', async () => {
    const { page, faults } = await running().open();
    await logInAsAdmin(page, running());
    await page.getByRole('button', { name: 'Find anything' }).click();
    await page.getByRole('dialog').getByRole('combobox').fill('synthetic');
    await page
      .getByRole('option', { name: /Checks/ })
      .first()
      .click();
    await page.waitForURL('**/admin/checks');
    expect(faults).toEqual([]);
  }, 60_000);
}
