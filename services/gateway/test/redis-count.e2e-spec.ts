import { createLogger } from '@gridworks/observability';
import type { HealingEnvironment, HealingRecord } from '@gridworks/resilience';
import { RedisClient } from '@gridworks/runtime';
import { allowedMs, eventually, type RedisServer, recordHealing, startRedis } from '@gridworks/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type LimitDecision, Quota, RateLimiter } from '../src/limits/rate-limiter.ts';
import { RedisCount } from '../src/limits/redis-count.ts';

const logger = createLogger({ service: 'gateway', instance: 'gateway', level: 'silent' });
const ALONE = 'rate limits are counted by each gateway alone';
const quota = new Quota('credential', [{ name: 'burst', quota: 20, windowSeconds: 86_400 }]);

describe('the shared count in a failing Redis', () => {
  let server: RedisServer;
  let primary: RedisServer;
  let redis: RedisClient;
  let beside: RedisClient;
  let count: RedisCount;
  let limiter: RateLimiter;
  let healing: HealingEnvironment;
  let records: HealingRecord[];
  let degraded: (string | null)[];
  const up = (client: RedisClient) => eventually(() => client.check(), { timeoutMs: 8000 });
  const connect = (environment: HealingEnvironment) =>
    RedisClient.connect({
      url: server.url,
      service: 'gateway',
      logger,
      degraded: ALONE,
      healing: environment,
    });

  beforeAll(async () => {
    [server, primary] = await Promise.all([startRedis(), startRedis()]);
  });
  afterAll(() => Promise.all([server.stop(), primary.stop()]));
  beforeEach(async () => {
    ({ healing, records } = recordHealing());
    redis = await connect(healing);
    beside = await connect(recordHealing().healing);
    await Promise.all([up(redis), up(beside)]);
    await beside.attempt((client) => client.flushAll());
    count = new RedisCount(redis);
    degraded = [];
    limiter = new RateLimiter({ count, onDegraded: (text) => degraded.push(text), retryMs: 50 });
  });
  afterEach(() => {
    limiter.close();
    redis.close();
    beside.close();
  });

  /** Takes a call; also returns how long the decision took, in milliseconds. */
  async function take(id = 'key_1'): Promise<LimitDecision & { ms: number }> {
    const began = performance.now();
    const decision = await limiter.take(quota, id);
    return { ...decision, ms: performance.now() - began };
  }
  async function takeMany(calls: number): Promise<(LimitDecision & { ms: number })[]> {
    const taken = [];
    for (let i = 0; i < calls; i++) taken.push(await take());
    return taken;
  }

  it.each([
    ['a text', (key: string) => beside.attempt((client) => client.set(key, 'abc'))],
    ['a list', (key: string) => beside.attempt((client) => client.lPush(key, 'abc'))],
  ])('replaces %s under its key by a new count', async (_what, poison) => {
    await take();
    const [key] = await beside.attempt((client) => client.keys('limit:burst:*'));
    await beside.attempt((client) => client.del(key as string));
    await poison(key as string);
    expect(await count.add(key as string, 3, 60)).toBe(3);
    expect(await beside.attempt((client) => client.get(key as string))).toBe('3');
    expect(await beside.attempt((client) => client.ttl(key as string))).toBeGreaterThan(0);
    expect(records).toMatchObject([
      {
        source: 'gateway.redis.count',
        decision: { kind: 'cache_corrupt' },
        healedBy: 'CLEAR_CACHE_AND_RETRY',
      },
    ]);
    // Calls counted before the entry was poisoned are added again, so that the quota holds.
    const decisions = await takeMany(25);
    expect(decisions.filter(({ allowed }) => allowed).length).toBeLessThanOrEqual(19);
    expect(degraded).toEqual([]);
  });

  it('counts alone while Redis is dead, delays no call, and shares the count afterwards', async () => {
    await take();
    await server.kill9();
    const decisions = await takeMany(30);
    expect(decisions.filter(({ allowed }) => allowed)).toHaveLength(19);
    for (const { ms } of decisions) expect(ms).toBeLessThan(allowedMs(200));
    expect(degraded).toEqual([ALONE]);
    expect(records.length).toBeGreaterThan(0);
    for (const record of records) expect(record).toMatchObject({ healedBy: 'USE_DEFAULT_VALUE' });
    // Fewer than one for each call that was counted alone.
    expect(records.length).toBeLessThan(5);
    await server.restart();
    await eventually(() => expect(degraded).toEqual([ALONE, null]), { timeoutMs: 8000 });
    await eventually(() => expect(redis.degraded()).toBeNull());
    expect(healing.breakers.get('redis')?.closed).toBe(true);
    expect(await count.add('limit:x', 2, 60)).toBe(2);
  });

  it('counts alone while Redis is frozen, and delays a call by a tenth of a second', async () => {
    server.freeze();
    try {
      const decisions = await takeMany(25);
      expect(decisions.filter(({ allowed }) => allowed)).toHaveLength(20);
      for (const { ms } of decisions) expect(ms).toBeLessThan(allowedMs(250));
      await eventually(() => expect(degraded).toEqual([ALONE]));
      await eventually(() =>
        expect(records[0]).toMatchObject({
          decision: { kind: 'timeout' },
          healedBy: 'USE_DEFAULT_VALUE',
        }),
      );
    } finally {
      server.thaw();
    }
    await eventually(() => expect(degraded.at(-1)).toBeNull(), { timeoutMs: 8000 });
    await eventually(async () => expect(await count.add('limit:y', 2, 60)).toBe(2), { timeoutMs: 8000 });
    expect(healing.breakers.get('redis')?.closed).toBe(true);
  });

  it('counts alone on a read-only replica, after a new connection did not help', async () => {
    await beside.attempt((client) => client.replicaOf('127.0.0.1', primary.port));
    try {
      const decisions = await takeMany(25);
      expect(decisions.filter(({ allowed }) => allowed)).toHaveLength(20);
      for (const { ms } of decisions) expect(ms).toBeLessThan(allowedMs(250));
      expect(records[0]).toMatchObject({
        decision: { kind: 'read_only_failover', strategy: 'RESET_CONNECTION' },
        healedBy: 'USE_DEFAULT_VALUE',
      });
      expect(records[0]?.steps[0]).toMatchObject({ strategy: 'RESET_CONNECTION', outcome: 'failed' });
      // The replica responds to pings, which does not make the count healthy.
      await eventually(() => redis.check());
      expect(degraded).toEqual([ALONE]);
    } finally {
      await eventually(() => beside.attempt((client) => client.sendCommand(['REPLICAOF', 'NO', 'ONE'])));
    }
    await eventually(() => expect(degraded).toEqual([ALONE, null]), { timeoutMs: 8000 });
    await eventually(async () => expect(await count.add('limit:z', 2, 60)).toBe(2), { timeoutMs: 8000 });
  });
});
