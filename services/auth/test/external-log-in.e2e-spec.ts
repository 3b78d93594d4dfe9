import type { Bus } from '@gridworks/bus';
import {
  beginExternalProof,
  beginStepUp,
  completeBrowserSession,
  completeExternalProof,
  credentialDigest,
  listExternalIdentities,
  listLogInProviders,
  newId,
  newSessionToken,
  removeExternalIdentity,
  removePassword,
} from '@gridworks/contracts';
import { eventually, type SmtpServerHandle, startSmtp } from '@gridworks/testing';
import {
  type IdentityProviderHandle,
  logInAtProvider,
  type ProviderAccount,
  startIdentityProvider,
} from '@gridworks/testing/identity-provider';
import type { ServiceUnderTest } from '@gridworks/testing/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { logInProvidersSchema } from '../src/log-in-providers/log-in-provider.ts';
import { mailTo, ORIGIN, PortalUser, startAuth } from './auth-under-test.ts';
import { answerOf, BrowserAtAuth, PATIENT } from './browser-at-auth.ts';
import { startGitHub } from './github-stand-in.ts';
import { byCode, codeOf, SecondFactorPerson } from './second-factor-person.ts';

const CALLBACK = 'https://portal.example/log-in/callback';

describe('log-in with a provider', () => {
  let auth: ServiceUnderTest;
  let gateway: Bus;
  let portal: PortalUser;
  let acme: IdentityProviderHandle;
  let github: Awaited<ReturnType<typeof startGitHub>>;
  let smtp: SmtpServerHandle;
  const accounts = new Map<string, ProviderAccount>();
  beforeAll(async () => {
    acme = await startIdentityProvider({ redirectUris: [CALLBACK, `${ORIGIN}/log-in/callback`], accounts });
    github = await startGitHub({ id: 'gh', secret: 'gh secret' });
    smtp = await startSmtp();
    ({ auth } = await startAuth({
      SMTP_URL: smtp.url,
      AUTH_LOG_IN_PROVIDERS: logInProvidersSchema.parse([
        {
          id: 'acme',
          kind: 'oidc',
          name: 'Acme',
          issuer: acme.issuer,
          client_id: acme.clientId,
          client_secret: acme.clientSecret,
        },
        { id: 'github', kind: 'github', base_url: github.url, client_id: 'gh', client_secret: 'gh secret' },
      ]),
    }));
    await auth.startInstance('auth');
    gateway = await auth.startGateway();
    portal = new PortalUser(gateway);
  });
  afterAll(async () => {
    await auth?.stop();
    await Promise.all([acme?.stop(), github?.stop(), smtp?.stop()]);
  });

  const browser = () => new BrowserAtAuth(gateway);
  const newAddress = () => `${newId('request').toLowerCase()}@example.com`;
  /** A person at the provider, whose address the provider has verified. */
  const personAt = (email = newAddress(), claims: ProviderAccount = {}) => {
    accounts.set(email, { email, email_verified: true, name: 'Ada Lovelace', ...claims });
    return email;
  };
  const logIn = async (at: BrowserAtAuth, account: string) =>
    at.complete(answerOf(await logInAtProvider(await at.begin('acme', { return_to: '/keys' }), account)));
  const confirm = (email: string) =>
    auth.query('update users set email_confirmed_at = now() where email = $1', [email]);
  const signUp = async (account = personAt()) => {
    const at = browser();
    const url = await logInAtProvider(await at.begin('acme'), account);
    expect(await at.complete(answerOf(url))).toMatchObject({
      session: null,
      sign_up: { email: account },
    });
    const { session: begun } = await at.register(answerOf(url).state, 'Ada Energy');
    if (!begun) throw new Error('no session');
    return { at, account, begun, principal: await at.principal() };
  };

  it('lists the providers of the configuration, without anything secret', async () => {
    const { data } = await gateway.request(listLogInProviders, {});
    expect(data).toEqual([
      { object: 'log_in_provider', id: 'acme', kind: 'oidc', name: 'Acme' },
      { object: 'log_in_provider', id: 'github', kind: 'github', name: 'GitHub' },
    ]);
  });

  it('signs a new person up, who names the partner, and logs the person in from then on', async () => {
    const { account, begun, principal } = await signUp();
    expect(begun).toMatchObject({
      ...{ object: 'browser_session', role: 'owner' },
      user: { email: account, name: 'Ada Lovelace', email_confirmed_at: expect.any(String) },
      partner: { name: 'Ada Energy' },
    });
    expect(principal).toMatchObject({ role: 'owner', partner_id: begun.partner?.id });
    const [row] = await auth.query('select password_hash from users where email = $1', [account]);
    expect(row).toEqual({ password_hash: null });

    const again = browser();
    expect(await logIn(again, account)).toMatchObject({
      ...{ sign_up: null, return_to: '/keys' },
      session: { object: 'browser_session', user: { email: account } },
    });
    const [stored] = await auth.query('select methods from sessions where digest = $1', [
      again.sessionDigest,
    ]);
    expect(stored).toEqual({ methods: ['external'] });
    // The provider's own name for the person decides, not the address.
    const elsewhere = newAddress();
    accounts.set(account, { email: elsewhere, email_verified: false });
    const moved = await logIn(browser(), account);
    expect(moved.session?.user.email).toBe(account);
  });

  it('makes one account of a sign-up that is sent twice, and none without the browser', async () => {
    const at = browser();
    const account = personAt();
    const { state } = answerOf(
      await (async () => {
        const url = await logInAtProvider(await at.begin('acme'), account);
        await at.complete(answerOf(url));
        return url;
      })(),
    );
    const ended = { code: 'AUTH.ATTEMPT_ENDED' };
    await expect(browser().register(state, 'Mallory')).rejects.toMatchObject(ended);
    const sent = await Promise.allSettled([
      at.register(state, 'Ada Energy'),
      at.register(state, 'Ada Energy'),
    ]);
    expect(sent.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const rows = await auth.query('select 1 from users where email = $1', [account]);
    expect(rows).toHaveLength(1);
    await expect(at.register(state, 'Ada Energy')).rejects.toMatchObject(ended);
  });

  it.each([
    ['both sides have verified the address', true, true, null],
    ['the account has not confirmed it', true, false, 'AUTH.LINK_REQUIRED'],
    ['the provider has not verified it', false, true, 'AUTH.ADDRESS_UNVERIFIED'],
    ['neither side has', false, false, 'AUTH.ADDRESS_UNVERIFIED'],
  ])(
    'links to the account of the address only when both verified it: %s',
    async (_, atProvider, here, code) => {
      const { user } = await portal.register();
      if (here) await confirm(user.email);
      const account = personAt(user.email, { email_verified: atProvider });
      const done = await logIn(browser(), account).then(
        (session) => session,
        (error: { code: string }) => error.code,
      );
      if (code) expect(done).toBe(code);
      else {
        expect(done).toMatchObject({ session: { user: { id: user.id } } });
        await mailTo(smtp, user.email, 'You can log in with your account at Acme');
      }
      const rows = await auth.query('select 1 from external_identities where user_id = $1', [user.id]);
      expect(rows).toHaveLength(code ? 0 : 1);
    },
  );

  it('says the same of an unverified address, whether it has an account or not', async () => {
    const { user } = await portal.register();
    const outcomes = [user.email, newAddress()].map(async (email) => {
      const account = personAt(email, { email_verified: false });
      const error = await logIn(browser(), account).catch((reason: Error) => reason);
      return (error as Error).message;
    });
    const [known, unknown] = await Promise.all(outcomes);
    expect(known).toBe(unknown);
  });

  it('still asks for the second factor', async () => {
    const person = await SecondFactorPerson.register(gateway);
    await confirm(person.email);
    const { secret } = await person.addTotp();
    const account = personAt(person.email);
    const error = (await logIn(browser(), account).catch((reason: unknown) => reason)) as {
      code: string;
      details: { challenge: { token: string } };
    };
    expect(error.code).toBe('AUTH.SECOND_FACTOR_REQUIRED');
    const sessions = () => auth.query('select 1 from sessions where user_id = $1', [person.userId]);
    expect(await sessions()).toHaveLength(1);
    const digest = credentialDigest(newSessionToken());
    await gateway.request(completeBrowserSession, {
      ...{ challenge: error.details.challenge.token, proof: byCode(codeOf(secret)), session_digest: digest },
    });
    const [stored] = await auth.query('select methods from sessions where digest = $1', [digest]);
    expect(stored).toEqual({ methods: ['external', 'totp'] });
    // The log-in that was not completed is none in the audit log.
    const logIns = () =>
      auth.query<{ object_id: string | null }>(
        `select object_id from audit_entries where action = 'session.created' and actor_id = $1 order by list_position`,
        [person.userId],
      );
    await eventually(async () => expect(await logIns()).toHaveLength(2));
    expect((await logIns()).map(({ object_id }) => object_id)).toEqual([
      expect.stringMatching(/^ses_/),
      expect.stringMatching(/^ses_/),
    ]);
  });

  it('logs nobody in whose partner is suspended', async () => {
    const { account, begun } = await signUp();
    await auth.query(
      `insert into partner_suspensions (partner_id, reason, suspended_by, suspended_at) values ($1, 'unpaid', 'usr', now())`,
      [begun.partner?.id],
    );
    await expect(logIn(browser(), account)).rejects.toMatchObject({ code: 'AUTH.PARTNER_SUSPENDED' });
  });

  it('adds a log-in to an account, and takes it away again, with a mail for both', async () => {
    const principal = await portal.owner();
    const account = personAt(newAddress(), { email_verified: false });
    const at = browser();
    const linked = await at.link(
      answerOf(await logInAtProvider(await at.beginLink('acme', principal), account)),
      principal,
    );
    expect(linked).toMatchObject({ provider: 'acme', provider_name: 'Acme', email: account });
    const list = () => gateway.request(listExternalIdentities, {}, { principal });
    expect((await list()).data).toMatchObject([{ id: linked.id, last_used_at: null }]);
    const { session } = await logIn(browser(), account);
    expect(session?.user.id).toBe(principal.user_id);
    expect((await list()).data[0]?.last_used_at).not.toBeNull();

    // Nobody else gets it.
    const other = await portal.owner();
    const taken = browser();
    const url = await logInAtProvider(await taken.beginLink('acme', other), account);
    await expect(taken.link(answerOf(url), other)).rejects.toMatchObject({ code: 'AUTH.IDENTITY_TAKEN' });
    const remove = (by: typeof principal) =>
      gateway.request(removeExternalIdentity, { id: linked.id }, { principal: by });
    await expect(remove(other)).rejects.toMatchObject({ code: 'AUTH.IDENTITY_NOT_FOUND' });
    await remove(principal);
    expect((await list()).data).toEqual([]);
    const [{ email } = { email: '' }] = await auth.query<{ email: string }>(
      'select email from users where id = $1',
      [principal.user_id],
    );
    await mailTo(smtp, email, 'You can log in with your account at Acme');
    await mailTo(smtp, email, 'You can no longer log in with your account at Acme');
  });

  it('never leaves an account without a password with fewer than two ways to log in', async () => {
    const { principal, at } = await signUp();
    const [only] = (await gateway.request(listExternalIdentities, {}, { principal })).data;
    const remove = (id = '') => gateway.request(removeExternalIdentity, { id }, { principal });
    await expect(remove(only?.id)).rejects.toMatchObject({ code: 'AUTH.TOO_FEW_WAYS' });
    const more: string[] = [];
    for (const name of ['second', 'third']) {
      const account = personAt(`${name}.${newAddress()}`);
      const url = await logInAtProvider(await at.beginLink('acme', principal), account);
      more.push((await at.link(answerOf(url), principal)).id);
    }
    await remove(only?.id);
    await expect(remove(more[0])).rejects.toMatchObject({ code: 'AUTH.TOO_FEW_WAYS' });
    // With a password one log-in at a provider is not enough to remove it; two are.
    const owner = await portal.owner();
    const removeIt = () => gateway.request(removePassword, {}, { principal: owner });
    await expect(removeIt()).rejects.toMatchObject({ code: 'AUTH.TOO_FEW_WAYS' });
    for (const name of ['a', 'b']) {
      const account = personAt(`${name}.${newAddress()}`);
      const url = await logInAtProvider(await at.beginLink('acme', owner), account);
      await at.link(answerOf(url), owner);
    }
    expect(await removeIt()).toMatchObject({ password: false, other_ways: 2 });
  });

  it('proves again who a person is who has no password, and only with a log-in of that person', async () => {
    const { principal, account } = await signUp();
    const { methods, providers } = await gateway.request(beginStepUp, {}, { principal });
    expect({ methods, providers }).toEqual({
      methods: ['external'],
      providers: [{ id: 'acme', name: 'Acme' }],
    });
    const at = browser();
    await auth.query(`update sessions set authenticated_at = now() - interval '1 hour' where id = $1`, [
      principal.id,
    ]);
    const prove = async (as: string) => {
      const begun = await gateway.request(
        beginExternalProof,
        { provider: 'acme', browser_digest: at.digest },
        { principal },
      );
      const answer = answerOf(await logInAtProvider(begun.authorization_url, as));
      return gateway.request(
        completeExternalProof,
        { ...answer, browser_digest: at.digest },
        { principal, ...PATIENT },
      );
    };
    await expect(prove(personAt())).rejects.toMatchObject({ code: 'AUTH.IDENTITY_NOT_FOUND' });
    const stale = await auth.query(
      `select 1 from sessions where id = $1 and authenticated_at < now() - interval '50 minutes'`,
      [principal.id],
    );
    expect(stale).toHaveLength(1);
    const { authenticated_at } = await prove(account);
    expect(Date.now() - Date.parse(authenticated_at)).toBeLessThan(10_000);
    const elsewhere = await portal.owner();
    await expect(
      gateway.request(
        beginExternalProof,
        { provider: 'acme', browser_digest: at.digest },
        { principal: elsewhere },
      ),
    ).rejects.toMatchObject({ code: 'AUTH.IDENTITY_NOT_FOUND' });
  });

  it('brings the browser back to an origin of the portal, and to no other', async () => {
    const redirectOf = async (origin?: string) =>
      new URL(await browser().begin('acme', origin ? { origin } : {})).searchParams.get('redirect_uri');
    expect(await redirectOf()).toBe(CALLBACK);
    expect(await redirectOf(ORIGIN)).toBe(`${ORIGIN}/log-in/callback`);
    expect(await redirectOf('https://evil.example')).toBe(CALLBACK);
  });

  describe('at GitHub', () => {
    const gitHubPerson = (email: string, verified = true) => {
      const login = newId('request').toLowerCase();
      github.accounts.set(login, {
        ...{ id: Math.floor(Math.random() * 1e9), login, name: null },
        emails: [
          { email: `other.${email}`, primary: false, verified: true },
          { email, primary: true, verified },
        ],
      });
      return login;
    };

    it('takes the primary address when GitHub has verified it, and the number of the account as its name', async () => {
      const email = newAddress();
      const login = gitHubPerson(email);
      const at = browser();
      const url = github.answer(await at.begin('github'), login);
      expect(await at.complete(answerOf(url))).toMatchObject({
        sign_up: { email, name: login },
      });
      const { session } = await at.register(answerOf(url).state, 'Ada Energy');
      const [row] = await auth.query('select subject from external_identities where user_id = $1', [
        session?.user.id,
      ]);
      expect(row).toEqual({ subject: String(github.accounts.get(login)?.id) });
      const unverified = browser();
      const answer = github.answer(await unverified.begin('github'), gitHubPerson(newAddress(), false));
      await expect(unverified.complete(answerOf(answer))).rejects.toMatchObject({
        code: 'AUTH.ADDRESS_UNVERIFIED',
      });
    });

    it('refuses a code that GitHub refuses, which it does with status 200', async () => {
      const at = browser();
      const { state } = answerOf(github.answer(await at.begin('github'), gitHubPerson(newAddress())));
      await expect(at.complete({ state, code: 'made-up' })).rejects.toMatchObject({
        code: 'AUTH.PROVIDER_REFUSED',
      });
    });
  });

  it('says that the provider is away, and works again without its discovery document', async () => {
    const { account } = await signUp();
    const at = browser();
    const url = await logInAtProvider(await at.begin('acme'), account);
    acme.fail(503);
    try {
      await expect(at.complete(answerOf(url))).rejects.toMatchObject({ code: 'AUTH.PROVIDER_UNAVAILABLE' });
      // What is known of the provider is enough to send a browser there.
      expect(await browser().begin('acme')).toContain(acme.issuer);
    } finally {
      acme.fail(null);
    }
    await eventually(async () => {
      expect(await logIn(browser(), account)).toMatchObject({ session: { object: 'browser_session' } });
    });
  });
});
