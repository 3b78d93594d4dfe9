import type { Bus } from '@gridworks/bus';
import { createLogInAttempt, newId } from '@gridworks/contracts';
import {
  type IdentityProviderHandle,
  logInAtProvider,
  startIdentityProvider,
} from '@gridworks/testing/identity-provider';
import type { ServiceUnderTest } from '@gridworks/testing/service';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { logInProvidersSchema } from '../src/log-in-providers/log-in-provider.ts';
import { PortalUser, startAuth } from './auth-under-test.ts';
import { type Answer, answerOf, BrowserAtAuth } from './browser-at-auth.ts';
import { type RogueProvider, startRogueProvider, type Tricks } from './rogue-provider.ts';

const CALLBACK = 'https://portal.example/log-in/callback';
const ADA = 'ada@provider.example';

/** What somebody can do to a browser on its way to a provider and back. None of it may log anybody in. */
describe('tricks on the way to a provider and back', () => {
  let auth: ServiceUnderTest;
  let gateway: Bus;
  let honest: IdentityProviderHandle;
  let rogue: RogueProvider;
  beforeAll(async () => {
    const accounts = new Map([[ADA, { email: ADA, email_verified: true, name: 'Ada' }]]);
    honest = await startIdentityProvider({ redirectUris: [CALLBACK], accounts });
    rogue = await startRogueProvider('portal');
    const shared = { kind: 'oidc', client_id: 'portal', client_secret: honest.clientSecret };
    ({ auth } = await startAuth({
      AUTH_LOG_IN_PROVIDERS: logInProvidersSchema.parse([
        { ...shared, id: 'honest', name: 'Honest', issuer: honest.issuer },
        { ...shared, id: 'rogue', name: 'Rogue', issuer: rogue.issuer },
      ]),
    }));
    await auth.startInstance('auth');
    gateway = await auth.startGateway();
  });
  afterEach(() => {
    rogue.tricks = {};
  });
  afterAll(async () => {
    await auth?.stop();
    await Promise.all([honest?.stop(), rogue?.stop()]);
  });

  const browser = () => new BrowserAtAuth(gateway);
  /** The answer of a log-in as Ada at the honest provider. */
  const answer = async (at: BrowserAtAuth): Promise<Answer> =>
    answerOf(await logInAtProvider(await at.begin('honest'), ADA));
  const outcome = (at: BrowserAtAuth, given: Answer): Promise<string> =>
    at.complete(given).then(
      ({ session }) => (session ? 'logged in' : 'sign-up'),
      (error: { code: string }) => error.code,
    );

  it('the honest way works, so that the tricks are refused for what they are', async () => {
    const at = browser();
    expect(await outcome(at, await answer(at))).toBe('sign-up');
    const evil = browser();
    expect(await outcome(evil, answerOf(rogue.answer(await evil.begin('rogue'))))).toBe('sign-up');
  });

  const ways: [string, string, () => Promise<string>][] = [
    [
      'an answer that counted already',
      'AUTH.ATTEMPT_ENDED',
      async () => {
        const at = browser();
        const given = await answer(at);
        await at.complete(given);
        return outcome(at, given);
      },
    ],
    [
      'one answer twice at the same time',
      'AUTH.ATTEMPT_ENDED sign-up',
      async () => {
        const at = browser();
        const given = await answer(at);
        return (await Promise.all([outcome(at, given), outcome(at, given)])).sort().join(' ');
      },
    ],
    [
      'the answer in another browser (log-in CSRF)',
      'AUTH.ATTEMPT_ENDED',
      async () => outcome(browser(), await answer(browser())),
    ],
    [
      'the answer without any cookie',
      'AUTH.ATTEMPT_ENDED',
      async () => {
        const at = browser();
        const given = await answer(at);
        Object.assign(at, { digest: undefined });
        return outcome(at, given);
      },
    ],
    [
      'a state that nobody began',
      'AUTH.ATTEMPT_ENDED',
      async () => {
        const at = browser();
        return outcome(at, { ...(await answer(at)), state: `lia_${'0'.repeat(43)}` });
      },
    ],
    [
      'a state without its letters',
      'PLATFORM.INVALID_INPUT',
      async () => {
        const at = browser();
        return outcome(at, { ...(await answer(at)), state: '0'.repeat(47) });
      },
    ],
    [
      'the code of another attempt of the same browser: nonce and verifier are others',
      'AUTH.PROVIDER_REFUSED',
      async () => {
        const at = browser();
        const [one, two] = [await answer(at), await answer(at)];
        return outcome(at, { ...one, code: two.code as string });
      },
    ],
    [
      'the code of another browser, planted (the victim would work in the account of the attacker)',
      'AUTH.PROVIDER_REFUSED',
      async () => {
        const [attacker, victim] = [browser(), browser()];
        const stolen = await answer(attacker);
        return outcome(victim, { ...(await answer(victim)), code: stolen.code as string });
      },
    ],
    [
      'a code that the provider has seen already',
      'AUTH.PROVIDER_REFUSED',
      async () => {
        const at = browser();
        const used = await answer(at);
        await at.complete(used);
        return outcome(at, { ...(await answer(at)), code: used.code as string });
      },
    ],
    [
      'the answer of another provider (mix-up)',
      'AUTH.PROVIDER_REFUSED',
      async () => {
        const at = browser();
        return outcome(at, { ...(await answer(at)), iss: rogue.issuer });
      },
    ],
    [
      'an answer without the issuer, of a provider that names itself',
      'AUTH.PROVIDER_REFUSED',
      async () => {
        const at = browser();
        const { iss: _, ...rest } = await answer(at);
        return outcome(at, rest);
      },
    ],
    [
      'an answer without a code',
      'AUTH.PROVIDER_REFUSED',
      async () => {
        const at = browser();
        const { code: _, ...rest } = await answer(at);
        return outcome(at, rest);
      },
    ],
    [
      'an error of the provider',
      'AUTH.PROVIDER_REFUSED',
      async () => {
        const at = browser();
        return outcome(at, { ...(await answer(at)), error: 'access_denied' });
      },
    ],
    [
      'an attempt that is over',
      'AUTH.ATTEMPT_ENDED',
      async () => {
        const at = browser();
        const given = await answer(at);
        await auth.query(
          `update log_in_attempts set expires_at = now() - interval '1 second' where used_at is null`,
        );
        return outcome(at, given);
      },
    ],
    [
      'the state of a link, where somebody logs in',
      'AUTH.ATTEMPT_ENDED',
      async () => {
        const at = browser();
        const owner = await new PortalUser(gateway).owner();
        return outcome(at, answerOf(await logInAtProvider(await at.beginLink('honest', owner), ADA)));
      },
    ],
    [
      'the state of a log-in, where somebody adds a log-in',
      'AUTH.ATTEMPT_ENDED',
      async () => {
        const at = browser();
        const owner = await new PortalUser(gateway).owner();
        return at.link(await answer(at), owner).then(
          () => 'linked',
          (error: { code: string }) => error.code,
        );
      },
    ],
    [
      'the link of another person, finished in this session',
      'AUTH.ATTEMPT_ENDED',
      async () => {
        const at = browser();
        const portal = new PortalUser(gateway);
        const [mallory, victim] = [await portal.owner(), await portal.owner()];
        const given = answerOf(await logInAtProvider(await at.beginLink('honest', mallory), ADA));
        return at.link(given, victim).then(
          () => 'linked',
          (error: { code: string }) => error.code,
        );
      },
    ],
  ];
  it.each(ways)('refuses %s', async (_what, code, way) => {
    expect(await way()).toBe(code);
  });

  const hour = 3600;
  const now = () => Math.floor(Date.now() / 1000);
  const tricks: [string, () => Tricks][] = [
    ['another nonce', () => ({ claims: { nonce: 'another' } })],
    ['no nonce', () => ({ claims: { nonce: undefined } })],
    ['another issuer', () => ({ claims: { iss: 'https://accounts.google.com' } })],
    ['another audience', () => ({ claims: { aud: 'somebody-else' } })],
    ['two audiences and no authorized party', () => ({ claims: { aud: ['portal', 'somebody-else'] } })],
    ['another authorized party', () => ({ claims: { aud: ['portal', 'x'], azp: 'x' } })],
    ['an end that has passed', () => ({ claims: { exp: now() - hour } })],
    ['no end', () => ({ claims: { exp: undefined } })],
    ['no subject', () => ({ claims: { sub: undefined } })],
    ['a signature of another key', () => ({ signed: 'by-another-key' })],
    ['no signature', () => ({ signed: 'not-at-all' })],
  ];
  it.each(tricks)('refuses an ID token with %s', async (_what, trick) => {
    const at = browser();
    const given = answerOf(rogue.answer(await at.begin('rogue')));
    rogue.tricks = trick();
    expect(await outcome(at, given)).toBe('AUTH.PROVIDER_REFUSED');
  });

  it('takes no address from a claim that is none, and no verification that is no clear yes', async () => {
    for (const claims of [
      { email: 'mallory@example.com\u0000@evil.example' },
      { email: ['ada@example.com'] },
      { email: 'ada@example.com', email_verified: 'yes' },
      { email: 'ada@example.com', email_verified: 1 },
      { email: 'ada@example.com', email_verified: null },
    ]) {
      const at = browser();
      const given = answerOf(rogue.answer(await at.begin('rogue')));
      rogue.tricks = { claims };
      expect(await outcome(at, given)).toBe('AUTH.ADDRESS_UNVERIFIED');
    }
  });

  it('sends the verifier of each attempt, and asks for S256', async () => {
    const at = browser();
    const url = new URL(await at.begin('rogue'));
    expect(url.searchParams.get('code_challenge_method')).toBe('S256');
    expect(url.searchParams.get('code_challenge')).toMatch(/^[\w-]{43}$/);
    await outcome(at, answerOf(rogue.answer(url.href)));
    expect(rogue.exchanges.at(-1)?.get('code_verifier')).toMatch(/^[\w-]{43}$/);
    const [row] = await auth.query<{ verifier: string }>(
      'select verifier from log_in_attempts order by created_at desc limit 1',
    );
    expect(row?.verifier).not.toContain(rogue.exchanges.at(-1)?.get('code_verifier'));
  });

  it.each([
    ...['//evil.example', '/\\evil.example', '/\\/evil.example', '\\\\evil.example', 'https://evil.example'],
    ...[
      'javascript:alert(1)',
      ' javascript:alert(1)',
      'data:text/html,x',
      '/\t/evil.example',
      '/\n/evil.example',
    ],
    ...[
      'evil.example',
      '',
      'http:/\\evil.example',
      '/home\\..\\evil',
      `/${'x'.repeat(500)}`,
      '/\u0000',
      '///evil.example',
    ],
  ])('keeps no way back to %j', async (returnTo) => {
    await expect(browser().begin('honest', { return_to: returnTo })).rejects.toMatchObject({
      code: 'PLATFORM.INVALID_INPUT',
    });
  });

  it('keeps a way back to a page with a query', async () => {
    await expect(browser().begin('honest', { return_to: '/keys?a=1#b' })).resolves.toContain(honest.issuer);
  });

  it('refuses providers that are not configured', async () => {
    const input = {
      provider: newId('request').toLowerCase().replaceAll('_', '-').slice(0, 20),
      browser_digest: '0'.repeat(64),
    };
    await expect(gateway.request(createLogInAttempt, input)).rejects.toMatchObject({
      code: 'AUTH.PROVIDER_NOT_FOUND',
    });
  });

  it('leaves no session of all this', async () => {
    const rows = await auth.query(`select 1 from sessions where 'external' = any(methods)`);
    expect(rows).toEqual([]);
  });
});
