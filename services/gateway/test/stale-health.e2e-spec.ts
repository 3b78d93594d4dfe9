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

/** Monitor's response; `observed_at` tells one response from another. */
const healthAt = (observedAt: string) => ({
  object: 'system_health',
  status: 'pass',
  observed_at: observedAt,
  checks: [],
  instances: [],
});

describe('the health of the system while monitor is away', () => {
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

  const health = async (bearer = services.identities.admin) => {
    const begun = performance.now();
    // The same id for all calls: the gateway takes over the caller's id.
    const headers = { 'x-request-id': 'health' };
    const response = await gateway.fetch('/v1/admin/health', { bearer, headers });
    const body = (await response.json()) as Record<string, unknown>;
    return {
      status: response.status,
      age: response.headers.get('age'),
      body,
      tookMs: performance.now() - begun,
    };
  };
  const monitorSays = (observedAt: string) =>
    services.on(contracts.getSystemHealth, () => healthAt(observedAt));
  const refused = { status: 503, body: expect.objectContaining({ code: 'PLATFORM.UNAVAILABLE' }) };

  it('is unavailable before the first response of monitor', async () => {
    await services.stopService('monitor');
    expect(await health()).toMatchObject({ ...refused, age: null });
    await services.startService('monitor');
  });

  it('is the last response with its age, and the fresh response as soon as there is one', async () => {
    monitorSays('2026-01-05T10:00:00.000Z');
    await eventually(async () => expect(await health()).toMatchObject({ status: 200, age: null }), {
      timeoutMs: 5_000,
    });
    await services.stopService('monitor');
    const stale = await health();
    expect(stale).toMatchObject({ status: 200, body: { observed_at: '2026-01-05T10:00:00.000Z' } });
    expect(Number(stale.age)).toBeGreaterThanOrEqual(0);
    expect(Number(stale.age)).toBeLessThan(30);
    await eventually(async () => expect(Number((await health()).age)).toBeGreaterThanOrEqual(1), {
      timeoutMs: 10_000,
    });
    await services.startService('monitor');
    monitorSays('2026-01-05T10:00:09.000Z');
    await eventually(
      async () =>
        expect(await health()).toMatchObject({
          status: 200,
          age: null,
          body: { observed_at: '2026-01-05T10:00:09.000Z' },
        }),
      { timeoutMs: 5_000 },
    );
  });

  it('is the last response also while monitor hangs, within the deadline of a call', async () => {
    monitorSays('2026-01-05T11:00:00.000Z');
    await eventually(async () => expect((await health()).age).toBeNull(), { timeoutMs: 5_000 });
    services.on(contracts.getSystemHealth, () => new Promise(() => undefined));
    const { status, age, body, tookMs } = await health();
    expect({ status, observed: body.observed_at }).toEqual({
      status: 200,
      observed: '2026-01-05T11:00:00.000Z',
    });
    expect(Number(age)).toBeGreaterThanOrEqual(1);
    expect(tookMs).toBeLessThan(allowedMs(2_500));
  });

  it('is shown to admins only, and replaces no other response', async () => {
    monitorSays('2026-01-05T12:00:00.000Z');
    await eventually(async () => expect((await health()).status).toBe(200), { timeoutMs: 5_000 });
    await services.stopService('monitor');
    expect((await health(services.identities.owner)).status).toBe(403);
    expect((await health(services.identities.key)).status).toBe(403);
    await services.startService('monitor');
    // Another admin route, whose service has responded before and is away now.
    const incidents = () => gateway.fetch('/v1/admin/incidents', { bearer: services.identities.admin });
    expect((await incidents()).status).toBe(200);
    await services.stopService('healer');
    const response = await incidents();
    expect(response.status).toBe(503);
    expect(response.headers.get('age')).toBeNull();
    await services.startService('healer');
  });

  it('is not hidden by the last response when monitor responds with an error', async () => {
    services.on(contracts.getSystemHealth, () => {
      throw new Error('a bug');
    });
    await eventually(async () => expect(await health()).toMatchObject({ status: 500, age: null }), {
      timeoutMs: 5_000,
    });
  });
});
