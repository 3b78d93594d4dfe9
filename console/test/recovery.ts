import { eventually } from '@gridworks/testing';
import { expect, it } from '@jest/globals';
import type { ConsoleUnderTest } from './console-under-test.ts';
import { signUp } from './people.ts';

const OFFLINE = /^You are offline/;

/** What the console does about a lost network, and about a part that a deployment removed. */
export function recovery(running: () => ConsoleUnderTest): void {
  it('keeps what is on the page while the network is away, and sends the ticket when it is back', async () => {
    const { page, faults } = await running().open();
    await signUp(page);
    await page.goto('/support/new');
    await page.getByLabel('Subject').fill('Written in a train');
    await page.context().setOffline(true);
    await page.getByText(OFFLINE).waitFor();
    await page.getByLabel('What happened, and what did you expect?').fill('The tunnel was long.');
    await page.getByRole('button', { name: 'Send ticket' }).click();
    expect(await page.getByLabel('Subject').inputValue()).toBe('Written in a train');
    await page.context().setOffline(false);
    await page.getByRole('heading', { name: 'Written in a train' }).waitFor();
    await page.getByText(OFFLINE).waitFor({ state: 'hidden' });

    await page.getByRole('link', { name: 'Support' }).first().click();
    await page.getByRole('link', { name: 'Written in a train' }).waitFor();
    // Sent once.
    expect(await page.getByRole('link', { name: 'Written in a train' }).count()).toBe(1);
    expect(faults).toEqual([]);
  }, 120_000);

  it('opens without a network: the application from the cache, and for other pages what works', async () => {
    const { page } = await running().open();
    await signUp(page);
    await page.evaluate('navigator.serviceWorker.ready.then(() => undefined)');
    await page.context().setOffline(true);
    await page.reload();
    // A browser may take a broken network for a working one.
    await page
      .getByText(/You are offline|The portal cannot be reached/)
      .first()
      .waitFor();
    await page.goto('/pricing');
    await page.getByRole('heading', { name: /offline/i }).waitFor();
    await page.context().setOffline(false);
    await page.goto('/home');
    await page.getByRole('heading', { name: 'Ada Energy' }).waitFor();
  }, 120_000);

  it('loads itself anew, once, when a part is gone after a deployment', async () => {
    const { page } = await running().open({ serviceWorkers: 'block' });
    await signUp(page);
    const loads: string[] = [];
    page.on('request', (request) => {
      if (request.isNavigationRequest()) loads.push(new URL(request.url()).pathname);
    });
    // As the gateway responds to a file that it does not have, until the page was loaded anew.
    await page.route('**/assets/usage.page-*.js', (route) =>
      loads.length === 0 ? route.fulfill({ status: 404, body: '{}' }) : route.continue(),
    );
    await page.getByRole('link', { name: 'Usage', exact: true }).click();
    await page.waitForURL('**/usage');
    await page.getByRole('heading', { name: 'Usage', level: 1 }).waitFor();
    expect(loads).toHaveLength(1);
  }, 120_000);

  it('loads nothing anew over unsaved input, and shows the part that is gone on request', async () => {
    const { page } = await running().open({ serviceWorkers: 'block' });
    await signUp(page);
    await page.goto('/support/new');
    await page.getByLabel('Subject').fill('Half written');
    let isGone = true;
    let loads = 0;
    page.on('request', (request) => {
      if (request.isNavigationRequest()) loads++;
    });
    await page.route('**/assets/keys.page-*.js', (route) =>
      isGone ? route.fulfill({ status: 404, body: '{}' }) : route.continue(),
    );
    const failed = page.waitForResponse('**/assets/keys.page-*.js');
    await page.getByRole('link', { name: 'API keys', exact: true }).hover();
    expect((await failed).status()).toBe(404);
    expect(await page.getByLabel('Subject').inputValue()).toBe('Half written');

    await page.getByRole('link', { name: 'API keys', exact: true }).click();
    await page.getByRole('heading', { name: 'API keys could not be shown' }).waitFor();
    expect(loads).toBe(0);
    isGone = false;
    await eventually(
      async () => {
        await page.getByRole('button', { name: 'Try again' }).click({ timeout: 2000 });
        await page.getByRole('button', { name: 'Create key' }).first().waitFor({ timeout: 5000 });
      },
      { timeoutMs: 30_000 },
    );
  }, 120_000);
}
