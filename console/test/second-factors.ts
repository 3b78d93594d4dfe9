import { eventually } from '@gridworks/testing';
import { expect, it } from '@jest/globals';
import { Secret, TOTP } from 'otpauth';
import { Client } from 'pg';
import type { Page } from 'playwright-core';
import type { ConsoleUnderTest } from './console-under-test.ts';
import { addDevice, addPasskey, storeCodes } from './passkey-device.ts';
import { logInByForm, logOut, signUp } from './people.ts';

const STEP_MS = 30_000;
const CHALLENGES = '**/v1/log-in-challenges';
/** The gateway remembers a principal for half a minute. */
const REMEMBERED_MS = 60_000;

/** The code of the step before, now or after: each counts once. */
const codeOf = (secret: string, steps: number): string =>
  new TOTP({ secret: Secret.fromBase32(secret.replace(/\s/g, '')) }).generate({
    timestamp: Date.now() + steps * STEP_MS,
  });

/** Calls back, here, for each time when the page asks the device for a passkey. */
async function onPasskeyAsked(page: Page, callback: () => void): Promise<void> {
  await page.exposeFunction('onPasskeyAsked', callback);
  await page.addInitScript({
    content: `const get = navigator.credentials?.get.bind(navigator.credentials);
      if (get) navigator.credentials.get = (options) => (window.onPasskeyAsked(), get(options));`,
  });
}

/** Holds the next request for a challenge back. The result lets it go on. */
async function holdChallenge(page: Page): Promise<{ asked: Promise<unknown>; release: () => Promise<void> }> {
  const { promise, resolve } = Promise.withResolvers<void>();
  await page.route(CHALLENGES, (route) => promise.then(() => route.continue()), { times: 1 });
  return {
    asked: page.waitForRequest(CHALLENGES),
    release: async () => {
      const response = page.waitForResponse(CHALLENGES);
      resolve();
      await (await response).finished();
    },
  };
}

/** What a person does who wants more than a password. */
export function secondFactors(running: () => ConsoleUnderTest): void {
  /** Browsers have passkeys at a host name only. */
  const open = () => running().open({ baseURL: running().url.replace('127.0.0.1', 'localhost') });

  /** Makes the last proof of a person an hour old, until the gateway has noticed. */
  const age = async (page: Page, email: string) => {
    const database = new Client({
      connectionString: running().portal.system.databaseUrl.replace(/postgres$/, 'portal'),
    });
    await database.connect();
    await database.query(
      `update auth.sessions set authenticated_at = now() - interval '1 hour'
       where user_id = (select id from auth.users where email = $1)`,
      [email],
    );
    await database.end();
    await eventually(
      async () => {
        const at = await page.evaluate(
          `fetch('/v1/me').then((response) => response.json()).then(({ principal }) => principal.authenticated_at)`,
        );
        expect(Date.parse(String(at))).toBeLessThan(Date.now() - 600_000);
      },
      { timeoutMs: REMEMBERED_MS, everyMs: 500 },
    );
  };

  it('adds an app, logs in with its code, and with a recovery code when it is lost', async () => {
    const { page, faults } = await open();
    const person = await signUp(page);
    await page.goto('/settings/security');
    await page.getByRole('button', { name: 'Add an authenticator app' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add an authenticator app' });
    await dialog.getByRole('img', { name: 'QR code with the secret' }).waitFor();
    const secret = ((await dialog.locator('code').textContent()) ?? '').trim();
    await dialog.getByRole('textbox', { name: 'Code' }).fill('000000');
    await dialog.getByRole('button', { name: 'Add the app' }).click();
    await dialog.getByRole('alert').getByText('AUTH.PROOF_REFUSED').waitFor();
    await dialog.getByRole('textbox', { name: 'Code' }).fill(codeOf(secret, -1));
    await dialog.getByRole('button', { name: 'Add the app' }).click();
    const [code = ''] = await storeCodes(page);
    expect(code).toMatch(/^[0-9a-z]{4}(-[0-9a-z]{4}){3}$/);
    await page.getByText('10 codes left').waitFor();

    await logOut(page);
    await logInByForm(page, person);
    await page.getByLabel('Code').fill(codeOf(secret, 0));
    await page.getByRole('button', { name: 'Confirm' }).click();
    await page.waitForURL('**/home');
    await logOut(page);
    await logInByForm(page, person);
    await page.getByRole('button', { name: 'Use a recovery code' }).click();
    await page.getByLabel('Recovery code').fill(code.toUpperCase());
    await page.getByRole('button', { name: 'Confirm' }).click();
    await page.waitForURL('**/home');
    await page.goto('/settings/security');
    await page.getByText('9 codes left').waitFor();
    expect(faults).toEqual([]);
  }, 120_000);

  it('adds a passkey, logs in with it alone, and proves with it that it is still the same person', async () => {
    const { page, faults } = await open();
    let asked = 0;
    await onPasskeyAsked(page, () => {
      asked += 1;
    });
    const person = await signUp(page);
    const confirm = await addDevice(page);
    await addPasskey(page, 'Laptop');

    // The suggestions of the email field wait until the person takes one.
    await confirm(false);
    await logOut(page);
    await eventually(() => expect(asked).toBe(1));
    // The device confirms only what it is asked afterwards.
    const button = await holdChallenge(page);
    await page.getByRole('button', { name: 'Use a passkey' }).click();
    await button.asked;
    await confirm(true);
    await button.release();
    await page.waitForURL('**/home');
    expect(asked).toBe(2);
    // A person who takes a suggestion at once: the page needs no click.
    await logOut(page);
    await page.waitForURL('**/home');
    expect(asked).toBe(3);

    // Suggestions that are ready after the button was pressed do not end what it has begun.
    await confirm(false);
    const suggestions = await holdChallenge(page);
    await logOut(page);
    await suggestions.asked;
    await page.getByRole('button', { name: 'Use a passkey' }).click();
    await eventually(() => expect(asked).toBe(4));
    await suggestions.release();
    await page.evaluate(`fetch('/v1/plans').then((response) => response.json())`);
    expect(asked).toBe(4);
    expect(await page.getByText('No passkey was used').count()).toBe(0);
    await confirm(true);
    await page.goto('/login');
    await page.waitForURL('**/home');

    await age(page, person.email);
    await page.goto('/keys');
    await page.getByRole('button', { name: 'Create key' }).first().click();
    const create = page.getByRole('dialog', { name: 'Create an API key' });
    await create.getByLabel('Name').fill('Late');
    await create.getByRole('button', { name: 'Create key' }).click();
    const stepUp = page.getByRole('dialog', { name: 'Is it still you?' });
    await stepUp.getByRole('button', { name: 'Use a passkey' }).click();
    // The request is repeated by itself.
    await page.getByRole('dialog', { name: 'Key created' }).waitFor();
    expect(faults).toEqual([]);
  }, 180_000);

  it('who closes the question for a proof gets the error, and nothing is made', async () => {
    const { page, faults } = await open();
    const person = await signUp(page);
    await age(page, person.email);
    await page.goto('/keys');
    await page.getByRole('button', { name: 'Create key' }).first().click();
    const create = page.getByRole('dialog', { name: 'Create an API key' });
    await create.getByLabel('Name').fill('Late');
    await create.getByRole('button', { name: 'Create key' }).click();
    const stepUp = page.getByRole('dialog', { name: 'Is it still you?' });
    await stepUp.getByLabel('Password').fill('not the password');
    await stepUp.getByRole('button', { name: 'Confirm with the password' }).click();
    await stepUp.getByText('AUTH.PROOF_REFUSED').waitFor();
    await stepUp.getByRole('button', { name: 'Close' }).click();
    await create.getByText('AUTH.STEP_UP_REQUIRED').waitFor();
    // The input is still there, and the right password makes the key.
    await create.getByRole('button', { name: 'Create key' }).click();
    await stepUp.getByLabel('Password').fill(person.password);
    await stepUp.getByRole('button', { name: 'Confirm with the password' }).click();
    await page.getByRole('dialog', { name: 'Key created' }).waitFor();
    expect(faults).toEqual([]);
  }, 180_000);

  it('removes the password once other ways are on file, and comes back by a recovery code without the device', async () => {
    const { page, faults } = await open();
    const person = await signUp(page);
    await addDevice(page);
    await page.goto('/settings/security');
    const remove = page.getByRole('button', { name: 'Remove the password' });
    await remove.waitFor();
    expect(await remove.isDisabled()).toBe(true);
    const [code = ''] = await addPasskey(page, 'Laptop');
    await remove.click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove the password' }).click();
    await page.getByText('You have none: you log in with a passkey').waitFor();

    const { page: elsewhere } = await open();
    await elsewhere.goto('/login');
    await logInByForm(elsewhere, person);
    await elsewhere.getByText('AUTH.LOGIN_REFUSED').waitFor();
    await elsewhere.getByRole('button', { name: 'Lost all passkeys?' }).click();
    await elsewhere.getByLabel('Recovery code').fill(code);
    await elsewhere.getByRole('button', { name: 'Log in', exact: true }).click();
    await elsewhere.waitForURL('**/home');
    expect(faults).toEqual([]);
  }, 120_000);
}
