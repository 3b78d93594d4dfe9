import { createLogger } from '@gridworks/observability';
import type { HealingEnvironment, HealingRecord } from '@gridworks/resilience';
import { RedisClient } from '@gridworks/runtime';
import { allowedMs, eventually, type RedisServer, recordHealing, startRedis } from '@gridworks/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { LeaseRequest } from '../src/limits/allowance.ts';
import { Quota } from '../src/limits/quota.ts';
import { type LimitDecision, RateLimiter } from '../src/limits/rate-limiter.ts';
import { RedisCount } from '../src/limits/redis-count.ts';
import { mostWithin } from './fake-count.ts';

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

  /** A request for `chunk` calls of a quota of 20 by somebody who has made none, in bucket 0 of 60. */
  const lease = (chunk: number): LeaseRequest => ({
    ...{ bucket: 0, first: -60, leasedUntil: 30, quota: 20, used: [], left: 0, chunk, keptMs: 60_000 },
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

  it('leases no more than the quota leaves, whatever the holders have told, and gives back what they no longer have', async () => {
    expect(await count.lease('limit:a', 'a', lease(15))).toEqual({ granted: 15, others: [] });
    expect(await count.lease('limit:a', 'b', lease(15))).toEqual({ granted: 5, others: [[30, 15]] });
    // The same request again, since its response was lost: nothing is leased twice.
    expect(await count.lease('limit:a', 'b', lease(15))).toEqual({ granted: 5, others: [[30, 15]] });
    expect(await count.lease('limit:a', 'c', lease(1))).toMatchObject({ granted: 0 });
    // It made four calls in bucket 2, has nothing left, and wants nothing.
    const used = [[2, 4]] as const;
    expect(await count.lease('limit:a', 'a', { ...lease(0), used })).toMatchObject({ granted: 0 });
    expect(await count.lease('limit:a', 'c', lease(20))).toEqual({
      granted: 11,
      others: expect.arrayContaining([
        [2, 4],
        [30, 5],
      ]),
    });
    // Bucket 2 is too old, the leases are not.
    const later = { ...lease(1), bucket: 63, first: 3, leasedUntil: 93 };
    expect(await count.lease('limit:a', 'd', later)).toMatchObject({ granted: 1 });
    expect(await beside.attempt((client) => client.hKeys('limit:a'))).not.toContain('a');
  });

  it('never lets three gateways pass the quota of a partner in any minute, while its keys are rotated and gateways restart', async () => {
    const partner = new Quota('partner', [{ name: 'burst', quota: 60, windowSeconds: 60 }]);
    const own = new Quota('key', [{ name: 'own', quota: 50, windowSeconds: 60 }]);
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            gateway: fc.nat({ max: 2 }),
            key: fc.nat({ max: 3 }),
            calls: fc.integer({ min: 1, max: 30 }),
            after: fc.oneof(fc.nat({ max: 2000 }), fc.nat({ max: 40_000 })),
            restarts: fc.nat({ max: 9 }).map((dice) => dice === 0),
          }),
          { minLength: 10, maxLength: 60 },
        ),
        async (steps) => {
          await beside.attempt((client) => client.flushAll());
          let now = Date.UTC(2026, 10, 1, 12, 0, 10);
          const start = () => new RateLimiter({ count, now: () => now });
          const gateways = [start(), start(), start()];
          const [times, ofKey] = [[] as number[], new Map<string, number[]>()];
          for (const { gateway, key, calls, after, restarts } of steps) {
            now += after;
            if (restarts) {
              gateways[gateway]?.close();
              gateways[gateway] = start();
            }
            const id = `key_${key}`;
            for (let i = 0; i < calls; i++) {
              const decision = await gateways[gateway]?.take(partner, 'par_1', own, id);
              if (!decision?.allowed) continue;
              times.push(now);
              ofKey.set(id, [...(ofKey.get(id) ?? []), now]);
            }
          }
          for (const one of gateways) one.close();
          expect(mostWithin(times, 60_000)).toBeLessThanOrEqual(60);
          for (const made of ofKey.values()) expect(mostWithin(made, 60_000)).toBeLessThanOrEqual(50);
          // The limits do not refuse everything either.
          expect(times.length).toBeGreaterThanOrEqual(Math.min(50, steps[0]?.calls ?? 0));
        },
      ),
      { numRuns: 30 },
    );
    expect(degraded).toEqual([]);
  });

  it('knows how many gateways there are, so that each counts within its share while Redis is dead', async () => {
    const second = new RateLimiter({ count, gateway: 'gateway-2', retryMs: 50 });
    limiter.close();
    limiter = new RateLimiter({ count, gateway: 'gateway-3', retryMs: 50 });
    await eventually(async () => expect(await count.present('gateway-3')).toBe(3));
    const third = new RateLimiter({ count, gateway: 'gateway', retryMs: 50 });
    // One that is told nothing else learns of the three when it starts.
    await eventually(async () => expect(await third.take(quota, 'warm')).toMatchObject({ allowed: true }));
    await server.kill9();
    try {
      let taken = 0;
      for (let i = 0; i < 30; i++) if ((await third.take(quota, 'key_9')).allowed) taken += 1;
      expect(taken).toBe(6);
    } finally {
      for (const one of [second, third]) one.close();
      await server.restart();
      await up(redis);
    }
  });

  it.each([
    ['a text', (key: string) => beside.attempt((client) => client.set(key, 'abc'))],
    ['a list', (key: string) => beside.attempt((client) => client.lPush(key, 'abc'))],
  ])('replaces %s under its key by a new count', async (_what, poison) => {
    await take();
    const [key] = await beside.attempt((client) => client.keys('limit:burst:*'));
    await beside.attempt((client) => client.del(key as string));
    await poison(key as string);
    expect(await count.lease(key as string, 'other', lease(3))).toEqual({ granted: 3, others: [] });
    expect(await beside.attempt((client) => client.hGetAll(key as string))).toEqual({ other: '[30,3]' });
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
    expect(await count.lease('limit:x', 'a', lease(2))).toMatchObject({ granted: 2 });
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
    await eventually(async () => expect(await count.lease('limit:y', 'a', lease(2))).not.toBeNull(), {
      timeoutMs: 8000,
    });
    expect(healing.breakers.get('redis')?.closed).toBe(true);
  });

  it('counts alone on a read-only replica, after a new connection did not help', async () => {
    try {
      // Within the `finally`, and again: on a busy machine the response may be late, while Redis is a replica already.
      await eventually(() => beside.attempt((client) => client.replicaOf('127.0.0.1', primary.port)));
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
    await eventually(async () => expect(await count.lease('limit:z', 'a', lease(2))).not.toBeNull(), {
      timeoutMs: 8000,
    });
  });
});
