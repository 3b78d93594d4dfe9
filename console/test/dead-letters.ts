import { eventually } from '@gridworks/testing';
import { expect, it } from '@jest/globals';
import { inaccessibleOn } from './axe.ts';
import type { ConsoleUnderTest } from './console-under-test.ts';
import { logInAsAdmin } from './people.ts';
import { CONSUMER, publishPoison, SUBJECT } from './poison-events.ts';

/** The page of events that consumers gave up. */
export function deadLetters(running: () => ConsoleUnderTest): void {
  it('says what it means that there are none', async () => {
    const { page, faults } = await running().open();
    await logInAsAdmin(page, running());
    await page.getByRole('link', { name: 'Dead letters' }).click();
    await page.waitForURL('**/admin/healing/dead-letters');
    await page.getByText('No dead letters').waitFor();
    await page.getByText('No event waits for a decision').waitFor();
    await page.getByRole('button', { name: 'Show earlier ones' }).click();
    await page.waitForURL('**/dead-letters?state=any');
    expect(faults).toEqual([]);
  }, 60_000);

  it('opens a letter without its secrets, has it replayed, and discards it after a question', async () => {
    const { page, faults } = await running().open({ reducedMotion: 'reduce' });
    await logInAsAdmin(page, running());
    await publishPoison(running(), 2);
    await page.goto(`/admin/healing/dead-letters?consumer=${CONSUMER}`);
    const letters = page.getByRole('group', { name: 'Dead letters', exact: true }).locator('tbody tr');
    await letters.nth(1).waitFor({ timeout: 30_000 });
    expect(await inaccessibleOn(page)).toEqual([]);
    await page
      .getByRole('button', { name: `Open ${SUBJECT}` })
      .first()
      .click();
    await page.waitForURL('**/dead-letters?*letter=dle_*');
    // The address alone opens the letter again.
    await page.reload();
    const dialog = page.getByRole('dialog');
    const event = dialog.getByRole('region', { name: 'Event without secrets' });
    await event.waitFor();
    expect(await event.textContent()).toContain('"contact": "[email]"');
    await dialog.getByText('not a valid event').waitFor();
    expect(await inaccessibleOn(page)).toEqual([]);
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    await page.setViewportSize({ width: 1280, height: 800 });

    await dialog.getByRole('button', { name: 'Replay' }).click();
    await dialog.getByText('once more, and to no other consumer').waitFor();
    await dialog.getByRole('button', { name: 'Replay' }).click();
    await page.getByText('The event is being delivered again').waitFor();
    // The consumer cannot process it: it waits again, after one delivery more.
    const deliveries = dialog.locator('dt:has-text("Deliveries") + dd');
    await eventually(async () => expect(await deliveries.textContent()).toBe('2'), { timeoutMs: 20_000 });
    await dialog.getByText('▲Waiting').waitFor();

    await dialog.getByRole('button', { name: 'Discard' }).click();
    await dialog.getByText('This cannot be undone').waitFor();
    await dialog.getByRole('button', { name: 'Discard' }).click();
    await dialog.getByText('Discarded').waitFor();
    await dialog.getByRole('button', { name: 'Close' }).click();

    await page.getByRole('button', { name: `Discard all of ${CONSUMER}` }).click();
    await dialog.getByText('This cannot be undone').waitFor();
    await dialog.getByRole('button', { name: 'Discard all' }).click();
    await page.getByText('No dead letter fits').waitFor();
    await page.getByRole('region', { name: 'By consumer' }).waitFor({ state: 'hidden' });
    expect(faults).toEqual([]);
  }, 120_000);

  it('is one step away from the incident that tells of a letter', async () => {
    const { page, faults } = await running().open();
    await logInAsAdmin(page, running());
    await page.goto('/admin/healing/incidents?signal=dead-letters.present');
    // The test before this one left letters.
    await page
      .getByRole('link', { name: /billing gave up events/ })
      .first()
      .click({ timeout: 30_000 });
    await page.getByRole('link', { name: 'Open the dead letters' }).click();
    await page.waitForURL('**/admin/healing/dead-letters');
    await page.getByRole('heading', { name: 'Dead letters', level: 1 }).waitFor();
    expect(faults).toEqual([]);
  }, 60_000);
}
