import { Bus } from '@gridworks/bus';
import * as contracts from '@gridworks/contracts';
import { eventually, type NatsServer, type RedisServer, startNats, startRedis } from '@gridworks/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FakeServices } from './fake-services.ts';
import { type GatewayUnderTest, startGateway } from './gateway-under-test.ts';
import { rawRequest } from './raw-request.ts';

describe('a count of the gateway', () => {
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
  const call = async (path: string, method = 'GET', body?: object): Promise<number> => {
    const response = await gateway.fetch(path, {
      method,
      bearer: services.identities.owner,
      ...(body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {}),
    });
    await response.arrayBuffer();
    return response.status;
  };
  /** The number of responses by operation and class. */
  const counted = async (): Promise<Record<string, number>> => {
    const text = await (await fetch(`${gateway.healthUrl}/metrics`)).text();
    const lines = text.matchAll(/^gateway_requests_total\{(.*)\} (\d+)$/gm);
    return Object.fromEntries(
      [...lines].map(([, labels = '', count]) => {
        const of = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(labels)?.[1];
        return [`${of('operation')} ${of('class')}`, Number(count)];
      }),
    );
  };

  it('groups failures by route, not by address', async () => {
    services.on(contracts.getTicket, () => {
      throw new contracts.AppError(contracts.INTERNAL);
    });
    services.on(contracts.transitionTicket, () => {
      throw new contracts.AppError(contracts.UNAVAILABLE);
    });
    for (let i = 0; i < 5; i++) {
      const address = `/v1/tickets/${contracts.newId('ticket')}`;
      expect(await call(address)).toBe(500);
      expect(await call(address, 'PATCH', { status: 'closed' })).toBe(503);
    }
    expect(await call('/v1/tickets/nonsense')).toBe(400);
    expect(await counted()).toMatchObject({
      'GET /v1/tickets/:id 5xx': 5,
      'GET /v1/tickets/:id 4xx': 1,
      'PATCH /v1/tickets/:id 5xx': 5,
    });
  });

  it('is in a pulse by route, with its durations', async () => {
    const monitor = await Bus.connect({
      servers: nats.url,
      ...nats.credentials('monitor'),
      service: 'monitor',
      instance: 'monitor',
      signingKey: 'a signing key for tests, of no worth',
    });
    const routes = new Map<string, NonNullable<contracts.Pulse['contracts']>[number]>();
    monitor.listenPulse(({ service, contracts: found }) => {
      if (service === 'gateway') for (const one of found ?? []) routes.set(one.contract, one);
    });
    try {
      const failing = () => call(`/v1/tickets/${contracts.newId('ticket')}`);
      await eventually(
        async () => {
          expect(await failing()).toBe(500);
          expect(routes.get('GET /v1/tickets/:id')?.p95_ms).toBeGreaterThan(0);
        },
        { timeoutMs: 30_000, everyMs: 200 },
      );
      const { requests, errors } = routes.get('GET /v1/tickets/:id')!;
      expect(errors).toBeGreaterThan(5);
      // One of them was the fault of the caller.
      expect(requests).toBe(errors + 1);
    } finally {
      await monitor.close();
    }
  }, 60_000);

  it('has no further series for further addresses', async () => {
    const before = Object.keys(await counted()).filter((key) => !key.startsWith('unknown '));
    for (let i = 0; i < 50; i++) expect(await call(`/nope/${i}`)).toBe(404);
    for (let i = 0; i < 5; i++) await rawRequest(gateway.port, [`BREW${i} / HTTP/1.1\r\nHost: x\r\n\r\n`]);
    const after = await counted();
    expect(Object.keys(after).filter((key) => !key.startsWith('unknown '))).toEqual(before);
    expect(after['unknown 4xx']).toBeGreaterThanOrEqual(50);
  });
});
