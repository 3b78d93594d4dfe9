import { eventually } from '@gridworks/testing';
import { expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { ConsoleUnderTest } from './console-under-test.ts';
import { logInAsAdmin, logInByForm, signUp } from './people.ts';

/** The region of the page that shows what came back. */
const response = (page: Page) => page.getByRole('region', { name: 'Response', exact: true });
const send = (page: Page) => page.getByRole('button', { name: 'Send', exact: true }).click();
const isReady = (page: Page) => page.getByText('of this page, ends').waitFor();

/** What a person does in the API explorer. */
export function explore(running: () => ConsoleUnderTest): void {
  it('sends a first call with a key of its own, which is counted as a test call', async () => {
    const { page, faults } = await running().open();
    const foreign: string[] = [];
    page.on('request', (request) => {
      if (new URL(request.url()).origin !== new URL(running().url).origin) foreign.push(request.url());
    });
    await signUp(page);
    await page.getByRole('link', { name: 'API explorer' }).click();
    await isReady(page);
    const code = await page.getByRole('region', { name: 'Code', exact: true }).textContent();
    const secret = /pp_test_\w+/.exec(code ?? '')?.[0];
    expect(secret).toBeDefined();
    const sent = page.waitForRequest('**/v1/plans');
    await send(page);
    await response(page).getByText('200 OK').waitFor();
    const headers = await (await sent).allHeaders();
    expect(headers.authorization).toBe(`Bearer ${secret}`);
    expect(headers.cookie).toBeUndefined();
    expect(await response(page).textContent()).toMatch(/ratelimit.*x-request-id|x-request-id.*ratelimit/);
    expect(await page.evaluate('JSON.stringify({ ...localStorage, ...sessionStorage })')).not.toContain(
      secret,
    );
    expect(page.url()).not.toContain(secret);
    // The key does not change while one goes from operation to operation.
    await page.getByRole('link', { name: 'The person or key that this credential belongs to' }).click();
    await isReady(page);
    expect(await page.getByRole('region', { name: 'Code', exact: true }).textContent()).toContain(secret);

    for (const [mode, calls] of [
      ['test', '1'],
      ['live', '0'],
    ])
      await eventually(
        async () => {
          await page.goto(`/usage?range=24h&mode=${mode}`);
          const figure = page
            .getByRole('term')
            .filter({ hasText: /^Calls$/ })
            .locator('xpath=following-sibling::dd[1]');
          expect(await figure.textContent({ timeout: 5000 })).toBe(calls);
        },
        { timeoutMs: 60_000, everyMs: 1000 },
      );
    expect(foreign).toEqual([]);
    expect(faults).toEqual([]);
  }, 180_000);

  it('shows a refusal as what it is, with the page about its code', async () => {
    const { page, faults } = await running().open();
    await signUp(page);
    await page.goto('/explorer?operation=openTicket');
    await isReady(page);
    await page.getByLabel('subject (required)').fill('');
    await send(page);
    await response(page).getByText('400 Bad Request').waitFor();
    const link = response(page).getByRole('link', { name: 'What PLATFORM.INVALID_INPUT means' });
    expect(await link.getAttribute('href')).toBe('/problems/PLATFORM.INVALID_INPUT');
    expect(await page.getByRole('alert').count()).toBe(0);
    await page.getByLabel('subject (required)').fill('From the explorer');
    await send(page);
    await response(page).getByText('201 Created').waitFor();
    // Sent again as it is: the same ticket, by its idempotency key.
    const body = () => page.getByRole('region', { name: 'Body of the response' }).textContent();
    const first = await body();
    const again = page.waitForResponse('**/v1/tickets');
    await send(page);
    await again;
    await response(page).getByText('201 Created').waitFor();
    expect(await body()).toBe(first);
    expect(faults).toEqual([]);
  }, 120_000);

  it('asks before it deletes, and sends nothing when told not to', async () => {
    const { page } = await running().open();
    await signUp(page);
    const deletions: string[] = [];
    page.on('request', (request) => {
      if (request.method() === 'DELETE') deletions.push(new URL(request.url()).pathname);
    });
    await page.goto('/explorer?operation=revokeApiKey&filter=key');
    await send(page);
    await page.getByText('It is a part of the address').waitFor();
    const id = 'key_0UQ3kZ1aB7dEfGhIjKlMnO';
    await page.getByLabel('id (required)').fill(id);
    await send(page);
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    expect(deletions).toEqual([]);
    await send(page);
    await page.getByRole('dialog').getByRole('button', { name: 'Send it' }).click();
    await response(page).getByText('404 Not Found').waitFor();
    expect(deletions).toEqual([`/v1/api-keys/${id}`]);
  }, 120_000);

  it('is where "Try it" leads, after the log-in', async () => {
    const { page } = await running().open();
    const person = await signUp(page);
    await page.context().clearCookies();
    await page.goto('/docs/api/list-tickets');
    await page.getByRole('link', { name: 'Try it' }).click();
    await page.waitForURL('**/login?next=*');
    await logInByForm(page, person);
    await page.waitForURL('**/explorer?operation=listTickets');
    await page.getByRole('heading', { name: 'List the tickets of the partner' }).waitFor();
    await page.goto('/explorer?operation=listPauses');
    await page.getByText('This operation cannot be tried here').waitFor();
  }, 120_000);

  it('sends the calls of people of GridWorks with their session', async () => {
    const { page, faults } = await running().open();
    await logInAsAdmin(page, running());
    await page.goto('/explorer?operation=listPauses');
    await send(page);
    await response(page).getByText('200 OK').waitFor();
    expect(faults).toEqual([]);
  }, 120_000);
}
