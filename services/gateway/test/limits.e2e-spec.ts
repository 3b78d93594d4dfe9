import { type NatsServer, type RedisServer, startNats, startRedis } from '@gridworks/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FakeServices } from './fake-services.ts';
import { type GatewayUnderTest, startGateway } from './gateway-under-test.ts';

describe('the limits', () => {
  let nats: NatsServer;
  let redis: RedisServer;
  let services: FakeServices;
  let gateways: GatewayUnderTest[] = [];
  beforeAll(async () => {
    [nats, redis] = await Promise.all([startNats({ withPermissions: true }), startRedis()]);
    services = await FakeServices.start(nats);
    const env = {
      GATEWAY_LIMIT_BURST: '1000',
      GATEWAY_LIMIT_DAILY: '20',
      GATEWAY_LIMIT_ADDRESS_DAILY: '7',
    };
    gateways = await Promise.all(
      ['gateway', 'gateway-2'].map((name) =>
        startGateway({ nats, redisUrl: redis.url, env: { ...env, SERVICE_INSTANCE: name } }),
      ),
    );
  });
  afterAll(async () => {
    for (const gateway of gateways) await gateway.stop();
    await services?.stop();
    await Promise.all([nats?.stop(), redis?.stop()]);
  });

  it('are in the headers of every response, and enforced over all gateways', async () => {
    const responses: Response[] = [];
    for (let i = 0; i < 30; i++) {
      const gateway = gateways[i % 2] as GatewayUnderTest;
      responses.push(await gateway.fetch('/v1/plans', { bearer: services.identities.key }));
    }
    const taken = responses.filter(({ status }) => status === 200);
    expect(taken.length).toBe(20);
    expect(taken[0]?.headers.get('ratelimit-policy')).toBe('"burst";q=1000;w=60,"daily";q=20;w=86400');
    expect(taken[0]?.headers.get('ratelimit')).toMatch(/^"daily";r=19;t=\d+$/);

    const refused = responses.at(-1) as Response;
    expect(refused.status).toBe(429);
    const problem = (await refused.json()) as Record<string, unknown>;
    expect(problem).toMatchObject({
      type: 'https://iana.org/assignments/http-problem-types#quota-exceeded',
      code: 'GATEWAY.QUOTA_EXCEEDED',
      'violated-policies': ['daily'],
    });
    const reset = Number(/t=(\d+)/.exec(refused.headers.get('ratelimit') ?? '')?.[1]);
    expect(refused.headers.get('ratelimit')).toMatch(/^"daily";r=0;t=/);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(reset);
    expect(problem.retry_after).toBe(Number(refused.headers.get('retry-after')));
    // Another caller has a quota of its own.
    expect((await gateways[0]?.fetch('/v1/plans', { bearer: services.identities.otherKey }))?.status).toBe(
      200,
    );
  });

  it('are those of the address when no credential is sent or needed', async () => {
    const statuses: number[] = [];
    for (let i = 0; i < 8; i++) statuses.push((await gateways[0]!.fetch('/v1/plans')).status);
    expect(statuses).toEqual([...Array(7).fill(200), 429]);
    const other = await gateways[1]!.fetch('/v1/plans');
    expect(other.headers.get('ratelimit-policy')).toBe('"burst";q=600;w=60,"daily";q=7;w=86400');
  });
});
