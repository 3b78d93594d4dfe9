import { eventually, type NatsServer, type RedisServer, startNats, startRedis } from '@gridworks/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FakeServices } from './fake-services.ts';
import { type GatewayUnderTest, startGateway } from './gateway-under-test.ts';
import { rawRequest } from './raw-request.ts';

describe('an address, in any spelling', () => {
  let nats: NatsServer;
  let redis: RedisServer;
  let services: FakeServices;
  let gateway: GatewayUnderTest;
  beforeAll(async () => {
    [nats, redis] = await Promise.all([startNats({ withPermissions: true }), startRedis()]);
    services = await FakeServices.start(nats);
    gateway = await startGateway({
      nats,
      redisUrl: redis.url,
      env: { GATEWAY_LIMIT_ADDRESS_BURST: '60' },
    });
    await eventually(async () =>
      expect(await (await fetch(`${gateway.healthUrl}/health`)).json()).toMatchObject({ status: 'pass' }),
    );
  });
  afterAll(async () => {
    await gateway?.stop();
    await services?.stop();
    await Promise.all([nats?.stop(), redis?.stop()]);
  });
  const get = (target: string, method = 'GET', headers = '') =>
    rawRequest(gateway.port, [
      `${method} ${target} HTTP/1.1\r\nHost: 127.0.0.1\r\n${headers}Connection: close\r\n\r\n`,
    ]);
  const bearer = () => `Authorization: Bearer ${services.identities.owner}\r\n`;

  it.each(['/livez', '/%6Civez', '/liv%65z', '/%68ealth', 'http://127.0.0.1/livez', '/livez#frag'])(
    'responds to the probe %s',
    async (target) => {
      const { status, text } = await get(target);
      expect(status).toBe(200);
      expect(text).toMatch(/\{"status":"pass"\}$/);
    },
  );

  it.each([
    '/v1/pl%61ns',
    'http://portal.example/v1/plans',
    '/v1/plans#all',
    'HTTP://portal.example:80/v1/plans',
  ])('answers %s', async (target) => expect((await get(target, 'GET', bearer())).status).toBe(200));

  it.each(['/v1/tickets', '/v1/ticket%73', 'http://portal.example/v1/tickets', '/v1/tickets#frag'])(
    'lists the methods of %s',
    async (target) => {
      const { status, text } = await get(target, 'PUT');
      expect(status).toBe(405);
      expect(text).toMatch(/^allow: GET, HEAD, POST\r$/m);
    },
  );

  it.each(['http://portal.example/nope', 'http://portal.example', 'ftp://portal.example/livez', '/%6eope'])(
    'responds with 404 to %s',
    async (target) => {
      const { status, text } = await get(target);
      expect(status).toBe(404);
      expect(text).toContain('GATEWAY.ROUTE_NOT_FOUND');
    },
  );

  it('shows details and metrics at the health port alone', async () => {
    for (const path of ['/livez', '/readyz', '/startupz', '/health'])
      expect(await (await gateway.fetch(path)).json()).toEqual({ status: 'pass' });
    for (const path of ['/metrics', '/me%74rics']) expect((await gateway.fetch(path)).status).toBe(404);
    expect(await (await fetch(`${gateway.healthUrl}/health`)).json()).toMatchObject({
      checks: expect.anything(),
    });
    expect(await (await fetch(`${gateway.healthUrl}/metrics`)).text()).toContain('gateway_requests_total');
  });

  it('counts for its caller, except the probes', async () => {
    const statuses = new Map<string, Set<number>>();
    const paths = [
      '/nope',
      '/asyncapi.json',
      '/openapi.json',
      '/problems/PLATFORM.INTERNAL',
      '/health',
      '/livez',
      '/readyz',
    ];
    for (const path of paths) {
      const seen = new Set<number>();
      for (let i = 0; i < 62; i++) {
        const response = await gateway.fetch(path);
        seen.add(response.status);
        await response.arrayBuffer();
      }
      statuses.set(path, seen);
    }
    for (const path of paths)
      expect({ path, limited: statuses.get(path)?.has(429) }).toEqual({
        path,
        limited: path !== '/livez' && path !== '/readyz',
      });
    expect((await gateway.fetch('/v1/plans', { bearer: services.identities.key })).status).toBe(200);
  });
});
