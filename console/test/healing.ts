import { eventually } from '@gridworks/testing';
import { expect, it } from '@jest/globals';
import type { Request } from 'playwright-core';
import type { ConsoleUnderTest } from './console-under-test.ts';
import { logInAsAdmin } from './people.ts';

const TABS = 8;

/** The pages of admins while the portal heals. */
export function healing(running: () => ConsoleUnderTest): void {
  it('shows an admin a killed billing, and that it is healed, without a reload', async () => {
    const { page, faults } = await running().open();
    await logInAsAdmin(page, running());
    await page.goto('/admin/healing');
    await page.getByText('●Live').waitFor();
    await page.getByText('Everything is healthy.').waitFor();
    const forecasts = page.getByRole('region', { name: 'Forecasts' });
    await forecasts.getByText('Watched: ').waitFor();
    await forecasts.getByText(/The fullest now: /).waitFor();
    await page.evaluate('globalThis.neverReloaded = true');

    process.kill(running().portal.pid('billing'), 'SIGKILL');
    const open = page.getByRole('region', { name: 'Open incidents' }).getByRole('link', { name: /billing/i });
    await open.first().waitFor({ timeout: 30_000 });
    const address = await open.first().getAttribute('href');
    const healed = page.getByRole('region', { name: 'Latest incidents' }).locator(`a[href="${address}"]`);
    await healed.waitFor({ timeout: 60_000 });
    await page.getByText('Everything is healthy.').waitFor({ timeout: 30_000 });
    expect(await page.evaluate('globalThis.neverReloaded')).toBe(true);

    await healed.click();
    await page.waitForURL(`**${address}`);
    await page.getByRole('region', { name: 'Timeline' }).waitFor();
    await page.getByText('●Resolved').first().waitFor();
    for (const phase of ['Detect', 'Decide', 'Act', 'Verify'])
      expect(await page.getByText(phase, { exact: true }).count()).toBeGreaterThan(0);
    expect(faults).toEqual([]);
  }, 150_000);

  it('reads one stream for eight tabs, moves it to another tab when its tab is closed, and ends no session', async () => {
    const { page } = await running().open();
    await logInAsAdmin(page, running());
    const context = page.context();
    const requests = new Set<Request>();
    context.on('request', (request) => {
      if (request.url().endsWith('/v1/admin/events')) requests.add(request);
    });
    const ended = (request: Request) => void requests.delete(request);
    context.on('requestfailed', ended);
    context.on('requestfinished', ended);
    /** The number of tabs that read the stream now. */
    const readers = () =>
      [...requests].map((request) => request.frame().page()).filter((reader) => !reader.isClosed());
    await page.close();
    const opened = await Promise.all(Array.from({ length: TABS }, () => running().tab(context)));
    const tabs = opened.map(({ page: tab }) => tab);
    await Promise.all(tabs.map((tab) => tab.goto('/admin/healing')));
    const areLive = () =>
      Promise.all(
        tabs
          .filter((tab) => !tab.isClosed())
          .map((tab) => tab.getByText('●Live').waitFor({ timeout: 60_000 })),
      );
    await areLive();
    expect(readers()).toHaveLength(1);

    await readers()[0]?.close();
    await eventually(() => expect(readers()).toHaveLength(1), { timeoutMs: 30_000 });
    await Promise.all(tabs.filter((tab) => !tab.isClosed()).map((tab) => tab.reload()));
    await areLive();
    expect(readers()).toHaveLength(1);
    for (const tab of tabs.filter((one) => !one.isClosed()))
      expect(new URL(tab.url()).pathname).toBe('/admin/healing');
  }, 150_000);
}
