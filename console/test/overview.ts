import { eventually } from '@gridworks/testing';
import { expect, it } from '@jest/globals';
import type { ConsoleUnderTest } from './console-under-test.ts';
import { logInAsAdmin, sendTicket, signUp } from './people.ts';

/** The pages that sum the portal up for people of GridWorks. */
export function overview(running: () => ConsoleUnderTest): void {
  it('shows an admin the portal by one request, and each figure opens the list that it counts', async () => {
    const { page: partner } = await running().open();
    await signUp(partner);
    await sendTicket(partner, 'For the overview');
    const { page, faults } = await running().open();
    await logInAsAdmin(page, running());
    const asked: string[] = [];
    page.on('request', (request) => {
      const { pathname } = new URL(request.url());
      if (pathname.startsWith('/v1/admin/') && pathname !== '/v1/admin/events') asked.push(pathname);
    });
    await page.getByRole('link', { name: 'Overview' }).click();
    await page.waitForURL('**/admin');
    // The page anew, so that nothing of it is remembered.
    asked.length = 0;
    await page.reload();
    await page.getByText('Everything is healthy.').waitFor({ timeout: 30_000 });
    expect([...new Set(asked)]).toEqual(['/v1/admin/overview']);

    for (const [label, search, table] of [
      ['Open', '?status=open', 'Tickets'],
      ['Sign-ups, 7 days', '?since=', 'Partners'],
    ] as const) {
      const figure = page.getByRole('link', { name: new RegExp(`^[0-9]+, ${label}$`) });
      // The counts are some seconds old.
      await eventually(async () => expect(Number(await figure.textContent())).toBeGreaterThan(0), {
        timeoutMs: 20_000,
      });
      const count = Number(await figure.textContent());
      await figure.click();
      await page.waitForURL((url) => url.search.startsWith(search));
      const rows = page.getByRole('group', { name: table }).locator('tbody tr');
      await rows.first().waitFor();
      expect(await rows.count()).toBe(count);
      await page.goto('/admin');
    }
    expect(faults).toEqual([]);
  }, 120_000);

  it('shows an admin one component from its tile on: its days, its hours, its latest checks', async () => {
    const { page, faults } = await running().open();
    await logInAsAdmin(page, running());
    await page.getByRole('link', { name: 'postgres', exact: true }).click();
    await page.waitForURL('**/admin/healing/health/server:postgres');
    const checks = page.getByRole('group', { name: 'Latest checks' }).locator('tbody tr');
    await checks.first().waitFor({ timeout: 60_000 });
    await page.getByRole('region', { name: 'Response time' }).locator('canvas').waitFor({ timeout: 60_000 });

    const day = page.getByRole('slider', { name: 'Day' });
    await day.focus();
    await page.keyboard.press('ArrowLeft');
    const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
    await page.waitForURL(`**?day=${yesterday}`);
    await page.getByRole('button', { name: 'Back to now' }).click();
    await page.waitForURL('**/server:postgres');
    expect(faults).toEqual([]);
  }, 120_000);

  it('shows an admin what an instance uses and how it responds, with the age of each figure', async () => {
    const { page, faults } = await running().open();
    await logInAsAdmin(page, running());
    await page.goto('/admin/healing/health/service:auth');
    const metrics = page.getByRole('region', { name: 'Metrics' });
    // The first step of 10 s has to end; auth was asked for the log-in.
    for (const title of [
      'Processor',
      'Memory',
      'Event-loop delay',
      'Requests and errors',
      'Duration of requests',
    ])
      await metrics.getByRole('region', { name: title }).locator('canvas').waitFor({ timeout: 60_000 });
    const memory = metrics.getByRole('region', { name: 'Memory' });
    await memory.getByText(/^Resident [0-9]+ MiB/).waitFor();
    await memory
      .getByText(/^(?:now|[0-9]+ s old)$/)
      .first()
      .waitFor();
    await memory.getByRole('button', { name: 'Show table' }).click();
    await memory
      .getByRole('row', { name: /[0-9]+ MiB/ })
      .first()
      .waitFor();
    expect(faults).toEqual([]);
  }, 120_000);
}
