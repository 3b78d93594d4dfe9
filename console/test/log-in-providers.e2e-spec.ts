import { newId } from '@gridworks/contracts';
import { eventually } from '@gridworks/testing';
import {
  type IdentityProviderHandle,
  type ProviderAccount,
  startIdentityProvider,
} from '@gridworks/testing/identity-provider';
import { SamlProvider } from '@gridworks/testing/saml-provider';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import type { Page } from 'playwright-core';
import { inaccessibleOn } from './axe.ts';
import { ConsoleUnderTest } from './console-under-test.ts';
import { makeFirstCall } from './first-call.ts';
import { signUp } from './people.ts';

describe('log-in with a provider, in a browser', () => {
  let console_: ConsoleUnderTest;
  let provider: IdentityProviderHandle;
  const accounts = new Map<string, ProviderAccount>();
  beforeAll(async () => {
    const redirectUris: string[] = [];
    provider = await startIdentityProvider({ redirectUris, accounts });
    const { issuer, clientId, clientSecret } = provider;
    console_ = await ConsoleUnderTest.start({
      AUTH_LOG_IN_PROVIDERS: JSON.stringify([
        { id: 'acme', kind: 'oidc', name: 'Acme', issuer, client_id: clientId, client_secret: clientSecret },
      ]),
      AUTH_SSO_PRIVATE_NETWORKS: 'true',
    });
    redirectUris.push(`${console_.url}/log-in/callback`);
  }, 240_000);
  afterEach(() => console_.closePages());
  afterAll(async () => {
    await console_?.stop();
    await provider?.stop();
  }, 60_000);

  /** The DNS has a suite of its own: here the domain is the partner's already. */
  const ownDomain = async (email: string, domain: string) => {
    const database = new Client({
      connectionString: console_.portal.system.databaseUrl.replace(/postgres$/, 'portal'),
    });
    await database.connect();
    database.on('error', () => undefined);
    await database.query(
      `insert into auth.verified_domains (id, partner_id, domain, token, created_by, created_at, verified_at, last_checked_at)
       select $1, m.partner_id, $2, 'any', u.id, now(), now(), now()
       from auth.users u join auth.memberships m on m.user_id = u.id where u.email = $3`,
      [newId('domain'), domain, email],
    );
    await database.end();
  };
  const atProvider = async (page: Page, account: string) => {
    await page.waitForURL(`${provider.issuer}/**`);
    await page.getByLabel('Account').fill(account, { timeout: 10_000 });
    await page.getByRole('button', { name: 'Log in', exact: true }).click();
  };

  it('“Continue with …” signs a new person up, and from then on reaches the page that was asked for', async () => {
    accounts.set('ada', { email: 'ada@acme.example', email_verified: true, name: 'Ada Lovelace' });
    const { page, faults } = await console_.open();
    await page.goto('/signup');
    await page.getByRole('button', { name: 'Continue with Acme' }).click();
    await atProvider(page, 'ada');
    await page.getByRole('heading', { name: 'Sign up with Acme' }).waitFor();
    expect(new URL(page.url()).search).toBe('');
    expect(await inaccessibleOn(page)).toEqual([]);
    await page.getByLabel('Company').fill('Ada Energy');
    await page.getByRole('button', { name: 'Create account' }).click();
    await page.waitForURL('**/home');
    await page.getByRole('heading', { name: 'Ada Energy' }).waitFor();

    const { page: later, faults: more } = await console_.open();
    await later.goto('/keys');
    await later.waitForURL('**/login**');
    await later.getByRole('button', { name: 'Continue with Acme' }).click();
    await atProvider(later, 'ada');
    await later.waitForURL('**/keys');
    await later.getByRole('heading', { name: 'API keys' }).waitFor();
    // The address with the code is nowhere in the history.
    await later.goBack();
    expect(later.url()).not.toContain('code=');
    expect([...faults, ...more]).toEqual([]);
  }, 120_000);

  it('shows what went wrong, and the way back', async () => {
    const { page, faults } = await console_.open();
    await page.goto('/login');
    await page.getByRole('button', { name: 'Continue with Acme' }).click();
    await atProvider(page, 'nobody');
    await page.getByRole('alert').getByText('AUTH.PROVIDER_REFUSED').waitFor();
    await page.getByText('The provider says: access_denied.').waitFor();
    expect(await inaccessibleOn(page)).toEqual([]);
    await page.getByRole('link', { name: 'Back to the log-in page' }).click();
    await page.waitForURL('**/login');
    // An address that somebody made up, or opens a second time.
    await page.goto(`/log-in/callback?state=lia_${'a'.repeat(43)}&code=x`);
    await page.getByRole('alert').getByText('AUTH.ATTEMPT_ENDED').waitFor();
    await page.goto('/log-in/callback');
    await page.getByRole('heading', { name: 'Nothing to complete here' }).waitFor();
    expect(faults).toEqual([]);
  }, 120_000);

  it('adds a log-in on the page Security, proves with it who it is, and removes it', async () => {
    accounts.set('grace', { email: 'grace@acme.example', email_verified: false });
    const { page, faults } = await console_.open();
    await signUp(page);
    await page.goto('/settings/security');
    await page.getByRole('button', { name: 'Add Acme' }).click();
    await atProvider(page, 'grace');
    await page.waitForURL('**/settings/security');
    await page.getByRole('cell', { name: 'grace@acme.example' }).waitFor();
    expect(await inaccessibleOn(page)).toEqual([]);

    const { page: elsewhere, faults: more } = await console_.open();
    await elsewhere.goto('/login');
    await elsewhere.getByRole('button', { name: 'Continue with Acme' }).click();
    await atProvider(elsewhere, 'grace');
    await elsewhere.waitForURL('**/home');

    await page.getByRole('button', { name: 'Remove Acme' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove log-in' }).click();
    await eventually(async () => {
      expect(await page.getByRole('cell', { name: 'grace@acme.example' }).count()).toBe(0);
    });
    expect([...faults, ...more]).toEqual([]);
  }, 120_000);

  it('the single sign-on of a partner is added, tested, enforced, and logs its people in, who make the first call', async () => {
    const { page, faults } = await console_.open();
    const { email } = await signUp(page);
    const domain = `ada-energy-${Date.now()}.example`;
    await ownDomain(email, domain);
    accounts.set('lin', { email: `lin@${domain}`, name: 'Lin' });
    await page.goto('/settings/sso');
    await page.getByLabel('Name').fill('Ada ID');
    await page.getByLabel('Issuer').fill(provider.issuer);
    await page.getByLabel('Client id').fill(provider.clientId);
    await page.getByLabel('Client secret').fill(provider.clientSecret);
    await page.getByLabel('Role of new people').selectOption('developer');
    await page.getByRole('button', { name: 'Add connection' }).click();
    const item = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'Ada ID' }) });
    await item.getByText('Draft').waitFor();
    expect(await inaccessibleOn(page)).toEqual([]);

    await item.getByRole('button', { name: 'Test' }).click();
    await atProvider(page, 'lin');
    await page.getByText(/Passed$/).waitFor();
    await page.getByText(`lin@${domain}`).waitFor();
    expect(await inaccessibleOn(page)).toEqual([]);
    await page.getByRole('link', { name: 'Back to single sign-on' }).click();
    await item
      .getByText(/Tested$/)
      .first()
      .waitFor();
    await item.getByRole('button', { name: 'Enforce' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Enforce' }).click();
    await item
      .getByText(/Enforced$/)
      .first()
      .waitFor();

    const { page: lin, faults: more } = await console_.open();
    await lin.goto('/login');
    await lin.getByRole('button', { name: 'Log in with SSO' }).click();
    await lin.getByLabel('Email address at your organisation').fill(`lin@${domain}`);
    await lin.getByRole('button', { name: 'Continue to your organisation' }).click();
    await atProvider(lin, 'lin');
    await lin.waitForURL('**/home');
    await lin.getByRole('heading', { name: 'Ada Energy' }).waitFor();
    await makeFirstCall(lin, console_.url);
    await lin.goto('/settings');
    await lin.getByText('You are logged in with Ada ID').waitFor();
    expect(await lin.getByRole('link', { name: 'Security' }).count()).toBe(0);
    expect(await lin.getByRole('button', { name: 'Try again' }).count()).toBe(0);
    expect([...faults, ...more]).toEqual([]);
  }, 180_000);

  it('single sign-on with SAML is added from the metadata of a provider, tested, and logs its people in', async () => {
    const { page, faults } = await console_.open();
    const { email } = await signUp(page);
    const domain = `ada-saml-${Date.now()}.example`;
    await ownDomain(email, domain);
    const saml = new SamlProvider();
    await saml.listen(`joan@${domain}`);
    try {
      await page.goto('/settings/sso');
      await page.getByRole('button', { name: 'SAML' }).click();
      const file = (text: string) => ({
        name: 'metadata.xml',
        mimeType: 'text/xml',
        buffer: Buffer.from(text),
      });
      await page.getByLabel('Metadata of the provider').setInputFiles(file('<html/>'));
      await page.getByText('This is not the metadata of a SAML identity provider').waitFor();
      await page.getByLabel('Metadata of the provider').setInputFiles(file(saml.metadata));
      await eventually(async () =>
        expect(await page.getByLabel('Entity id').inputValue()).toBe(saml.entityId),
      );
      expect(await page.getByLabel('Log-in address').inputValue()).toBe(saml.entryPoint);
      expect(await page.getByLabel('Certificates').inputValue()).toMatch(
        /^-----BEGIN CERTIFICATE-----\nMIIC/,
      );
      // A test has no certificate authority: the key itself does the same.
      await page.getByLabel('Certificates').fill(saml.certificate);
      await page.getByLabel('Name').fill('Ada SAML');
      expect(await inaccessibleOn(page)).toEqual([]);
      await page.getByRole('button', { name: 'Add connection' }).click();
      const item = page
        .getByRole('listitem')
        .filter({ has: page.getByRole('heading', { name: 'Ada SAML' }) });
      await item.getByText(saml.entityId).waitFor();
      await item.getByText(/\/v1\/saml\/sso_\w+\/acs/).waitFor();

      await item.getByRole('button', { name: 'Test' }).click();
      await page.getByRole('button', { name: 'Log in at the provider' }).click();
      await page.getByText(/Passed$/).waitFor();
      await page.getByText(`joan@${domain}`).first().waitFor();

      const { page: joan, faults: more } = await console_.open();
      await joan.goto('/login');
      await joan.getByRole('button', { name: 'Log in with SSO' }).click();
      await joan.getByLabel('Email address at your organisation').fill(`joan@${domain}`);
      await joan.getByRole('button', { name: 'Continue to your organisation' }).click();
      await joan.getByRole('button', { name: 'Log in at the provider' }).click();
      await joan.waitForURL('**/home');
      expect([...faults, ...more]).toEqual([]);
    } finally {
      saml.close();
    }
  }, 180_000);
});
