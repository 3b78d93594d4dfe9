import type { Bus } from '@gridworks/bus';
import {
  beginExternalProof,
  beginSso,
  beginSsoTest,
  beginStepUp,
  changePassword,
  completeExternalProof,
  completeSsoTest,
  completeStepUp,
  createApiKey,
  createBrowserSession,
  createMembership,
  createSsoConnection,
  credentialDigest,
  endAllSessions,
  enforceSso,
  getBrowserSession,
  getSecondFactors,
  listMemberships,
  listSessions,
  listSsoConnections,
  newId,
  newSessionToken,
  type OutputOf,
  type Principal,
  removeSsoConnection,
  stopSso,
  switchPartner,
  updateSsoConnection,
} from '@gridworks/contracts';
import {
  type IdentityProviderHandle,
  logInAtProvider,
  type ProviderAccount,
  startIdentityProvider,
} from '@gridworks/testing/identity-provider';
import type { ServiceUnderTest } from '@gridworks/testing/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PASSWORD, PortalUser, startAuth } from './auth-under-test.ts';
import { answerOf, BrowserAtAuth, PATIENT } from './browser-at-auth.ts';
import { byCode, codeOf, SecondFactorPerson } from './second-factor-person.ts';

const CALLBACK = 'https://portal.example/log-in/callback';
const refusedAs = (code: string) => ({ code });

/** A partner with an owner, a verified domain and a provider of its own. */
interface Company {
  readonly domain: string;
  readonly partnerId: string;
  readonly owner: Principal;
  readonly ownerEmail: string;
  readonly provider: IdentityProviderHandle;
  readonly accounts: Map<string, ProviderAccount>;
}

describe('single sign-on with OpenID Connect', () => {
  let auth: ServiceUnderTest;
  let gateway: Bus;
  let portal: PortalUser;
  const providers: IdentityProviderHandle[] = [];
  beforeAll(async () => {
    ({ auth } = await startAuth({ AUTH_SSO_PRIVATE_NETWORKS: true }));
    await auth.startInstance('auth');
    gateway = await auth.startGateway();
    portal = new PortalUser(gateway);
  });
  afterAll(async () => {
    await auth?.stop();
    await Promise.all(providers.map((one) => one.stop()));
  });

  const verifyDomain = (partnerId: string, domain: string, userId: string) =>
    auth.query(
      `insert into verified_domains (id, partner_id, domain, token, created_by, created_at, verified_at, last_checked_at)
       values ($1, $2, $3, 'any', $4, now(), now(), now())`,
      [newId('domain'), partnerId, domain, userId],
    );
  const company = async (): Promise<Company> => {
    const domain = `${newId('request').toLowerCase().replaceAll('_', '')}.example`;
    const accounts = new Map<string, ProviderAccount>();
    const provider = await startIdentityProvider({ redirectUris: [CALLBACK], accounts });
    providers.push(provider);
    const ownerEmail = `owner@${domain}`;
    const { user, partner } = await portal.register(ownerEmail);
    const owner = await portal.verify('session', (await portal.logIn(ownerEmail)).token);
    await verifyDomain(partner.id, domain, user.id);
    return { domain, partnerId: partner.id, owner, ownerEmail, provider, accounts };
  };
  const connect = ({ owner, provider }: Company, role: 'viewer' | 'developer' = 'developer') =>
    gateway.request(
      createSsoConnection,
      {
        ...{ kind: 'oidc', name: 'Acme ID', default_role: role },
        oidc: { issuer: provider.issuer, client_id: provider.clientId, client_secret: provider.clientSecret },
      },
      { principal: owner },
    );
  const personOf = ({ domain, accounts }: Company, name: string, claims: ProviderAccount = {}) => {
    accounts.set(name, { email: `${name}@${domain}`, name, ...claims });
    return name;
  };
  const test = async (of: Company, id: string, account: string, principal = of.owner) => {
    const at = new BrowserAtAuth(gateway);
    const begun = await gateway.request(
      beginSsoTest,
      { id, browser_digest: at.digest },
      { principal, ...PATIENT },
    );
    const answer = answerOf(await logInAtProvider(begun.authorization_url, account));
    return gateway.request(
      completeSsoTest,
      { ...answer, browser_digest: at.digest },
      { principal, ...PATIENT },
    );
  };
  const tested = async (of: Company) => {
    const { id } = await connect(of);
    const { connection } = await test(of, id, personOf(of, 'tester'));
    expect(connection.state).toBe('tested');
    return id;
  };
  const enforce = (of: Company, id: string) => gateway.request(enforceSso, { id }, { principal: of.owner });
  const begin = async (at: BrowserAtAuth, email: string) =>
    (await gateway.request(beginSso, { email, browser_digest: at.digest }, PATIENT)).authorization_url;
  /** Logs in by single sign-on; `email` finds the connection. */
  const logIn = async (of: Company, account: string, email = `${account}@${of.domain}`) => {
    const at = new BrowserAtAuth(gateway);
    const completed = await at.complete(answerOf(await logInAtProvider(await begin(at, email), account)));
    if (!completed.session) throw new Error('no session');
    return { at, session: completed.session, principal: await at.principal() };
  };
  const byPassword = (email: string, more: { partner_id?: string } = {}) =>
    gateway.request(createBrowserSession, {
      ...{ email, password: PASSWORD, session_digest: credentialDigest(newSessionToken()) },
      ...more,
    });

  it('is set up, tested by a real log-in, and enforced; the secret is never shown', async () => {
    const acme = await company();
    const made = await connect(acme);
    expect(made).toMatchObject({ state: 'draft', tested_at: null, oidc: { client_id: 'portal' } });
    expect(made.portal.redirect_uri).toBe(CALLBACK);
    expect(JSON.stringify(made)).not.toContain(acme.provider.clientSecret);
    const [row] = await auth.query<{ secret: string }>('select secret from sso_connections where id = $1', [
      made.id,
    ]);
    expect(row?.secret).toMatch(/^v1\./);
    const principal = acme.owner;
    await expect(enforce(acme, made.id)).rejects.toMatchObject(refusedAs('AUTH.SSO_NOT_TESTED'));
    // Nobody logs in with a draft.
    await expect(begin(new BrowserAtAuth(gateway), `ada@${acme.domain}`)).rejects.toMatchObject(
      refusedAs('AUTH.SSO_NOT_FOUND'),
    );
    const result = await test(acme, made.id, personOf(acme, 'ada'));
    expect(result).toMatchObject({
      problems: [],
      received: { subject: 'ada', email: `ada@${acme.domain}`, email_verified: null, name: 'ada' },
      connection: { state: 'tested', tested_at: expect.any(String) },
    });
    expect(await auth.query(`select 1 from users where email = $1`, [`ada@${acme.domain}`])).toEqual([]);
    expect(await enforce(acme, made.id)).toMatchObject({ state: 'enforced' });
    const { data } = await gateway.request(listSsoConnections, {}, { principal });
    expect(data).toMatchObject([{ id: made.id, state: 'enforced' }]);
    // Other settings are another connection: it is a draft until it was tested. A name changes nothing.
    const renamed = await gateway.request(updateSsoConnection, { id: made.id, name: 'Acme' }, { principal });
    expect(renamed.state).toBe('enforced');
    const oidc = { issuer: acme.provider.issuer, client_id: 'another' };
    const changed = await gateway.request(updateSsoConnection, { id: made.id, oidc }, { principal });
    expect(changed).toMatchObject({ state: 'draft', tested_at: null, enforced_at: null });
  });

  it('does not pass a test whose person could not log in, or whose settings changed meanwhile', async () => {
    const acme = await company();
    const { id } = await connect(acme);
    acme.accounts.set('none', {});
    acme.accounts.set('stranger', { email: 'stranger@elsewhere.example' });
    personOf(acme, 'unverified', { email_verified: false });
    for (const [account, problems] of [
      ['none', ['no_address']],
      ['stranger', ['domain_unverified']],
      ['unverified', ['address_unverified']],
    ] as const)
      expect(await test(acme, id, account)).toMatchObject({ problems, connection: { state: 'draft' } });

    const principal = acme.owner;
    const at = new BrowserAtAuth(gateway);
    const begun = await gateway.request(
      beginSsoTest,
      { id, browser_digest: at.digest },
      { principal, ...PATIENT },
    );
    const answer = answerOf(await logInAtProvider(begun.authorization_url, personOf(acme, 'ada')));
    const { issuer, clientId: client_id } = acme.provider;
    await gateway.request(updateSsoConnection, { id, oidc: { issuer, client_id } }, { principal });
    const complete = gateway.request(
      completeSsoTest,
      { ...answer, browser_digest: at.digest },
      { principal },
    );
    await expect(complete).rejects.toMatchObject(refusedAs('AUTH.ATTEMPT_ENDED'));
  });

  it('makes an account with the default role at the first log-in, and finds it again by the provider’s name for it', async () => {
    const acme = await company();
    await tested(acme);
    const first = await logIn(acme, personOf(acme, 'ada'));
    expect(first.session).toMatchObject({
      ...{ role: 'developer', partner: { id: acme.partnerId } },
      user: { email: `ada@${acme.domain}`, email_confirmed_at: expect.any(String) },
      sso: { name: 'Acme ID' },
    });
    expect(first.principal).toMatchObject({
      role: 'developer',
      sso_connection_id: first.session.sso?.connection_id,
    });
    personOf(acme, 'ada', { email: `lovelace@${acme.domain}` });
    const again = await logIn(acme, 'ada');
    expect(again.session.user.id).toBe(first.session.user.id);
    const current = await gateway.request(getBrowserSession, {}, { principal: again.principal });
    expect(current.sso?.name).toBe('Acme ID');
  });

  it('logs nobody in whose address is outside of the verified domains', async () => {
    const acme = await company();
    await tested(acme);
    const victim = await portal.register();
    for (const email of [
      victim.user.email,
      `ada@sub.${acme.domain}`,
      `ada@${acme.domain}.evil.example`,
      `"ada@${acme.domain}"@evil.example`,
      `ada@${acme.domain}\u0000`,
    ]) {
      acme.accounts.set('mallory', { email, email_verified: true });
      await expect(logIn(acme, 'mallory')).rejects.toMatchObject(refusedAs('AUTH.SSO_REFUSED'));
    }
    personOf(acme, 'doubtful', { email_verified: false });
    await expect(logIn(acme, 'doubtful')).rejects.toMatchObject(refusedAs('AUTH.SSO_REFUSED'));
    // A domain that is lost ends it for known persons, too.
    await logIn(acme, personOf(acme, 'ada'));
    const at = new BrowserAtAuth(gateway);
    const url = await logInAtProvider(await begin(at, `ada@${acme.domain}`), 'ada');
    await auth.query('update verified_domains set verified_at = null where domain = $1', [acme.domain]);
    await expect(at.complete(answerOf(url))).rejects.toMatchObject(refusedAs('AUTH.SSO_REFUSED'));
    await expect(begin(at, `ada@${acme.domain}`)).rejects.toMatchObject(refusedAs('AUTH.SSO_NOT_FOUND'));
  });

  it('takes the account of an address only when the account has confirmed it, unless it is a member’s', async () => {
    const acme = await company();
    await tested(acme);
    const { user } = await portal.register(`ada@${acme.domain}`);
    await expect(logIn(acme, personOf(acme, 'ada'))).rejects.toMatchObject(refusedAs('AUTH.SSO_REFUSED'));
    await auth.query('update users set email_confirmed_at = now() where id = $1', [user.id]);
    const { session } = await logIn(acme, 'ada');
    expect(session).toMatchObject({
      user: { id: user.id },
      role: 'developer',
      partner: { id: acme.partnerId },
    });
    // The owner is a member, with the role that they have.
    const owner = await logIn(acme, personOf(acme, 'owner'));
    expect(owner.session).toMatchObject({ role: 'owner', user: { id: acme.owner.user_id } });
  });

  it('does not bring back a person who was removed', async () => {
    const acme = await company();
    await tested(acme);
    const { session } = await logIn(acme, personOf(acme, 'ada'));
    await auth.query('delete from memberships where user_id = $1', [session.user.id]);
    await expect(logIn(acme, 'ada')).rejects.toMatchObject(refusedAs('AUTH.SSO_REFUSED'));
  });

  it('is one partner’s: another one’s provider, people and sessions are out of reach', async () => {
    const [acme, evil] = [await company(), await company()];
    const acmeId = await tested(acme);
    const evilId = await tested(evil);
    // The provider of another partner says that its person has an address of this one.
    evil.accounts.set('mallory', { email: `owner@${acme.domain}`, email_verified: true });
    await expect(logIn(evil, 'mallory')).rejects.toMatchObject(refusedAs('AUTH.SSO_REFUSED'));
    // The code of one provider, in the attempt at the other.
    const at = new BrowserAtAuth(gateway);
    const own = answerOf(await logInAtProvider(await begin(at, `x@${acme.domain}`), personOf(acme, 'ada')));
    const foreign = answerOf(
      await logInAtProvider(await begin(at, `x@${evil.domain}`), personOf(evil, 'eve')),
    );
    await expect(at.complete({ ...own, code: foreign.code as string })).rejects.toMatchObject(
      refusedAs('AUTH.PROVIDER_REFUSED'),
    );
    const principal = evil.owner;
    for (const request of [
      gateway.request(updateSsoConnection, { id: acmeId, name: 'Mine' }, { principal }),
      gateway.request(stopSso, { id: acmeId }, { principal }),
      gateway.request(enforceSso, { id: acmeId }, { principal }),
      gateway.request(removeSsoConnection, { id: acmeId }, { principal }),
      gateway.request(beginSsoTest, { id: acmeId, browser_digest: at.digest }, { principal }),
    ])
      await expect(request).rejects.toMatchObject(refusedAs('AUTH.SSO_NOT_FOUND'));
    expect((await gateway.request(listSsoConnections, {}, { principal })).data.map(({ id }) => id)).toEqual([
      evilId,
    ]);
    await expect(test(acme, acmeId, 'ada', principal)).rejects.toMatchObject(refusedAs('AUTH.SSO_NOT_FOUND'));
  });

  it('gives sessions for the partner only: nothing of the account, and nothing of other partners', async () => {
    const acme = await company();
    await tested(acme);
    const { user } = await portal.register(`ada@${acme.domain}`);
    await auth.query('update users set email_confirmed_at = now() where id = $1', [user.id]);
    const elsewhere = await byPassword(user.email);
    const { principal, session } = await logIn(acme, personOf(acme, 'ada'));
    const by = { principal };
    for (const request of [
      gateway.request(
        switchPartner,
        { partner_id: elsewhere.partner?.id ?? '', session_digest: '0'.repeat(64) },
        by,
      ),
      gateway.request(listMemberships, {}, by),
      gateway.request(createMembership, { name: 'Another' }, by),
      gateway.request(getSecondFactors, {}, by),
      gateway.request(changePassword, { old_password: PASSWORD, new_password: 'another correct horse' }, by),
    ])
      await expect(request).rejects.toMatchObject(refusedAs('PLATFORM.FORBIDDEN'));
    const { data } = await gateway.request(listSessions, {}, by);
    expect(data.map(({ id }) => id)).toEqual([session.id]);
    const ended = await gateway.request(endAllSessions, { keep: 'none' }, by);
    expect(ended.ended).toBe(1);
    const [still] = await auth.query('select revoked_at from sessions where id = $1', [elsewhere.id]);
    expect(still).toEqual({ revoked_at: null });
  });

  it('makes the persons of its domains use it, ends their other sessions, and leaves owners a way out', async () => {
    const acme = await company();
    const id = await tested(acme);
    const email = `ada@${acme.domain}`;
    const { user, partner: own } = await portal.register(email);
    await auth.query('update users set email_confirmed_at = now() where id = $1', [user.id]);
    await logIn(acme, personOf(acme, 'ada'));
    const before = await byPassword(email, { partner_id: acme.partnerId });
    await enforce(acme, id);
    const [ended] = await auth.query<{ revoked_at: Date | null }>(
      'select revoked_at from sessions where id = $1',
      [before.id],
    );
    expect(ended?.revoked_at).not.toBeNull();
    // The session that enforced it goes on.
    expect(await gateway.request(listSsoConnections, {}, { principal: acme.owner })).toBeDefined();
    await expect(byPassword(email, { partner_id: acme.partnerId })).rejects.toMatchObject(
      refusedAs('AUTH.SSO_REQUIRED'),
    );
    // For another partner of the person the password is still right, and is tried for that one first.
    expect(await byPassword(email)).toMatchObject({ partner: { id: own.id } });
    await expect(byPassword(acme.ownerEmail)).rejects.toMatchObject(refusedAs('AUTH.SSO_REQUIRED'));
    const wrong = gateway.request(createBrowserSession, {
      ...{ email: acme.ownerEmail, password: 'not the password', session_digest: '0'.repeat(64) },
    });
    await expect(wrong).rejects.toMatchObject(refusedAs('AUTH.LOGIN_REFUSED'));
    // Somebody of another domain is not concerned.
    const guest = await portal.register();
    await auth.query(
      `insert into memberships (id, partner_id, user_id, role, created_at) values ($1, $2, $3, 'viewer', now())`,
      [newId('member'), acme.partnerId, guest.user.id],
    );
    const asGuest = await byPassword(guest.user.email, { partner_id: acme.partnerId });
    expect(asGuest.partner?.id).toBe(acme.partnerId);
  });

  it('lets an owner with a password and a second factor in, who needs no provider', async () => {
    const acme = await company();
    const id = await tested(acme);
    const person = await SecondFactorPerson.register(gateway, `second@${acme.domain}`);
    const { secret } = await person.addTotp();
    await auth.query(
      `insert into memberships (id, partner_id, user_id, role, created_at) values ($1, $2, $3, 'owner', now())`,
      [newId('member'), acme.partnerId, person.userId],
    );
    await enforce(acme, id);
    const challenge = await person.challenge();
    const { completeSession } = await import('@gridworks/contracts');
    const session: OutputOf<typeof completeSession> = await gateway.request(completeSession, {
      ...{ challenge: challenge.token, proof: byCode(codeOf(secret)), partner_id: acme.partnerId },
    });
    expect(session).toMatchObject({ role: 'owner', partner: { id: acme.partnerId } });
    const entry = await auth.query<{ entry: string }>(
      `select entry from audit_entries where object_id = $1`,
      [session.id],
    );
    if (entry[0]) expect(JSON.parse(entry[0].entry)).toMatchObject({ after: { without_sso: true } });
  });

  it('ends its sessions when it is turned off or removed', async () => {
    const acme = await company();
    const id = await tested(acme);
    const one = await logIn(acme, personOf(acme, 'ada'));
    await gateway.request(stopSso, { id }, { principal: acme.owner });
    await expect(one.at.principal()).rejects.toMatchObject(refusedAs('AUTH.CREDENTIAL_REFUSED'));
    // Also a session that was not ended, for whatever reason.
    await auth.query('update sessions set revoked_at = null where id = $1', [one.session.id]);
    await expect(one.at.principal()).rejects.toMatchObject(refusedAs('AUTH.CREDENTIAL_REFUSED'));
    await expect(logIn(acme, 'ada')).rejects.toMatchObject(refusedAs('AUTH.SSO_NOT_FOUND'));
    await test(acme, id, 'ada');
    const two = await logIn(acme, 'ada');
    const removed = await gateway.request(removeSsoConnection, { id }, { principal: acme.owner });
    expect(removed.ended_sessions).toBeGreaterThan(0);
    await expect(two.at.principal()).rejects.toMatchObject(refusedAs('AUTH.CREDENTIAL_REFUSED'));
    expect(await auth.query('select 1 from users where id = $1', [two.session.user.id])).toHaveLength(1);
  });

  it('proves again who a person is at the provider, and by nothing else', async () => {
    const acme = await company();
    await tested(acme);
    const { principal, at } = await logIn(acme, personOf(acme, 'ada'));
    await auth.query(`update sessions set authenticated_at = now() - interval '1 hour' where id = $1`, [
      principal.id,
    ]);
    const stale = { principal: await at.principal() };
    await expect(gateway.request(createApiKey, { name: 'CI' }, stale)).rejects.toMatchObject(
      refusedAs('AUTH.STEP_UP_REQUIRED'),
    );
    const { methods, providers: offered } = await gateway.request(beginStepUp, {}, stale);
    expect({ methods, offered }).toEqual({
      methods: ['external'],
      offered: [{ id: 'sso', name: 'Acme ID' }],
    });
    const password = { proof: { method: 'password' as const, password: PASSWORD } };
    await expect(gateway.request(completeStepUp, password, stale)).rejects.toMatchObject(
      refusedAs('AUTH.PROOF_REFUSED'),
    );
    const prove = async (account: string) => {
      const input = { provider: 'sso', browser_digest: at.digest };
      const begun = await gateway.request(beginExternalProof, input, { ...stale, ...PATIENT });
      const answer = answerOf(await logInAtProvider(begun.authorization_url, account));
      return gateway.request(
        completeExternalProof,
        { ...answer, browser_digest: at.digest },
        { ...stale, ...PATIENT },
      );
    };
    await expect(prove(personOf(acme, 'eve'))).rejects.toMatchObject(refusedAs('AUTH.IDENTITY_NOT_FOUND'));
    await prove('ada');
    const fresh = { principal: await at.principal() };
    expect(await gateway.request(createApiKey, { name: 'CI' }, fresh)).toMatchObject({ name: 'CI' });
  });
});
