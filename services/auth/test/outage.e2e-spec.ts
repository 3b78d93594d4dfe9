import type { Bus } from '@gridworks/bus';
import { createApiKey, newId, registerPartner } from '@gridworks/contracts';
import { allowedMs, eventually, type RedisServer } from '@gridworks/testing';
import { type InstanceUnderTest, type ServiceUnderTest } from '@gridworks/testing/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MAX_TRIES } from '../src/throttling/login-throttle.ts';
import { MAX_TAKEN } from '../src/throttling/registration-throttle.ts';
import { PortalUser, startAuth } from './auth-under-test.ts';

const tooMany = { code: 'AUTH.TOO_MANY_LOGINS', kind: 'rate_limited' };

describe('auth under guessing and outages', () => {
  let auth: ServiceUnderTest;
  let redis: RedisServer;
  let gateway: Bus;
  let portal: PortalUser;
  let instance: InstanceUnderTest;

  beforeAll(async () => {
    ({ auth, redis } = await startAuth());
    instance = await auth.startInstance('auth');
    await auth.startInstance('auth-2');
    gateway = await auth.startGateway();
    portal = new PortalUser(gateway);
    await portal.register();
  });
  afterAll(() => auth.stop());

  const guess = (email: string, times: number) =>
    Promise.allSettled(Array.from({ length: times }, () => portal.logIn(email, 'a wrong password')));
  const codes = (outcomes: PromiseSettledResult<unknown>[]) =>
    outcomes.map((one) => (one.status === 'rejected' ? one.reason.code : 'logged in')).sort();

  it('admits ten guesses over all instances, and then not even the right password', async () => {
    const { user } = await portal.register();
    expect(codes(await guess(user.email, 15))).toEqual([
      ...Array(10).fill('AUTH.LOGIN_REFUSED'),
      ...Array(5).fill('AUTH.TOO_MANY_LOGINS'),
    ]);
    const error = await portal.logIn(user.email).catch((e) => e);
    expect(error).toMatchObject(tooMany);
    expect(error.retryAfterMs).toBeGreaterThan(14 * 60_000);
    expect(error.retryAfterMs).toBeLessThanOrEqual(15 * 60_000);
    // Other users can log in meanwhile.
    await portal.logIn((await portal.register()).user.email);
  });

  it('resets the guesses on an account when its owner logs in', async () => {
    const { user } = await portal.register();
    for (let round = 0; round < 3; round++) {
      await guess(user.email, MAX_TRIES - 1);
      await portal.logIn(user.email);
    }
  });

  it('admits an owner from a known network while others guess at his password', async () => {
    const { user } = await portal.register();
    const home = '203.0.113.77';
    await portal.logIn(user.email, undefined, home);
    for (let i = 0; i < 40; i += 10)
      await Promise.allSettled(
        Array.from({ length: 10 }, (_, n) => portal.logIn(user.email, 'wrong', `198.51.100.${i + n}`)),
      );
    const elsewhere = await portal.logIn(user.email, undefined, '203.0.113.78').catch((e) => e);
    expect(elsewhere).toMatchObject(tooMany);
    // An unknown address is refused in the same way.
    for (let i = 0; i < 40; i += 10)
      await Promise.allSettled(
        Array.from({ length: 10 }, (_, n) =>
          portal.logIn('nobody@example.com', 'wrong', `198.51.101.${i + n}`),
        ),
      );
    const unknown = await portal.logIn('nobody@example.com', undefined, '203.0.113.78').catch((e) => e);
    const { retryAfterMs: _some, ...same } = unknown;
    expect(elsewhere).toMatchObject(same);
    expect((await portal.logIn(user.email, undefined, home)).user.id).toBe(user.id);
    // Guesses from that network have their own bound.
    for (let i = 0; i < MAX_TRIES; i++) await portal.logIn(user.email, 'wrong', home).catch(() => undefined);
    await expect(portal.logIn(user.email, undefined, home)).rejects.toMatchObject(tooMany);
  });

  it('tells a network of few taken addresses', async () => {
    const { user } = await portal.register();
    const tryRegister = (email: string) =>
      gateway.request(registerPartner, {
        ...{ name: 'Eve', email, password: 'correct horse battery', client_ip: '203.0.113.200' },
      });
    const attempts = await Promise.allSettled(
      Array.from({ length: MAX_TAKEN + 5 }, () => tryRegister(user.email)),
    );
    expect(new Set(codes(attempts))).toEqual(new Set(['AUTH.EMAIL_TAKEN', 'AUTH.TOO_MANY_REGISTRATIONS']));
    expect(codes(attempts).filter((code) => code === 'AUTH.EMAIL_TAKEN')).toHaveLength(MAX_TAKEN);
    await expect(tryRegister('surely-free@example.com')).rejects.toMatchObject({
      code: 'AUTH.TOO_MANY_REGISTRATIONS',
      retryAfterMs: expect.any(Number),
    });
  });

  it('recognises a repeated registration by its key, from any network', async () => {
    const email = `${newId('request').toLowerCase()}@example.com`;
    const idempotencyKey = newId('request');
    const register = (client_ip: string) => {
      const input = { name: 'Ada', email, password: 'correct horse battery', client_ip };
      return gateway.request(registerPartner, input, { idempotencyKey });
    };
    expect(await register('203.0.113.30')).toEqual(await register('203.0.113.31'));
  });

  it('bounds a network that tries many accounts', async () => {
    const from = '2001:db8:1:2::';
    for (let i = 0; i < 100; i += 20) {
      const some = Array.from({ length: 20 }, (_, n) =>
        portal.logIn(`guess-${i + n}@example.com`, 'wrong', `${from}${i + n}`),
      );
      expect(new Set(codes(await Promise.allSettled(some)))).toEqual(new Set(['AUTH.LOGIN_REFUSED']));
    }
    const { user } = await portal.register();
    await expect(portal.logIn(user.email, undefined, `${from}ffff`)).rejects.toMatchObject(tooMany);
    await portal.logIn(user.email, undefined, '192.0.2.1');
  });

  it('sheds a flood without counting the shed attempts', async () => {
    const flood = await Promise.allSettled(
      Array.from({ length: 300 }, (_, i) => portal.logIn(`flood-${i}@example.com`, 'wrong', `192.0.2.${i}`)),
    );
    const outcomes = new Set(codes(flood));
    // On a busy machine some admitted attempts end after their callers' deadline.
    outcomes.delete('PLATFORM.DEADLINE_EXCEEDED');
    expect(outcomes).toEqual(new Set(['AUTH.LOGIN_REFUSED', 'PLATFORM.UNAVAILABLE']));
    const shed = flood.findIndex((one) => one.status === 'rejected' && one.reason.kind === 'unavailable');
    // Admitted attempts are hashed to the end, even when their callers no longer wait.
    await eventually(async () =>
      expect(codes(await guess('bystander@example.com', 1))).toEqual(['AUTH.LOGIN_REFUSED']),
    );
    expect(codes(await guess(`flood-${shed}@example.com`, MAX_TRIES))).toEqual(
      Array(MAX_TRIES).fill('AUTH.LOGIN_REFUSED'),
    );
  });

  it('logs in, registers and makes keys while Redis is dead, and reports what is degraded', async () => {
    await redis.kill9();
    await eventually(() => expect(instance.health.degraded()).not.toEqual([]));
    expect(instance.health.degraded()).toEqual([
      'redis is away: log-in attempts are counted by each auth instance for itself',
    ]);
    const { user } = await portal.register();
    const start = performance.now();
    const { token } = await portal.logIn(user.email);
    expect(performance.now() - start).toBeLessThan(allowedMs(1900));
    const principal = await portal.verify('session', token);
    await gateway.request(createApiKey, {}, { principal });
    await instance.health.check();
    expect(instance.health.missing()).toEqual([]);

    // Guessing stays bounded: two instances, each with its own count.
    const outcomes = codes(await guess(user.email, 40));
    const examined = outcomes.filter((code) => code === 'AUTH.LOGIN_REFUSED').length;
    expect(examined).toBeGreaterThan(0);
    expect(examined).toBeLessThanOrEqual(2 * MAX_TRIES);

    await redis.restart();
    await eventually(() => expect(instance.health.degraded()).toEqual([]));
    // The other instance may need a moment longer until it counts in Redis again.
    await eventually(() => portal.logIn(user.email));
  });

  it('logs in while Redis is frozen, delayed once at most', async () => {
    const { user } = await portal.register();
    redis.freeze();
    try {
      for (let i = 0; i < 4; i++) {
        const start = performance.now();
        await portal.logIn(user.email);
        expect(performance.now() - start).toBeLessThan(allowedMs(1900));
      }
    } finally {
      redis.thaw();
    }
    await eventually(() => expect(instance.health.degraded()).toEqual([]), { timeoutMs: 10_000 });
  });

  it('responds at once while PostgreSQL is dead, counts no attempts, and works again afterwards', async () => {
    const { user } = await portal.register();
    const { token } = await portal.logIn(user.email);
    await auth.postgres.kill9();
    for (let i = 0; i < 2 * MAX_TRIES; i++) {
      const start = performance.now();
      const error = await portal.logIn(user.email).catch((e) => e);
      expect(error).toMatchObject({ code: 'PLATFORM.UNAVAILABLE', retryable: true });
      expect(error.retryAfterMs).toBeGreaterThan(0);
      expect(JSON.stringify({ ...error, message: error.message })).not.toMatch(
        /select|ECONN|127\.0\.0\.1|pg/i,
      );
      expect(performance.now() - start).toBeLessThan(allowedMs(1900));
    }
    await expect(portal.verify('session', token)).rejects.toMatchObject({ code: 'PLATFORM.UNAVAILABLE' });
    await instance.health.check();
    expect(instance.health.missing()).toEqual(['postgres']);
    await auth.postgres.restart();
    await eventually(() => portal.verify('session', token));
    // No attempt was counted, or the right password would be refused now.
    await eventually(() => portal.logIn(user.email));
    await eventually(async () => {
      await instance.health.check();
      expect(instance.health.missing()).toEqual([]);
    });
  });
});
