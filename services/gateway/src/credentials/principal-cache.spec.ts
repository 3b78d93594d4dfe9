import { AppError, CREDENTIAL_REFUSED, type Principal, UNAVAILABLE } from '@gridworks/contracts';
import { allowedMs } from '@gridworks/testing/load';
import { describe, expect, it } from '@jest/globals';
import { PrincipalCache, type Verified } from './principal-cache.ts';

const digest = 'a'.repeat(64);
const principal: Principal = {
  kind: 'api_key',
  id: 'key_0UQ3kZ1aB7dEfGhIjKlMnO',
  partner_id: 'par_0UQ3kZ1aB7dEfGhIjKlMnO',
  user_id: null,
  role: 'none',
  mode: 'live',
};

function setup(options: { capacity?: number } = {}) {
  const auth = {
    requested: 0,
    respond: async (): Promise<Verified> => ({ principal, expiresAt: null }),
  };
  const clock = { now: 1_000_000 };
  const cache = new PrincipalCache({
    verify: (_kind, _digest) => {
      auth.requested += 1;
      return auth.respond();
    },
    now: () => clock.now,
    ...options,
  });
  const find = async (of = digest) => cache.find({ kind: 'api_key', digest: of });
  return { auth, clock, cache, find };
}
const away = async (): Promise<Verified> => {
  throw new AppError(UNAVAILABLE);
};
const refuse = async (): Promise<Verified> => {
  throw new AppError(CREDENTIAL_REFUSED);
};
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('the principal cache', () => {
  it('requests auth once for many calls at the same moment, and not again while it is fresh', async () => {
    const { auth, find, clock } = setup();
    await Promise.all(Array.from({ length: 100 }, () => find()));
    clock.now += 19_000;
    await find();
    expect(auth.requested).toBe(1);
  });

  it('returns a fresh caller without a promise', async () => {
    const { cache, find } = setup();
    await find();
    expect(cache.find({ kind: 'api_key', digest })).not.toBeInstanceOf(Promise);
  });

  it('renews in the background before it is no longer fresh', async () => {
    const { auth, cache, find, clock } = setup();
    await find();
    clock.now += 25_000;
    expect(cache.find({ kind: 'api_key', digest })).not.toBeInstanceOf(Promise);
    await settle();
    clock.now += 25_000;
    expect(cache.find({ kind: 'api_key', digest })).not.toBeInstanceOf(Promise);
    expect(auth.requested).toBe(3);
  });

  it('accepts known callers for ten minutes while auth is away, and no longer', async () => {
    const { auth, find, clock } = setup();
    await find();
    auth.respond = away;
    clock.now += 599_000;
    await expect(find()).resolves.toMatchObject({ principal });
    clock.now += 2_000;
    await expect(find()).rejects.toMatchObject({ code: 'PLATFORM.UNAVAILABLE' });
  });

  it('waits for a silent auth only once a second', async () => {
    const { auth, find, clock } = setup();
    await find();
    auth.respond = () => new Promise(() => {});
    clock.now += 40_000;
    const begun = performance.now();
    await find();
    expect(performance.now() - begun).toBeLessThan(allowedMs(400));
    const again = performance.now();
    for (let i = 0; i < 50; i++) await find();
    expect(performance.now() - again).toBeLessThan(allowedMs(100));
    expect(auth.requested).toBe(2);
  });

  it('refuses unknown callers while auth is away', async () => {
    const { auth, find } = setup();
    auth.respond = away;
    await expect(find()).rejects.toMatchObject({ code: 'PLATFORM.UNAVAILABLE' });
  });

  it('drops a caller at once, also during its verification', async () => {
    const { auth, cache, find } = setup();
    await find();
    cache.drop(digest);
    auth.respond = refuse;
    await expect(find()).rejects.toMatchObject({ code: 'AUTH.CREDENTIAL_REFUSED' });

    const other = setup();
    let respond = (_: Verified) => {};
    other.auth.respond = () =>
      new Promise((resolve) => {
        respond = resolve;
      });
    const pending = other.find();
    other.cache.drop(digest);
    respond({ principal, expiresAt: null });
    await expect(pending).rejects.toMatchObject({ code: 'PLATFORM.UNAVAILABLE' });
    expect(other.cache.size).toBe(0);
  });

  it('drops by id', async () => {
    const { cache, find } = setup();
    await find();
    cache.dropId(principal.id);
    expect(cache.size).toBe(0);
  });

  it('drops the access tokens of an application, of a person, of both, or one, also during a verification', async () => {
    const [app, other] = ['app_0UQ3kZ1aB7dEfGhIjKlMnO', 'app_0UQ3kZ1aB7dEfGhIjKlMnP'];
    const [ada, grace] = ['usr_0UQ3kZ1aB7dEfGhIjKlMnO', 'usr_0UQ3kZ1aB7dEfGhIjKlMnP'];
    const { auth, cache, clock } = setup();
    const find = async (id: string, user_id: string) => {
      const found: Principal = { ...principal, kind: 'application', id, user_id };
      auth.respond = async () => ({ principal: found, expiresAt: null });
      return cache.find({ kind: 'access_token', digest: `${id} ${user_id}`, token: 'x' });
    };
    const fill = async () => {
      clock.now += 1;
      for (const id of [app, other]) for (const user of [ada, grace]) await find(id, user);
    };
    const kept = () =>
      [app, other].flatMap((id) => [ada, grace].map((user) => cache.remembers(`${id} ${user}`)));
    const none = { application_id: null, user_id: null, digest: null };
    await fill();
    expect(cache.dropAccessTokens({ ...none, application_id: app })).toEqual([app]);
    expect(kept()).toEqual([false, false, true, true]);
    await fill();
    expect(cache.dropAccessTokens({ ...none, user_id: ada }).sort()).toEqual([app, other]);
    expect(kept()).toEqual([false, true, false, true]);
    await fill();
    cache.dropAccessTokens({ ...none, application_id: other, user_id: grace });
    expect(kept()).toEqual([true, true, true, false]);
    await fill();
    cache.dropAccessTokens({ ...none, digest: `${app} ${ada}` });
    expect(kept()).toEqual([false, true, true, true]);
    // The response to a request that is under way may be older than the event.
    const pending = find(app, ada);
    cache.dropAccessTokens({ ...none, application_id: app });
    await expect(pending).rejects.toMatchObject({ code: 'PLATFORM.UNAVAILABLE' });
    // A key of the same partner is no access token.
    auth.respond = async () => ({ principal, expiresAt: null });
    await cache.find({ kind: 'api_key', digest });
    cache.dropAccessTokens({ ...none, application_id: principal.id });
    expect(cache.remembers(digest)).toBe(true);
  });

  it('notices a revocation whose event was lost', async () => {
    const { auth, find, clock } = setup();
    await find();
    auth.respond = refuse;
    clock.now += 31_000;
    await expect(find()).rejects.toMatchObject({ code: 'AUTH.CREDENTIAL_REFUSED' });
  });

  it('remembers a refusal for a short time', async () => {
    const { auth, find, clock } = setup();
    auth.respond = refuse;
    await expect(find()).rejects.toMatchObject({ code: 'AUTH.CREDENTIAL_REFUSED' });
    await expect(find()).rejects.toMatchObject({ code: 'AUTH.CREDENTIAL_REFUSED' });
    expect(auth.requested).toBe(1);
    clock.now += 6_000;
    auth.respond = async () => ({ principal, expiresAt: null });
    await expect(find()).resolves.toMatchObject({ principal });
  });

  it('does not outlive the credential, even while auth is away', async () => {
    const { auth, find, clock } = setup();
    auth.respond = async () => ({ principal, expiresAt: clock.now + 10_000 });
    await find();
    auth.respond = away;
    clock.now += 10_000;
    await expect(find()).rejects.toMatchObject({ code: 'PLATFORM.UNAVAILABLE' });
  });

  it('forgets the caller with the oldest call when there are too many', async () => {
    const { cache, find } = setup({ capacity: 3 });
    for (const digest of ['a', 'b', 'c', 'a', 'd']) await find(digest);
    expect(['a', 'b', 'c', 'd'].map((digest) => cache.remembers(digest))).toEqual([true, false, true, true]);
    expect(cache.size).toBe(3);
  });

  it('keeps known callers however many unknown credentials arrive', async () => {
    const { auth, cache, find } = setup({ capacity: 10 });
    await find();
    auth.respond = refuse;
    for (let i = 0; i < 100; i++) await find(`junk${i}`).catch(() => {});
    expect(cache.remembers(digest)).toBe(true);
  });
});
