import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '@gridworks/testing';
import { expect, it } from '@jest/globals';
import type { ConsoleUnderTest } from './console-under-test.ts';
import { logInByForm, signUp } from './people.ts';

/** The link in the newest mail to an address whose subject contains these words, from the portal's own mail server. */
export function linkIn(running: ConsoleUnderTest, address: string, words: string): Promise<string> {
  const folder = running.portal.system.layout.mail;
  return eventually(
    () => {
      const mail = readdirSync(folder)
        .filter((file) => file.endsWith('.json'))
        .sort()
        .map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')))
        .filter(({ to, subject }) => JSON.stringify(to).includes(address) && subject.includes(words))
        .at(-1);
      const link = /https?:\/\/\S+#token=\w+/.exec(mail?.text ?? '')?.[0];
      if (!link) throw new Error(`no mail "${words}" with a link to ${address}`);
      return link;
    },
    { timeoutMs: 20_000 },
  );
}

/** From the sign-up to a partner of two persons, by mails and pages alone. */
export function team(running: () => ConsoleUnderTest): void {
  it('confirms an address, invites a person, and gives a role that the partner made', async () => {
    const { page, faults } = await running().open();
    const ada = await signUp(page);
    await page.getByText('Confirm your email address').waitFor();
    await page.goto(await linkIn(running(), ada.email, 'Confirm your email address'));
    await page.getByRole('heading', { name: 'Your address is confirmed' }).waitFor();

    await page.goto('/team/roles');
    await page.getByRole('button', { name: 'Create role' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('Analyst');
    await page.getByLabel('See usage').check();
    await page.getByRole('dialog').getByRole('button', { name: 'Create role' }).click();
    await page.getByRole('columnheader', { name: 'Analyst' }).waitFor();

    const grace = { email: `grace-${Date.now()}@example.com`, password: 'battery staple correct' };
    await page.goto('/team');
    await page.getByRole('button', { name: 'Invite' }).click();
    await page.getByLabel('Email').fill(grace.email);
    await page.getByLabel('Role').selectOption({ label: 'Analyst' });
    await page.getByRole('button', { name: 'Send invitation' }).click();
    await page.getByText(grace.email, { exact: true }).waitFor();

    const other = await running().open();
    await other.page.goto(await linkIn(running(), grace.email, 'invites you to Ada Energy'));
    await other.page.getByRole('heading', { name: 'Join Ada Energy' }).waitFor();
    await other.page.getByLabel('Your name').fill('Grace');
    await other.page.getByLabel('Password').fill(grace.password);
    await other.page.getByRole('button', { name: 'Create account and join' }).click();
    // The role permits usage and nothing else.
    await other.page.getByRole('link', { name: 'Usage' }).first().waitFor();
    expect(await other.page.getByRole('link', { name: 'API keys' }).count()).toBe(0);
    await other.page.goto('/keys');
    await other.page.getByText('You are logged in as').waitFor();

    // Another role holds for the open page.
    await page.goto('/team');
    await page.getByRole('button', { name: 'Actions for Grace' }).click();
    await page.getByRole('button', { name: 'Change role' }).click();
    await page
      .getByLabel('Role', { exact: true })
      .selectOption({ label: 'Developer: keys, the explorer, usage and tickets' });
    await page.getByRole('dialog').getByRole('button', { name: 'Change role' }).click();
    await page.getByRole('cell', { name: 'Developer' }).waitFor();
    await eventually(
      async () => {
        await other.page.goto('/keys');
        await other.page.getByRole('button', { name: 'Create key' }).first().waitFor({ timeout: 3000 });
      },
      { timeoutMs: 20_000 },
    );

    // A person of two partners changes between them, in all tabs of the browser.
    await other.page.goto('/settings');
    await other.page.getByRole('button', { name: 'Register another' }).click();
    await other.page.getByLabel('Company').fill('Grace Wind');
    await other.page.getByRole('button', { name: 'Register', exact: true }).click();
    await other.page.getByRole('heading', { name: 'Grace Wind' }).waitFor();
    const second = await running().tab(other.page.context());
    await second.page.goto('/home');
    await second.page.getByRole('heading', { name: 'Grace Wind' }).waitFor();
    await other.page.getByRole('button', { name: 'Account and appearance' }).click();
    await other.page.getByRole('button', { name: /Ada Energy/ }).click();
    await other.page.getByRole('heading', { name: 'Ada Energy' }).waitFor();
    await second.page.getByRole('heading', { name: 'Ada Energy' }).waitFor();
    expect([...faults, ...other.faults, ...second.faults]).toEqual([]);
  }, 240_000);

  it('sets another password by mail', async () => {
    const { page, faults } = await running().open();
    const ada = await signUp(page);
    await page.context().clearCookies();
    await page.goto('/login');
    await page.getByRole('link', { name: 'Forgot your password?' }).click();
    await page.getByLabel('Email').fill(ada.email);
    await page.getByRole('button', { name: 'Send the link' }).click();
    await page.getByRole('heading', { name: 'Look into your mailbox' }).waitFor();
    await page.goto(await linkIn(running(), ada.email, 'Choose a new password'));
    await page.getByLabel('Password').fill('Password12345');
    await page.getByRole('button', { name: 'Set the password' }).click();
    await page.getByText('is in lists of stolen passwords').waitFor();
    const password = 'battery staple correct';
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Set the password' }).click();
    await page.getByRole('heading', { name: 'Your new password is set' }).waitFor();
    await page.getByRole('link', { name: 'Log in with it' }).click();
    await logInByForm(page, { email: ada.email, password });
    await page.getByRole('heading', { name: 'Ada Energy' }).waitFor();
    expect(faults).toEqual([]);
  }, 120_000);
}
