import { createLogger } from '@gridworks/observability';
import { RedisClient } from '@gridworks/runtime';
import {
  eventually,
  type RecordedHealing,
  type RedisServer,
  recordHealing,
  startRedis,
} from '@gridworks/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { FailoverAttemptCounter, MemoryAttemptCounter } from './attempt-counter.ts';
import { LoginThrottle } from './login-throttle.ts';
import { RedisAttemptCounter } from './redis-attempt-counter.ts';

const logger = createLogger({ service: 'auth', instance: 'auth', level: 'silent' });

describe('RedisAttemptCounter', () => {
  let server: RedisServer;
  let redis: RedisClient;
  let counter: RedisAttemptCounter;
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
    counter = new RedisAttemptCounter(redis);
  });
  afterEach(() => redis.close());

  it('counts within a window, takes back and forgets', async () => {
    expect(await counter.add('a', 5000)).toMatchObject({ count: 1 });
    expect(await counter.add('a', 5000)).toMatchObject({ count: 2 });
    await counter.takeBack('a');
    const counted = await counter.add('a', 5000);
    expect(counted?.count).toBe(2);
    expect(counted?.endsInMs).toBeGreaterThan(0);
    expect(counted?.endsInMs).toBeLessThanOrEqual(5000);
    await counter.forget('a');
    await counter.takeBack('a');
    expect(await counter.add('a', 5000)).toMatchObject({ count: 1 });
    expect(records).toEqual([]);
  });

  it.each([
    ['text', () => redis.attempt((client) => client.set('a', 'abc'))],
    ['list', () => redis.attempt((client) => client.lPush('a', 'abc'))],
  ])('throws a %s under its key away and counts anew', async (_what, poison) => {
    await poison();
    expect(await counter.add('a', 5000)).toMatchObject({ count: 1 });
    expect(await redis.attempt((client) => client.pTTL('a'))).toBeGreaterThan(0);
    expect(records).toMatchObject([
      {
        source: 'auth.redis.count-attempt',
        decision: { kind: 'cache_corrupt' },
        healedBy: 'CLEAR_CACHE_AND_RETRY',
      },
    ]);
  });

  it('does not know while Redis is dead, and leaves out what is optional', async () => {
    await server.kill9();
    try {
      const began = performance.now();
      expect(await counter.add('a', 5000)).toBeNull();
      await counter.takeBack('a');
      await counter.forget('a');
      expect(performance.now() - began).toBeLessThan(300);
      expect(records.map(({ source, healedBy }) => [source, healedBy])).toEqual([
        ['auth.redis.count-attempt', 'USE_DEFAULT_VALUE'],
        ['auth.redis.take-attempt-back', 'SKIP_OPERATION'],
        ['auth.redis.forget-attempts', 'SKIP_OPERATION'],
      ]);
    } finally {
      await server.restart();
    }
    await eventually(async () => expect(await counter.add('b', 5000)).toMatchObject({ count: 1 }), {
      timeoutMs: 8000,
    });
  });

  it('bounds guesses while Redis is frozen, and holds nobody up for long', async () => {
    const throttle = new LoginThrottle(new FailoverAttemptCounter(counter, new MemoryAttemptCounter()));
    server.freeze();
    try {
      const began = performance.now();
      await (await throttle.admit('ada@example.com', '192.0.2.1')).succeeded();
      for (let i = 0; i < 10; i++) await throttle.admit('ada@example.com', '192.0.2.1');
      await expect(throttle.admit('ada@example.com', '192.0.2.1')).rejects.toMatchObject({
        code: 'AUTH.TOO_MANY_LOGINS',
      });
      expect(performance.now() - began).toBeLessThan(800);
    } finally {
      server.thaw();
    }
    await eventually(async () => expect(await counter.add('b', 5000)).toMatchObject({ count: 1 }), {
      timeoutMs: 8000,
    });
  });
});
