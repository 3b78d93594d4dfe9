import * as contracts from '@gridworks/contracts';
import {
  allowedMs,
  eventually,
  type NatsServer,
  type RedisServer,
  startNats,
  startRedis,
} from '@gridworks/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeServices } from './fake-services.ts';
import { type GatewayUnderTest, startGateway } from './gateway-under-test.ts';

describe('outages behind the gateway', () => {
  let nats: NatsServer;
  let redis: RedisServer;
  let services: FakeServices;
  let gateway: GatewayUnderTest;
  beforeAll(async () => {
    [nats, redis] = await Promise.all([startNats({ withPermissions: true }), startRedis()]);
    services = await FakeServices.start(nats);
    gateway = await startGateway({ nats, redisUrl: redis.url });
  });
  afterAll(async () => {
    await gateway?.stop();
    await services?.stop();
    await Promise.all([nats?.stop(), redis?.stop()]);
  });
  beforeEach(() => services.reset());

  const plans = async (bearer = services.identities.key) => {
    const begun = performance.now();
    const response = await gateway.fetch('/v1/plans', { bearer });
    const body = (await response.json()) as Record<string, unknown>;
    return { response, body, status: response.status, tookMs: performance.now() - begun };
  };
  const health = async () =>
    (await (await fetch(`${gateway.healthUrl}/health`)).json()) as { status: string; degraded: string[] };

  it.each(['killed', 'frozen'] as const)(
    'keeps serving while Redis is %s, and names what is degraded',
    async (fault) => {
      expect((await plans()).status).toBe(200);
      if (fault === 'killed') await redis.kill9();
      else redis.freeze();
      try {
        // New callers need a lease at once; known callers still have theirs.
        const fresh = contracts.newApiKey('test');
        services.principals.set(contracts.credentialDigest(fresh), {
          ...services.principals.get(contracts.credentialDigest(services.identities.key))!,
          id: contracts.newId('apiKey'),
        });
        for (const bearer of [services.identities.key, fresh, services.identities.key, fresh]) {
          const { status, tookMs } = await plans(bearer);
          expect(status).toBe(200);
          expect(tookMs).toBeLessThan(allowedMs(300));
        }
        await eventually(async () => {
          const { status, degraded } = await health();
          expect(status).toBe('warn');
          expect(degraded.join()).toContain('rate limits are counted by each gateway alone');
        });
        expect((await gateway.fetch('/readyz')).status).toBe(200);
      } finally {
        if (fault === 'killed') await redis.restart();
        else redis.thaw();
      }
      await eventually(async () => expect(await health()).toMatchObject({ status: 'pass', degraded: [] }), {
        timeoutMs: 10_000,
      });
    },
  );

  it('serves known callers while auth is away, and gives others a retry_after', async () => {
    expect((await plans()).status).toBe(200);
    await services.stopService('auth');
    expect((await plans()).status).toBe(200);
    const { status, body, response } = await plans(contracts.newApiKey('live'));
    expect(status).toBe(503);
    expect(body).toMatchObject({ code: 'PLATFORM.UNAVAILABLE', retry_after: 1 });
    expect(response.headers.get('retry-after')).toBe('1');
    await services.startService('auth');
    expect((await plans(contracts.newApiKey('live'))).status).toBe(401);
  });

  it('makes a request wait for a service that is soon back', async () => {
    await services.stopService('support');
    const waiting = gateway.fetch('/v1/tickets', { bearer: services.identities.owner });
    await services.startService('support');
    expect((await waiting).status).toBe(200);
  });

  it('responds with 503 in time when there is no responder, and at once when there was none for a while', async () => {
    const list = async () => {
      const begun = performance.now();
      const { status } = await gateway.fetch('/v1/tickets', { bearer: services.identities.owner });
      return { status, tookMs: performance.now() - begun };
    };
    await services.stopService('support');
    const first = await list();
    expect(first.status).toBe(503);
    expect(first.tookMs).toBeLessThan(allowedMs(2500));
    await eventually(async () => {
      const { status, tookMs } = await list();
      expect(status).toBe(503);
      expect(tookMs).toBeLessThan(allowedMs(500));
    });
    await services.startService('support');
    expect((await list()).status).toBe(200);
  });

  it.each(['killed', 'frozen'] as const)(
    'responds with 503 and retry_after while NATS is %s, and recovers by itself',
    async (fault) => {
      expect((await plans()).status).toBe(200);
      if (fault === 'killed') await nats.kill9();
      else nats.freeze();
      const { status, body, tookMs } = await plans();
      expect(status).toBe(503);
      expect(body.retry_after).toBeGreaterThanOrEqual(1);
      expect(body.type).toContain('temporary-reduced-capacity');
      expect(tookMs).toBeLessThan(allowedMs(2500));
      expect((await gateway.fetch('/livez')).status).toBe(200);
      await eventually(async () => expect((await gateway.fetch('/readyz')).status).toBe(503), {
        timeoutMs: 5000,
      });
      if (fault === 'killed') await nats.restart();
      else nats.thaw();
      await eventually(async () => expect((await plans()).status).toBe(200), { timeoutMs: 10_000 });
      await eventually(async () => expect((await gateway.fetch('/readyz')).status).toBe(200), {
        timeoutMs: 5000,
      });
    },
  );

  it('counts calls made while the bus does not store events, and delivers them afterwards', async () => {
    await eventually(() => expect(services.usage.length).toBeGreaterThan(0));
    const before = await quiet(() => services.usage.length);
    const made = await Promise.all(Array.from({ length: 50 }, () => plans()));
    const responded = made.filter(({ status }) => status === 200).length;
    await nats.kill9();
    await nats.restart();
    const after = await quiet(() => services.usage.length, before + responded);
    expect(after).toBe(before + responded);
  });
});

/** The value once it has reached `least` and has not changed for half a second. */
async function quiet(read: () => number, least = 0): Promise<number> {
  let value = -1;
  let since = 0;
  await eventually(
    () => {
      if (read() !== value) since = Date.now();
      value = read();
      return value >= least && Date.now() - since > 500;
    },
    { timeoutMs: 15_000 },
  );
  return value;
}
