import { setTimeout as delay } from 'node:timers/promises';
import * as contracts from '@gridworks/contracts';
import {
  allowedMs,
  eventually,
  type NatsServer,
  type RedisServer,
  startNats,
  startRedis,
} from '@gridworks/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { FakeServices } from './fake-services.ts';
import { type GatewayUnderTest, startGateway } from './gateway-under-test.ts';
import { keepCalling } from './keep-calling.ts';

describe('the drain', () => {
  let nats: NatsServer;
  let redis: RedisServer;
  let services: FakeServices;
  let gateway: GatewayUnderTest;
  beforeAll(async () => {
    [nats, redis] = await Promise.all([startNats({ withPermissions: true }), startRedis()]);
    services = await FakeServices.start(nats);
  });
  afterAll(async () => {
    await services?.stop();
    await Promise.all([nats?.stop(), redis?.stop()]);
  });
  afterEach(async () => {
    await gateway.stop();
    services.reset();
    services.usage.length = 0;
  });

  it('loses no call under keep-alive load, and delivers all usage before it ends', async () => {
    gateway = await startGateway({ nats, redisUrl: redis.url });
    services.on(contracts.listPlans, async () => {
      await delay(20);
      return { object: 'list', url: '/v1/plans', has_more: false, data: [] };
    });
    const load = keepCalling(gateway.port, services.identities.key, 16);
    await eventually(() => (load.statuses.get(200) ?? 0) > 300);
    const status = await gateway.drain();
    await load.stop();
    expect(status).toBe(0);
    expect(load.lost()).toBe(0);
    expect([...load.statuses.keys()]).toEqual([200]);
    await eventually(() => expect(services.usage.length).toBe(load.statuses.get(200)), { timeoutMs: 5000 });
  });

  it('sends the response of a call that is under way', async () => {
    gateway = await startGateway({ nats, redisUrl: redis.url });
    const arrived = Promise.withResolvers<void>();
    services.on(contracts.listPlans, async () => {
      arrived.resolve();
      await delay(700);
      return { object: 'list', url: '/v1/plans', has_more: false, data: [] };
    });
    const response = gateway.fetch('/v1/plans', { bearer: services.identities.key });
    await arrived.promise;
    const end = gateway.drain();
    expect((await response).status).toBe(200);
    expect(await end).toBe(0);
  });

  it('ends event streams instead of waiting for them', async () => {
    gateway = await startGateway({ nats, redisUrl: redis.url });
    const stream = await gateway.fetch('/v1/admin/events', { bearer: services.identities.admin });
    expect(stream.status).toBe(200);
    const begun = performance.now();
    const end = gateway.drain();
    await stream.text();
    expect(await end).toBe(0);
    expect(performance.now() - begun).toBeLessThan(allowedMs(3000));
  });
});
