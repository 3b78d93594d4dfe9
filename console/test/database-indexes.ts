import { eventually } from '@gridworks/testing';
import { expect, it } from '@jest/globals';
import { inaccessibleOn } from './axe.ts';
import type { ConsoleUnderTest } from './console-under-test.ts';
import { logInAsAdmin } from './people.ts';
import { runSlowStatement, TABLE } from './slow-statement.ts';

/** The page of indexes that are missing, in a portal as `npm start` runs it. */
export function databaseIndexes(running: () => ConsoleUnderTest): void {
  it('are shown with their evidence, built after a reason was given, and compared', async () => {
    const { page, faults } = await running().open({ reducedMotion: 'reduce' });
    await logInAsAdmin(page, running());
    await page.getByRole('link', { name: 'Database', exact: true }).click();
    await page.waitForURL('**/admin/database');
    await page.getByText('No index is missing').waitFor();
    await runSlowStatement(running());
    await page.getByRole('button', { name: 'Look now' }).click();
    await page.getByText('All services were looked at').waitFor({ timeout: 30_000 });
    const open = page.getByRole('button', { name: new RegExp(`^Open ${TABLE}_meter_id`) });
    await open.waitFor();
    // Every service could be looked at: extension, rights and settings are there.
    expect(await page.getByText('no instance of').count()).toBe(0);
    expect(await page.getByText('◌').count()).toBe(0);
    expect(await inaccessibleOn(page)).toEqual([]);
    await open.click();
    await page.waitForURL('**/admin/database?suggestion=sug_*');
    const dialog = page.getByRole('dialog');
    expect(await dialog.getByRole('region', { name: 'Statement without values' }).textContent()).toContain(
      'where meter_id = $1',
    );
    expect(await dialog.getByRole('region', { name: 'Plan without the index' }).textContent()).toContain(
      'Seq Scan',
    );
    expect(await dialog.getByRole('region', { name: 'Plan with the index' }).textContent()).toContain(
      'Index Scan',
    );
    expect(await inaccessibleOn(page)).toEqual([]);
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    await page.setViewportSize({ width: 1280, height: 800 });

    await dialog.getByRole('button', { name: 'Build index' }).click();
    await dialog.getByRole('button', { name: 'Build index' }).click();
    await dialog.getByText('Say why, in a few words').waitFor();
    await dialog.getByLabel('Reason').fill('the list of readings is slow');
    await dialog.getByRole('button', { name: 'Build index' }).click();
    await page.getByText('The healer builds the index').waitFor();
    await dialog.getByText('●Built').waitFor({ timeout: 30_000 });
    await dialog.getByText('the plan uses it').waitFor();
    await runSlowStatement(running());
    await dialog.getByRole('button', { name: 'Close' }).click();
    await eventually(
      async () => {
        await page.getByRole('button', { name: 'Look now' }).click();
        await page.getByText(' → ').last().waitFor({ timeout: 3000 });
      },
      { timeoutMs: 20_000 },
    );
    expect(faults).toEqual([]);
  }, 120_000);
}
