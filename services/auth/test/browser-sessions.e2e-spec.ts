import type { Bus } from '@gridworks/bus';
import {
  createBrowserSession,
  credentialDigest,
  credentialRevoked,
  csrfTokenOf,
  endAllSessions,
  endBrowserSession,
  endSession,
  getBrowserSession,
  listSessions,
  newSessionToken,
  type OutputOf,
  type PayloadOf,
  type Principal,
  verifyCredential,
} from '@gridworks/contracts';
import { eventually } from '@gridworks/testing';
import type { ServiceUnderTest } from '@gridworks/testing/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PASSWORD, PortalUser, startAuth } from './auth-under-test.ts';

const HOUR_MS = 3_600_000;
const refused = { code: 'AUTH.CREDENTIAL_REFUSED' };

interface Begun {
  readonly session: OutputOf<typeof createBrowserSession>;
  readonly digest: string;
}

describe('sessions of browsers', () => {
  let auth: ServiceUnderTest;
  let gateway: Bus;
  let portal: PortalUser;
  const ended: PayloadOf<typeof credentialRevoked>[] = [];
  beforeAll(async () => {
    ({ auth } = await startAuth({ AUTH_ADMIN_EMAIL: 'admin@example.com', AUTH_ADMIN_PASSWORD: PASSWORD }));
    await auth.startInstance('auth');
    gateway = await auth.startGateway();
    gateway.listen(credentialRevoked, async (event) => void ended.push(event.payload));
    portal = new PortalUser(gateway);
  });
  afterAll(() => auth.stop());

  const begin = async (email: string): Promise<Begun> => {
    const digest = credentialDigest(newSessionToken());
    const session = await gateway.request(createBrowserSession, {
      email,
      password: PASSWORD,
      client_ip: '198.51.100.17',
      user_agent: 'Firefox',
      session_digest: digest,
    });
    return { session, digest };
  };
  const verify = (digest: string, passive = false) =>
    gateway.request(verifyCredential, { kind: 'session', digest, passive });
  const principalOf = async ({ digest }: Begun): Promise<Principal> => (await verify(digest)).principal;
  /** Ages a session: its last use was `ms` milliseconds ago. */
  const age = (id: string, ms: number) =>
    auth.query(
      `update sessions set created_at = created_at - $2 * interval '1 ms', expires_at = expires_at - $2 * interval '1 ms',
         ends_at = ends_at - $2 * interval '1 ms', last_used_at = last_used_at - $2 * interval '1 ms' where id = $1`,
      [id, ms],
    );
  const left = (moment: string | null) => Date.parse(moment ?? '') - Date.now();

  it.each([
    ['a partner', async () => (await portal.register()).user.email, 12 * HOUR_MS, 7 * 24 * HOUR_MS],
    ['an admin', async () => 'admin@example.com', HOUR_MS / 2, 12 * HOUR_MS],
  ])('of %s end without use, and at their latest end', async (_who, emailOf, idleMs, mostMs) => {
    const email = await emailOf();
    const begun = await eventually(() => begin(email));
    const { session, digest } = begun;
    for (const [moment, ms] of [
      [session.expires_at, idleMs],
      [session.ends_at, mostMs],
    ] as const) {
      expect(left(moment)).toBeGreaterThan(ms - 20_000);
      expect(left(moment)).toBeLessThanOrEqual(ms);
    }
    expect(session.user).toMatchObject({ email });
    expect(session.role).toBe(session.user.platform_role ?? 'owner');
    expect(session.partner === null).toBe(session.user.platform_role !== null);
    expect(session.csrf_token).toBe(csrfTokenOf(digest));

    // Each use moves the end ahead until the latest end.
    for (let used = 0; used + idleMs * 0.9 < mostMs; used += idleMs * 0.9) {
      await age(session.id, idleMs * 0.9);
      const { expires_at: expiresAt } = await verify(digest);
      const most = Math.min(idleMs, mostMs - used - idleMs * 0.9);
      expect(left(expiresAt)).toBeGreaterThan(most - 30_000);
      expect(left(expiresAt)).toBeLessThanOrEqual(most);
    }
    await age(session.id, idleMs);
    await expect(verify(digest)).rejects.toMatchObject(refused);

    const idle = await begin(email);
    await age(idle.session.id, idleMs + 1);
    await expect(verify(idle.digest)).rejects.toMatchObject(refused);
  });

  it('are written at most once a minute, and not by a check that is no use', async () => {
    const { user } = await portal.register();
    const { session, digest } = await begin(user.email);
    const version = async () =>
      (await auth.query('select xmin::text as version from sessions where id = $1', [session.id]))[0]
        ?.version;
    const before = await version();
    await Promise.all(Array.from({ length: 4 }, () => verify(digest)));
    expect(await version()).toBe(before);
    await age(session.id, 61_000);
    const aged = await version();
    const { expires_at: unmoved } = await verify(digest, true);
    expect(await version()).toBe(aged);
    expect(left(unmoved)).toBeLessThan(12 * HOUR_MS - 60_000);
    const moved = await Promise.all(Array.from({ length: 4 }, () => verify(digest)));
    const used = await version();
    expect(used).not.toBe(aged);
    expect(moved.some(({ expires_at }) => left(expires_at) > 12 * HOUR_MS - 30_000)).toBe(true);
    await verify(digest);
    expect(await version()).toBe(used);
  });

  it('by bearer token are not prolonged by use', async () => {
    const { user } = await portal.register();
    const { id, token, expires_at: expiresAt } = await portal.logIn(user.email);
    await auth.query(`update sessions set last_used_at = now() - interval '1 hour' where id = $1`, [id]);
    const verified = await verify(credentialDigest(token));
    expect(verified.expires_at).toBe(expiresAt);
    const [row] = await auth.query(
      `select last_used_at > now() - interval '1 minute' as used from sessions where id = $1`,
      [id],
    );
    expect(row?.used).toBe(true);
  });

  it('return who is logged in, with the same token for writes', async () => {
    const { user } = await portal.register();
    const begun = await begin(user.email);
    const principal = await principalOf(begun);
    expect(await gateway.request(getBrowserSession, {}, { principal })).toEqual(begun.session);
  });

  it('are listed for their user only', async () => {
    const { user } = await portal.register();
    const token = await portal.logIn(user.email, PASSWORD, '2001:db8:1:2::9');
    const begun = await begin(user.email);
    const gone = await begin(user.email);
    const principal = await principalOf(begun);
    await gateway.request(endSession, { id: gone.session.id }, { principal });
    const stranger = await begin((await portal.register()).user.email);
    const { data, has_more: more } = await gateway.request(listSessions, {}, { principal });
    expect(more).toBe(false);
    expect(data.map(({ id }) => id)).not.toContain(stranger.session.id);
    expect(data).toMatchObject([
      {
        id: begun.session.id,
        kind: 'browser',
        current: true,
        user_agent: 'Firefox',
        network: '198.51.100.0/24',
      },
      { id: token.id, kind: 'token', current: false, user_agent: null, network: '2001:db8:1::/48' },
    ]);
    expect(JSON.stringify(data)).not.toContain(begun.digest);
  });

  it('end one by one, for their user only, with one event for the gateway', async () => {
    const { user } = await portal.register();
    const [here, there] = [await begin(user.email), await begin(user.email)];
    const principal = await principalOf(here);
    const stranger = await principalOf(await begin((await portal.register()).user.email));
    const missing = { code: 'AUTH.SESSION_NOT_FOUND' };
    const { id } = there.session;
    await expect(gateway.request(endSession, { id }, { principal: stranger })).rejects.toMatchObject(missing);
    expect((await verify(there.digest)).principal.id).toBe(id);
    const first = await gateway.request(endSession, { id }, { principal });
    expect(await gateway.request(endSession, { id }, { principal })).toEqual(first);
    await expect(verify(there.digest)).rejects.toMatchObject(refused);
    await eventually(() =>
      expect(ended.filter((one) => one.id === id)).toEqual([{ kind: 'session', id, digest: there.digest }]),
    );
    const out = await gateway.request(endBrowserSession, {}, { principal });
    expect(out).toMatchObject({ object: 'browser_session', id: here.session.id });
    await expect(verify(here.digest)).rejects.toMatchObject(refused);
  });

  it('end everywhere, with or without that of the call', async () => {
    const { user } = await portal.register();
    const all = [await begin(user.email), await begin(user.email), await begin(user.email)] as const;
    const principal = await principalOf(all[0]);
    const others = await gateway.request(endAllSessions, { keep: 'current' }, { principal });
    expect(others).toEqual({ object: 'ended_sessions', ended: 2 });
    for (const { digest } of all.slice(1)) await expect(verify(digest)).rejects.toMatchObject(refused);
    expect((await verify(all[0].digest)).principal.id).toBe(principal.id);
    expect(await gateway.request(endAllSessions, {}, { principal })).toMatchObject({ ended: 1 });
    await expect(verify(all[0].digest)).rejects.toMatchObject(refused);
    await eventually(() =>
      expect(ended.map(({ digest }) => digest)).toEqual(
        expect.arrayContaining(all.map(({ digest }) => digest)),
      ),
    );
  });

  it('do not begin with a wrong password, which counts as an attempt', async () => {
    const { user } = await portal.register();
    const wrong = gateway.request(createBrowserSession, {
      email: user.email,
      password: 'not the password',
      session_digest: credentialDigest(newSessionToken()),
    });
    await expect(wrong).rejects.toMatchObject({ code: 'AUTH.LOGIN_REFUSED' });
    expect(await auth.query('select 1 from sessions where user_id = $1', [user.id])).toEqual([]);
  });
});
