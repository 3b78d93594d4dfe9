import { AppError } from '@gridworks/contracts';
import { createLogger } from '@gridworks/observability';
import { eventually, type RedisServer, startRedis } from '@gridworks/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { RedisClient } from './redis-client.ts';

const logger = createLogger({ service: 'gateway', instance: 'gateway', level: 'silent' });
const degraded = 'redis is away: limits are kept per instance';

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
  const get = () => redis.command((client) => client.get('a'));
  const up = () => eventually(() => redis.check(AbortSignal.timeout(800)), { timeoutMs: 8000 });

  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    redis = await RedisClient.connect({ url: server.url, service: 'gateway', logger, degraded });
    await up();
  });
  afterEach(() => redis.close());

  it('runs commands and knows which boot of the server it talks to', async () => {
    await redis.command((client) => client.set('a', '1'));
    expect(await get()).toBe('1');
    await eventually(() => expect(redis.boot()).toMatch(/^[0-9a-f]{40}$/));
    expect(redis.degraded()).toBeNull();
    expect(redis.connectionsLost()).toBe(0);
  });

  it('passes error replies of the server on as they are', async () => {
    await redis.command((client) => client.set('text', 'x'));
    await expect(redis.command((client) => client.incr('text'))).rejects.toThrow('not an integer');
    await redis.check(AbortSignal.timeout(800));
  });

  it('refuses at once while the server is dead, and comes back by itself as another boot', async () => {
    await eventually(() => expect(redis.boot()).not.toBeNull());
    const before = redis.boot();
    await server.kill9();
    await eventually(async () => expect((await failure(get())).code).toBe('PLATFORM.UNAVAILABLE'));
    const refused = await failure(redis.command((client) => client.set('late', 'x')));
    expect(refused.tookMs).toBeLessThan(50);
    expect(redis.degraded()).toBe(degraded);
    expect(redis.connectionsLost()).toBe(1);
    await server.restart();
    await up();
    expect(await redis.command((client) => client.get('late'))).toBeNull(); // what was refused is not sent later
    await eventually(() => expect(redis.boot()).not.toBe(before));
    expect(redis.degraded()).toBeNull();
  });

  it('holds up callers of a frozen server once, then refuses at once, and recovers when it thaws', async () => {
    server.freeze();
    try {
      const first = await failure(get());
      expect(first.code).toBe('PLATFORM.DEADLINE_EXCEEDED');
      expect(first.tookMs).toBeLessThan(450);
      const second = await failure(get());
      expect(second.code).toBe('PLATFORM.UNAVAILABLE');
      expect(second.tookMs).toBeLessThan(50);
      await expect(redis.check(AbortSignal.timeout(800))).rejects.toThrow();
      expect(redis.degraded()).toBe(degraded);
    } finally {
      server.thaw();
    }
    await up();
    expect(await get()).toBeNull();
  });

  it('is not misled by one slow command: the connection stays', async () => {
    const slow = failure(redis.command((client) => client.blPop('nothing', 0.4)));
    expect((await slow).code).toBe('PLATFORM.DEADLINE_EXCEEDED');
    await up();
    expect(redis.connectionsLost()).toBe(0);
  });

  it('connects anew on reset without counting it as a loss', async () => {
    await redis.reset();
    await up();
    expect(await get()).toBeNull();
    expect(redis.connectionsLost()).toBe(0);
  });

  it('starts while Redis is away', async () => {
    await server.kill9();
    const early = await RedisClient.connect({ url: server.url, service: 'gateway', logger, degraded });
    try {
      expect((await failure(early.command((client) => client.get('a')))).code).toBe('PLATFORM.UNAVAILABLE');
      await server.restart();
      await eventually(() => early.check(AbortSignal.timeout(800)), { timeoutMs: 8000 });
    } finally {
      early.close();
    }
  });
});
