import { eventually } from '@gridworks/testing';
import { expect, it } from '@jest/globals';
import type { ConsoleUnderTest } from './console-under-test.ts';
import { makeFirstCall } from './first-call.ts';
import { addDevice, addPasskey } from './passkey-device.ts';
import { logInByForm, logOut, signUp } from './people.ts';

/** What partners do in the console, beginning with the sign-up. */
export function walk(running: () => ConsoleUnderTest): void {
  it('signs up, makes a key, makes the first call, sees it counted, and files a ticket', async () => {
    const { page, faults } = await running().open();
    await signUp(page);

    await makeFirstCall(page, running().url);
    await eventually(
      async () => {
        await page.goto('/usage?range=24h');
        const figure = page
          .getByRole('term')
          .filter({ hasText: /^Calls$/ })
          .locator('xpath=following-sibling::dd[1]');
        expect(await figure.textContent({ timeout: 5000 })).toBe('1');
      },
      { timeoutMs: 60_000, everyMs: 1000 },
    );

    await page.getByRole('link', { name: 'Support', exact: true }).click();
    await page.getByRole('link', { name: 'New ticket' }).first().click();
    await page.getByLabel('Subject').fill('Which plan fits?');
    await page.getByLabel('What happened, and what did you expect?').fill('We expect to grow in spring.');
    await page.getByRole('button', { name: 'Send ticket' }).click();
    await page.getByRole('heading', { name: 'Which plan fits?' }).waitFor();
    await page.getByRole('button', { name: 'Close ticket' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Close ticket' }).click();
    await page.getByText('This ticket is closed.').waitFor();
    expect(faults).toEqual([]);
  }, 180_000);

  it('signs up, adds a passkey, logs in with it alone, and makes the first call', async () => {
    // Browsers have passkeys at a host name only.
    const { page, faults } = await running().open({
      baseURL: running().url.replace('127.0.0.1', 'localhost'),
    });
    await signUp(page);
    await addDevice(page);
    await addPasskey(page, 'Laptop');
    await logOut(page);
    // The device confirms what the log-in page asks: no password is typed in.
    await page.waitForURL('**/home');
    await makeFirstCall(page, running().url);
    expect(faults).toEqual([]);
  }, 180_000);

  it('who has unsaved input when the session ends logs in there, and keeps the input', async () => {
    const { page, faults } = await running().open();
    const person = await signUp(page);
    await page.goto('/support/new');
    await page.getByLabel('Subject').fill('Half written');
    await page.getByLabel('What happened, and what did you expect?').fill('Please keep this.');
    await page.context().clearCookies();
    await page.getByRole('button', { name: 'Send ticket' }).click();
    const dialog = page.getByRole('dialog', { name: 'Log in again' });
    await dialog.waitFor();
    expect(await page.getByLabel('Subject').inputValue()).toBe('Half written');
    await dialog.getByLabel('Password').fill(person.password);
    await dialog.getByRole('button', { name: 'Log in', exact: true }).click();
    await page.getByRole('heading', { name: 'Half written' }).waitFor();
    expect(faults).toEqual([]);
  }, 120_000);

  it('who is not logged in returns to the requested address after the log-in', async () => {
    const { page } = await running().open();
    const person = await signUp(page);
    await page.context().clearCookies();
    await page.goto('/support?status=open');
    await page.waitForURL('**/login?next=*');
    await logInByForm(page, person);
    await page.waitForURL('**/support?status=open');
    await page.getByRole('heading', { name: 'Support', level: 1 }).waitFor();
  }, 120_000);

  it('who logs out is logged out in every tab', async () => {
    const { page } = await running().open();
    await signUp(page);
    const { page: other } = await running().tab(page.context());
    await other.goto('/keys');
    await other.getByRole('heading', { name: 'API keys' }).waitFor();
    await page.getByRole('button', { name: 'Account and appearance' }).click();
    await page.getByRole('button', { name: 'Log out' }).click();
    await Promise.all([page.waitForURL('**/login'), other.waitForURL('**/login')]);
  }, 120_000);
}
