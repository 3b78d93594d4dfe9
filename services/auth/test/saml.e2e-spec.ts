import type { Bus } from '@gridworks/bus';
import {
  beginSso,
  beginSsoTest,
  completeSsoTest,
  createSsoConnection,
  getSamlMetadata,
  newId,
  type Principal,
  receiveSamlResponse,
} from '@gridworks/contracts';
import { SamlProvider, type SamlTricks } from '@gridworks/testing/saml-provider';
import type { ServiceUnderTest } from '@gridworks/testing/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PortalUser, startAuth } from './auth-under-test.ts';
import { BrowserAtAuth, PATIENT } from './browser-at-auth.ts';

interface Company {
  readonly domain: string;
  readonly partnerId: string;
  readonly owner: Principal;
  readonly provider: SamlProvider;
  readonly id: string;
}

describe('single sign-on with SAML', () => {
  let auth: ServiceUnderTest;
  let gateway: Bus;
  let portal: PortalUser;
  let acme: Company;
  beforeAll(async () => {
    ({ auth } = await startAuth());
    await auth.startInstance('auth');
    gateway = await auth.startGateway();
    portal = new PortalUser(gateway);
    acme = await company();
  });
  afterAll(() => auth?.stop());

  async function company(): Promise<Company> {
    const domain = `${newId('request').toLowerCase().replaceAll('_', '')}.example`;
    const { user, partner } = await portal.register(`owner@${domain}`);
    const owner = await portal.verify('session', (await portal.logIn(user.email)).token);
    await auth.query(
      `insert into verified_domains (id, partner_id, domain, token, created_by, created_at, verified_at, last_checked_at)
       values ($1, $2, $3, 'any', $4, now(), now(), now())`,
      [newId('domain'), partner.id, domain, user.id],
    );
    const provider = new SamlProvider();
    const { entityId: entity_id, entryPoint: entry_point, certificate } = provider;
    const { id } = await gateway.request(
      createSsoConnection,
      { kind: 'saml', name: 'Acme SAML', saml: { entity_id, entry_point, certificates: [certificate] } },
      { principal: owner },
    );
    const made = { domain, partnerId: partner.id, owner, provider, id };
    const at = new BrowserAtAuth(gateway);
    const input = { id, browser_digest: at.digest };
    const begun = await gateway.request(beginSsoTest, input, { principal: owner, ...PATIENT });
    const state = await post(id, provider.respond(begun.authorization_url, `tester@${domain}`));
    const tested = await gateway.request(
      completeSsoTest,
      { state, browser_digest: at.digest },
      { principal: owner },
    );
    expect(tested).toMatchObject({ problems: [], connection: { state: 'tested' } });
    return made;
  }
  /** Posts a response as the gateway forwards it; returns the state that the callback page gets. */
  async function post(
    connection_id: string,
    form: { response: string; relay_state: string },
  ): Promise<string> {
    const { callback_url } = await gateway.request(receiveSamlResponse, { connection_id, ...form }, PATIENT);
    const url = new URL(callback_url);
    expect(`${url.origin}${url.pathname}`).toBe('https://portal.example/log-in/callback');
    return url.searchParams.get('state') ?? '';
  }
  const begin = async (at: BrowserAtAuth, { domain }: Company) =>
    (await gateway.request(beginSso, { email: `x@${domain}`, browser_digest: at.digest }, PATIENT))
      .authorization_url;
  const logIn = async (of: Company, email: string, tricks: SamlTricks = {}) => {
    const at = new BrowserAtAuth(gateway);
    const form = of.provider.respond(await begin(at, of), email, tricks);
    return at.complete({ state: await post(of.id, form) });
  };
  const outcome = (of: Company, email: string, tricks: SamlTricks = {}): Promise<string> =>
    logIn(of, email, tricks).then(
      ({ session }) => session?.user.email ?? 'none',
      (error: { code: string }) => error.code,
    );

  it('logs a person in by a signed assertion, with the attributes of the provider', async () => {
    const { session } = await logIn(acme, `ada@${acme.domain}`);
    expect(session).toMatchObject({
      ...{ role: 'viewer', sso: { connection_id: acme.id, name: 'Acme SAML' } },
      user: { email: `ada@${acme.domain}`, name: 'Ada Lovelace' },
      partner: { id: acme.partnerId },
    });
    const again = await logIn(acme, `ada@${acme.domain}`);
    expect(again.session?.user.id).toBe(session?.user.id);
  });

  it('tells the provider what it must know', async () => {
    const { xml } = await gateway.request(getSamlMetadata, { connection_id: acme.id });
    expect(xml).toContain(`entityID="https://portal.example/v1/saml/${acme.id}/metadata"`);
    expect(xml).toContain(`Location="https://portal.example/v1/saml/${acme.id}/acs"`);
    expect(xml).toContain('WantAssertionsSigned="true"');
    const other = gateway.request(getSamlMetadata, { connection_id: newId('ssoConnection') });
    await expect(other).rejects.toMatchObject({ code: 'AUTH.SSO_NOT_FOUND' });
  });

  it('allows a clock that differs by less than a minute, and no more', async () => {
    const email = `clock@${acme.domain}`;
    expect(await outcome(acme, email, { clockMs: 40_000 })).toBe(email);
    expect(await outcome(acme, email, { clockMs: 90_000 })).toBe('AUTH.PROVIDER_REFUSED');
    expect(await outcome(acme, email, { clockMs: -90_000 })).toBe(email);
    expect(await outcome(acme, email, { clockMs: -150_000 })).toBe('AUTH.PROVIDER_REFUSED');
  });

  const evil = (signed: string) => signed.replaceAll('ada@', 'mallory@');
  const assertionOf = (signed: string) => /<saml:Assertion.*<\/saml:Assertion>/s.exec(signed)?.[0] ?? '';
  const forged = (signed: string) =>
    evil(assertionOf(signed))
      .replace(/<Signature.*<\/Signature>/s, '')
      .replace(/ID="[^"]+"/, 'ID="_forged"');
  const tricks: [string, SamlTricks][] = [
    ['no signature', { isUnsigned: true }],
    ['another person after the signature', { after: evil }],
    [
      'a forged assertion before the signed one',
      { after: (xml) => xml.replace(assertionOf(xml), forged(xml) + assertionOf(xml)) },
    ],
    [
      'a forged assertion after the signed one',
      { after: (xml) => xml.replace(assertionOf(xml), assertionOf(xml) + forged(xml)) },
    ],
    [
      'the signed assertion inside of a forged one (signature wrapping)',
      {
        after: (xml) =>
          xml.replace(
            assertionOf(xml),
            forged(xml).replace(
              '</saml:Assertion>',
              `<saml:Advice>${assertionOf(xml)}</saml:Advice></saml:Assertion>`,
            ),
          ),
      },
    ],
    [
      'the signed assertion in an extension, a forged one in its place',
      {
        after: (xml) =>
          xml.replace(
            assertionOf(xml),
            `<samlp:Extensions>${assertionOf(xml)}</samlp:Extensions>${forged(xml)}`,
          ),
      },
    ],
    [
      'the id of the signed assertion twice',
      {
        after: (xml) =>
          xml.replace(
            assertionOf(xml),
            assertionOf(xml) + forged(xml).replace('_forged', /Assertion ID="([^"]+)"/.exec(xml)?.[1] ?? ''),
          ),
      },
    ],
    ['an empty signature', { after: (xml) => xml.replace(/<SignatureValue>[^<]*</, '<SignatureValue><') }],
    ['no signature value', { after: (xml) => xml.replace(/<SignatureValue>.*<\/SignatureValue>/s, '') }],
    ['another audience', { audience: 'https://somebody-else.example' }],
    ['another issuer', { issuer: 'https://another-idp.example' }],
    ['another request', { inResponseTo: '_another' }],
    ['no request (sent by the provider on its own)', { inResponseTo: '' }],
    ['a signature by SHA-1', { signatureAlgorithm: 'http://www.w3.org/2000/09/xmldsig#rsa-sha1' }],
    ['a DOCTYPE', { after: (xml) => `<!DOCTYPE x [<!ENTITY e "ada">]>${xml}` }],
    ['no XML', { after: () => 'ada' }],
    ['nothing', { after: () => '' }],
  ];
  it.each(tricks)('refuses a response with %s', async (_what, trick) => {
    const done = await outcome(acme, `ada@${acme.domain}`, trick);
    expect(done).toBe('AUTH.PROVIDER_REFUSED');
  });

  it('reads a name as a whole, also when somebody put a comment into it', async () => {
    // Signatures do not cover comments: a reader that stops at one would take the first half for the name.
    const nameId = `ada@${acme.domain}<!-- -->.evil.example`;
    expect(await outcome(acme, '', { nameId })).toBe('AUTH.SSO_REFUSED');
    const after = (xml: string) => xml.replace(`>ada@${acme.domain}<`, `>ada@<!-- x -->${acme.domain}<`);
    const done = await outcome(acme, `ada@${acme.domain}`, { after });
    expect([`ada@${acme.domain}`, 'AUTH.PROVIDER_REFUSED']).toContain(done);
  });

  it('takes a response once, for its attempt, in its browser, and never from the provider of another partner', async () => {
    const other = await company();
    const email = `ada@${acme.domain}`;
    const ended = { code: 'AUTH.ATTEMPT_ENDED' };
    const at = new BrowserAtAuth(gateway);
    const form = acme.provider.respond(await begin(at, acme), email);
    // In an attempt at another connection, also with its own provider's key.
    await expect(post(other.id, form)).rejects.toMatchObject(ended);
    const theirs = other.provider.respond(await begin(at, acme), email, { issuer: acme.provider.entityId });
    await expect(post(acme.id, theirs)).rejects.toMatchObject({ code: 'AUTH.PROVIDER_REFUSED' });
    // For another attempt of the same browser.
    const second = new URL(await begin(at, acme)).searchParams.get('RelayState') ?? '';
    await expect(post(acme.id, { ...form, relay_state: second })).rejects.toMatchObject({
      code: 'AUTH.PROVIDER_REFUSED',
    });
    const state = await post(acme.id, form);
    await expect(post(acme.id, form)).rejects.toMatchObject(ended);
    await expect(new BrowserAtAuth(gateway).complete({ state })).rejects.toMatchObject(ended);
    expect((await at.complete({ state })).session?.user.email).toBe(email);
    await expect(at.complete({ state })).rejects.toMatchObject(ended);
    await expect(post(acme.id, form)).rejects.toMatchObject(ended);
    // A browser that comes back without any response of the provider.
    const bare = new BrowserAtAuth(gateway);
    const relay = new URL(await begin(bare, acme)).searchParams.get('RelayState') ?? '';
    await expect(bare.complete({ state: relay, code: 'made-up' })).rejects.toMatchObject({
      code: 'AUTH.PROVIDER_REFUSED',
    });
    // An address of another partner.
    expect(await outcome(acme, `owner@${other.domain}`)).toBe('AUTH.SSO_REFUSED');
  });
});
