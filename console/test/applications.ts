import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventually } from '@gridworks/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { inaccessibleOn } from './axe.ts';
import type { ConsoleUnderTest } from './console-under-test.ts';
import { logInByForm, signUp } from './people.ts';

interface Tokens {
  readonly access_token: string;
  readonly error?: string;
}

/** Makes an application by the form. Returns its secret. */
async function make(
  page: Page,
  form: { name: string; kind: string; scopes: readonly string[]; uris?: string },
): Promise<string> {
  await page.goto('/applications');
  await page.getByRole('button', { name: 'New application' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'New application' });
  await dialog.getByRole('textbox', { name: 'Name' }).fill(form.name);
  await dialog.getByRole('radio', { name: form.kind }).check();
  for (const scope of form.scopes) await dialog.getByLabel(scope).check();
  if (form.uris) await dialog.getByLabel('Redirect URIs').fill(form.uris);
  await dialog.getByRole('button', { name: 'Create' }).click();
  const made = page.getByRole('dialog', { name: `Made: “${form.name}”` });
  const secret = (await made.locator('code').first().textContent()) ?? '';
  await made.getByLabel('I have stored it').check();
  await made.getByRole('button', { name: 'Done' }).click();
  return secret;
}

const clientIdOf = async (page: Page, name: string): Promise<string> =>
  ((await page.getByRole('row', { name }).locator('code').first().textContent()) ?? '').trim();

/** Machines and programs with tokens, from their making to their end, by pages alone. */
export function applications(running: () => ConsoleUnderTest): void {
  let server: Server;
  let callback: string;
  const visits: URL[] = [];
  beforeAll(async () => {
    server = createServer((request, response) => {
      const url = new URL(request.url ?? '/', 'http://127.0.0.1');
      // The browser asks for an icon, too.
      if (url.pathname === '/callback') visits.push(url);
      response.setHeader('content-type', 'text/html').end('<title>Helpdesk</title><h1>Back again</h1>');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    callback = `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback`;
  });
  afterAll(() => void server?.close());

  const post = async (form: Readonly<Record<string, string>>, client: string, secret: string) => {
    const response = await fetch(`${running().url}/oauth/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${client}:${secret}`).toString('base64')}` },
      body: new URLSearchParams(form),
    });
    return (await response.json()) as Tokens;
  };
  const status = async (token: string, path: string) =>
    (await fetch(`${running().url}${path}`, { headers: { authorization: `Bearer ${token}` } })).status;

  it('makes a service account whose token calls the API, and ends it', async () => {
    const { page, faults } = await running().open();
    await signUp(page);
    const secret = await make(page, {
      ...{ name: 'Nightly import', kind: 'Service account' },
      scopes: ['usage:read', 'identity:read'],
    });
    const id = await clientIdOf(page, 'Nightly import');
    const machine = { grant_type: 'client_credentials' };
    const { access_token: token } = await post(machine, id, secret);
    expect([await status(token, '/v1/me'), await status(token, '/v1/usage')]).toEqual([200, 200]);
    // Its calls are counted like those of a key.
    await eventually(
      async () => {
        const response = await fetch(`${running().url}/v1/usage`, {
          headers: { authorization: `Bearer ${token}` },
        });
        expect(JSON.stringify(await response.json())).toContain(id);
      },
      { timeoutMs: 20_000 },
    );
    await page.getByRole('button', { name: 'Actions for Nightly import' }).click();
    await page.getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('cell', { name: 'Revoked' }).waitFor();
    await eventually(async () => expect(await status(token, '/v1/me')).toBe(401));
    expect((await post(machine, id, secret)).error).toBe('invalid_client');
    expect(faults).toEqual([]);
  }, 120_000);

  it('asks a person, who logs in, accepts, and removes the access', async () => {
    const { page, faults } = await running().open();
    const ada = await signUp(page);
    const secret = await make(page, {
      ...{ name: 'Helpdesk', kind: 'Web application', uris: callback },
      scopes: ['tickets:read', 'tickets:write'],
    });
    const id = await clientIdOf(page, 'Helpdesk');
    const verifier = randomBytes(32).toString('base64url');
    const begin = (scope: string) =>
      page.goto(
        `/oauth/authorize?${new URLSearchParams({
          ...{ response_type: 'code', client_id: id, redirect_uri: callback, scope, state: 'x' },
          code_challenge: createHash('sha256').update(verifier).digest('base64url'),
          code_challenge_method: 'S256',
        })}`,
      );
    // Logged out: the page asks for the log-in first, and goes on by itself.
    await page.getByRole('button', { name: 'Account and appearance' }).click();
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.waitForURL('**/login');
    await begin('tickets:read');
    await page.getByRole('heading', { name: 'Log in to go on' }).waitFor();
    await logInByForm(page, ada);
    await page.getByRole('heading', { name: 'Helpdesk asks for access' }).waitFor();
    await page.getByText('Read tickets').waitFor();
    expect(await inaccessibleOn(page)).toEqual([]);
    await page.getByRole('button', { name: 'Accept' }).click();
    await page.getByRole('heading', { name: 'Back again' }).waitFor();
    const code = visits.at(-1)?.searchParams.get('code') ?? '';
    const grant = { grant_type: 'authorization_code', redirect_uri: callback, code_verifier: verifier };
    const { access_token: token } = await post({ ...grant, code }, id, secret);
    expect([await status(token, '/v1/tickets'), await status(token, '/v1/me')]).toEqual([200, 403]);

    // The same again is not asked; more is.
    await begin('tickets:read');
    await page.getByRole('heading', { name: 'Back again' }).waitFor();
    await begin('tickets:read tickets:write');
    await page.getByRole('button', { name: 'Refuse' }).click();
    await page.getByRole('heading', { name: 'Back again' }).waitFor();
    expect(visits.at(-1)?.searchParams.get('error')).toBe('access_denied');

    await page.goto('/settings/security');
    await page.getByRole('button', { name: 'Remove the access of Helpdesk' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove access' }).click();
    await page.getByText('An application asks you before it may act for you').waitFor();
    await eventually(async () => expect(await status(token, '/v1/tickets')).toBe(401));

    // A wrong address is told to the person, and not followed.
    await page.goto(`/oauth/authorize?client_id=${id}&response_type=code&redirect_uri=https://evil.example`);
    await page.getByText('sent back to an address that is not registered').waitFor();
    expect(faults).toEqual([]);
  }, 120_000);
}
