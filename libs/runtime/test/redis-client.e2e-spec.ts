import { AppError } from '@gridworks/contracts';
import { createLogger } from '@gridworks/observability';
import type { HealingEnvironment, HealingRecord } from '@gridworks/resilience';
import { allowedMs, eventually, type RedisServer, recordHealing, startRedis } from '@gridworks/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { RedisClient } from '../src/redis-client.ts';

const logger = createLogger({ service: 'gateway', instance: 'gateway', level: 'silent' });
const DEGRADED = 'redis is away: limits are kept per instance';

async function failure(promise: Promise<unknown>): Promise<{ code: string; tookMs: number }> {
  const started = performance.now();
  const error = await promise.then(
    () => new Error('it did not fail'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof AppError)) throw error;
  return { code: error.code, tookMs: performance.now() - started };
}

describe('RedisClient', () => {
  let server: RedisServer;
  let redis: RedisClient;
  let healing: HealingEnvironment;
  let records: HealingRecord[];
  const get = () => redis.command((client) => client.get('a'));
  const up = () => eventually(() => redis.check(AbortSignal.timeout(800)), { timeoutMs: 8000 });

  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    ({ healing, records } = recordHealing());
    redis = await RedisClient.connect({
      url: server.url,
      service: 'gateway',
      logger,
      degraded: DEGRADED,
      healing,
    });
    await up();
  });
  afterEach(() => redis.close());

  it('runs commands and knows the boot of its server', async () => {
    await redis.command((client) => client.set('a', '1'));
    expect(await get()).toBe('1');
    await eventually(() => expect(redis.boot()).toMatch(/^[0-9a-f]{40}$/));
    expect(redis.degraded()).toBeNull();
    expect(redis.connectionsLost()).toBe(0);
  });

  it('passes error replies of the server on unchanged', async () => {
    await redis.command((client) => client.set('text', 'x'));
    await expect(redis.command((client) => client.incr('text'))).rejects.toThrow('not an integer');
    await redis.check(AbortSignal.timeout(800));
    // For a command that is not declared to count, a bad argument is a bug.
    expect(records).toMatchObject([
      { source: 'gateway.redis.command', decision: { strategy: 'ESCALATE' }, healedBy: null },
    ]);
  });

  it('refuses at once while the server is dead, and reconnects by itself to another boot', async () => {
    await eventually(() => expect(redis.boot()).not.toBeNull());
    const before = redis.boot();
    await server.kill9();
    await eventually(async () => expect((await failure(get())).code).toBe('PLATFORM.UNAVAILABLE'));
    const refused = await failure(redis.command((client) => client.set('late', 'x')));
    expect(refused.tookMs).toBeLessThan(allowedMs(50));
    expect(redis.degraded()).toBe(DEGRADED);
    expect(redis.connectionsLost()).toBe(1);
    await server.restart();
    await up();
    expect(await redis.command((client) => client.get('late'))).toBeNull(); // a refused command is not sent later
    await eventually(() => expect(redis.boot()).not.toBe(before));
    expect(redis.degraded()).toBeNull();
  });

  it('delays callers of a frozen server once, then refuses at once, and recovers when the server continues', async () => {
    server.freeze();
    try {
      const first = await failure(get());
      expect(first.code).toBe('PLATFORM.DEADLINE_EXCEEDED');
      expect(first.tookMs).toBeLessThan(allowedMs(450));
      const second = await failure(get());
      expect(second.code).toBe('PLATFORM.UNAVAILABLE');
      expect(second.tookMs).toBeLessThan(allowedMs(50));
      await expect(redis.check(AbortSignal.timeout(800))).rejects.toThrow();
      expect(redis.degraded()).toBe(DEGRADED);
    } finally {
      server.thaw();
    }
    await up();
    expect(await get()).toBeNull();
  });

  it('keeps its connection after one slow command', async () => {
    const slow = failure(redis.command((client) => client.blPop('nothing', 0.4)));
    expect((await slow).code).toBe('PLATFORM.DEADLINE_EXCEEDED');
    await up();
    expect(redis.connectionsLost()).toBe(0);
  });

  it('makes a new connection on reset without counting a loss', async () => {
    await redis.reset();
    await up();
    expect(await get()).toBeNull();
    expect(redis.connectionsLost()).toBe(0);
  });

  describe('an operation', () => {
    it('is left out, or its result is replaced, according to its options', async () => {
      const optional = redis.operation(
        'touch',
        async (client): Promise<void> => void (await client.incr('t')),
        {
          criticality: 'optional',
        },
      );
      const counted = redis.operation('count', (client): Promise<number | null> => client.incr('n'), {
        defaultValue: null,
      });
      await optional();
      expect(await counted()).toBe(1);
      await server.kill9();
      await optional();
      expect(await counted()).toBeNull();
      expect(records.map(({ source, healedBy }) => [source, healedBy])).toEqual([
        ['gateway.redis.touch', 'SKIP_OPERATION'],
        ['gateway.redis.count', 'USE_DEFAULT_VALUE'],
      ]);
      await server.restart();
      await up();
      expect(await counted()).toBe(1);
    });

    it('does not repeat a command that may have been done, unless it is idempotent', async () => {
      const slow = async () => {
        await redis.attempt((client) => client.sendCommand(['CLIENT', 'PAUSE', '400', 'ALL']));
      };
      const add = redis.operation('add', (client) => client.incr('once'));
      await slow();
      expect((await failure(add())).code).toBe('PLATFORM.DEADLINE_EXCEEDED');
      await up();
      expect(await eventually(() => redis.command((client) => client.get('once')))).toBe('1');
      expect(records[0]).toMatchObject({ decision: { kind: 'timeout' }, healedBy: null });
    });

    it('finds the primary again after the server was made a replica and back', async () => {
      const other = await startRedis();
      const admin = await RedisClient.connect({
        url: server.url,
        service: 'auth',
        logger,
        degraded: DEGRADED,
      });
      try {
        await eventually(() => admin.check());
        await admin.attempt((client) => client.replicaOf('127.0.0.1', other.port));
        expect((await failure(redis.command((client) => client.set('a', '1')))).code).toBe(
          'PLATFORM.UNAVAILABLE',
        );
        expect(records[0]).toMatchObject({
          decision: { kind: 'read_only_failover', strategy: 'RESET_CONNECTION' },
        });
        expect(redis.connectionsLost()).toBe(0);
        await admin.attempt((client) => client.sendCommand(['REPLICAOF', 'NO', 'ONE']));
        await redis.command((client) => client.set('a', '2'));
      } finally {
        admin.close();
        await other.stop();
      }
    });

    it('is not refused by the breaker any more once Redis is back', async () => {
      const transitions: string[] = [];
      healing.breakers.onTransition(({ to }) => transitions.push(to));
      await server.kill9();
      for (let i = 0; i < 8; i++) expect((await failure(get())).code).toMatch(/UNAVAILABLE|DEADLINE/);
      expect(transitions).toEqual(['open']);
      await server.restart();
      await up();
      expect(await get()).toBeNull();
      expect(transitions).toEqual(['open', 'half-open', 'closed']);
    });
  });

  it('starts while Redis is away', async () => {
    await server.kill9();
    const early = await RedisClient.connect({
      url: server.url,
      service: 'gateway',
      logger,
      degraded: DEGRADED,
    });
    try {
      expect((await failure(early.command((client) => client.get('a')))).code).toBe('PLATFORM.UNAVAILABLE');
      await server.restart();
      await eventually(() => early.check(AbortSignal.timeout(800)), { timeoutMs: 8000 });
    } finally {
      early.close();
    }
  });
});
