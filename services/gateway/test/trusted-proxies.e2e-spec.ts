import { type NatsServer, type RedisServer, startNats, startRedis } from '@gridworks/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { FakeServices } from './fake-services.ts';
import { type GatewayUnderTest, startGateway } from './gateway-under-test.ts';

const CALLS_A_DAY = 3;

describe('the address that is counted', () => {
  let nats: NatsServer;
  let redis: RedisServer;
  let services: FakeServices;
  let gateway: GatewayUnderTest | undefined;
  beforeAll(async () => {
    [nats, redis] = await Promise.all([startNats({ withPermissions: true }), startRedis()]);
    services = await FakeServices.start(nats);
  });
  afterEach(async () => {
    await gateway?.stop();
    gateway = undefined;
  });
  afterAll(async () => {
    await services?.stop();
    await Promise.all([nats?.stop(), redis?.stop()]);
  });

  const start = async (env: Record<string, string>) => {
    const limits = { GATEWAY_LIMIT_ADDRESS_DAILY: String(CALLS_A_DAY) };
    gateway = await startGateway({ nats, redisUrl: redis.url, env: { ...limits, ...env } });
    return gateway;
  };
  /** The statuses of anonymous calls, each forwarded for the next of the addresses. */
  const statuses = async (started: GatewayUnderTest, addresses: readonly string[]) => {
    const seen: number[] = [];
    for (const address of addresses) {
      const response = await started.fetch('/v1/sessions', {
        method: 'POST',
        headers: { 'x-forwarded-for': address, 'content-type': 'application/json' },
        body: '{}',
      });
      seen.push(response.status);
    }
    return seen;
  };
  const repeat = (address: string) => Array<string>(CALLS_A_DAY + 1).fill(address);

  it('is the one that a trusted proxy names', async () => {
    const started = await start({ GATEWAY_TRUSTED_PROXIES: '127.0.0.1' });
    // The first entry is the caller's own claim, and gains no quota.
    const claims = Array.from({ length: CALLS_A_DAY + 1 }, (_, i) => `192.0.2.${i}, 203.0.113.7`);
    expect(await statuses(started, claims)).toEqual([400, 400, 400, 429]);
    expect(await statuses(started, repeat('203.0.113.8'))).toEqual([400, 400, 400, 429]);
  });

  it('is the other end of the connection when no proxy is trusted', async () => {
    const started = await start({});
    expect(await statuses(started, ['203.0.113.1', '203.0.113.2', '203.0.113.3', '203.0.113.4'])).toEqual([
      400, 400, 400, 429,
    ]);
  });

  it('needs valid addresses of proxies', async () => {
    await expect(start({ GATEWAY_TRUSTED_PROXIES: '127.0.0.1, load-balancer' })).rejects.toThrow(
      'GATEWAY_TRUSTED_PROXIES',
    );
  });
});
