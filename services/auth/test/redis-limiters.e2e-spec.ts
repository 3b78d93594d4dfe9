import { createLogger } from '@gridworks/observability';
import { RedisClient } from '@gridworks/runtime';
import {
  allowedMs,
  eventually,
  type RecordedHealing,
  type RedisServer,
  recordHealing,
  startRedis,
} from '@gridworks/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { RateLimiterAbstract } from 'rate-limiter-flexible';
import { LoginThrottle, MAX_TRIES } from '../src/throttling/login-throttle.ts';
import { RedisLimiters } from '../src/throttling/redis-limiters.ts';

const logger = createLogger({ service: 'auth', instance: 'auth', level: 'silent' });

describe('RedisLimiters', () => {
  let server: RedisServer;
  let redis: RedisClient;
  let limiter: RateLimiterAbstract;
  let records: RecordedHealing['records'];

  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    const { healing, records: caught } = recordHealing();
    records = caught;
    redis = await RedisClient.connect({
      url: server.url,
      service: 'auth',
      logger,
      degraded: 'away',
      healing,
    });
    await eventually(() => redis.check());
    await redis.attempt((client) => client.flushAll());
    limiter = new RedisLimiters(redis).of({ name: 'test', points: 3, seconds: 5 });
  });
  afterEach(() => redis.close());

  const KEY = 'auth:test:a';

  it('counts within a window, gives back and forgets', async () => {
    expect(await limiter.consume('a')).toMatchObject({ consumedPoints: 1 });
    expect(await limiter.consume('a')).toMatchObject({ consumedPoints: 2 });
    await limiter.reward('a');
    const counted = await limiter.consume('a');
    expect(counted.consumedPoints).toBe(2);
    expect(counted.msBeforeNext).toBeGreaterThan(0);
    expect(counted.msBeforeNext).toBeLessThanOrEqual(5000);
    expect(await redis.attempt((client) => client.pTTL(KEY))).toBeGreaterThan(0);
    await expect(limiter.consume('a', 2)).rejects.toMatchObject({ consumedPoints: 4, remainingPoints: 0 });
    await limiter.delete('a');
    // Giving back does not reopen a window that has ended.
    await limiter.reward('a');
    expect(await redis.attempt((client) => client.exists(KEY))).toBe(0);
    expect(await limiter.consume('a')).toMatchObject({ consumedPoints: 1 });
    expect(records).toEqual([]);
  });

  it.each([
    ['text', () => redis.attempt((client) => client.set(KEY, 'abc'))],
    ['list', () => redis.attempt((client) => client.lPush(KEY, 'abc'))],
  ])('replaces a %s under its key by a new count', async (_what, poison) => {
    await poison();
    expect(await limiter.consume('a')).toMatchObject({ consumedPoints: 1 });
    expect(await redis.attempt((client) => client.pTTL(KEY))).toBeGreaterThan(0);
    expect(records).toMatchObject([
      {
        source: 'auth.redis.count-attempt',
        decision: { kind: 'cache_corrupt' },
        healedBy: 'CLEAR_CACHE_AND_RETRY',
      },
    ]);
  });

  it('counts in memory while Redis is dead', async () => {
    await server.kill9();
    try {
      const began = performance.now();
      for (let i = 1; i <= 3; i++) expect(await limiter.consume('a')).toMatchObject({ consumedPoints: i });
      await expect(limiter.consume('a')).rejects.toMatchObject({ consumedPoints: 4 });
      await limiter.reward('a', 2);
      expect(await limiter.consume('a')).toMatchObject({ consumedPoints: 3 });
      await limiter.delete('a');
      expect(performance.now() - began).toBeLessThan(allowedMs(500));
      expect(new Set(records.map(({ source, healedBy }) => `${source} ${healedBy}`))).toEqual(
        new Set([
          'auth.redis.count-attempt USE_DEFAULT_VALUE',
          'auth.redis.take-attempt-back USE_DEFAULT_VALUE',
          'auth.redis.forget-attempts USE_DEFAULT_VALUE',
        ]),
      );
    } finally {
      await server.restart();
    }
    await eventually(
      async () => {
        await limiter.consume('b');
        expect(await redis.attempt((client) => client.exists('auth:test:b'))).toBe(1);
      },
      { timeoutMs: 8000 },
    );
  });

  it('bounds guesses while Redis is frozen, with a short delay', async () => {
    const throttle = new LoginThrottle(new RedisLimiters(redis));
    const admit = () => throttle.admit('ada@example.com', '192.0.2.1', false);
    server.freeze();
    try {
      const began = performance.now();
      await (await admit()).succeeded();
      for (let i = 0; i < MAX_TRIES; i++) await admit();
      await expect(admit()).rejects.toMatchObject({ code: 'AUTH.TOO_MANY_LOGINS' });
      expect(performance.now() - began).toBeLessThan(allowedMs(800));
    } finally {
      server.thaw();
    }
    await eventually(() => redis.check(), { timeoutMs: 8000 });
  });
});
