import * as contracts from '@gridworks/contracts';
import { type NatsServer, type RedisServer, startNats, startRedis } from '@gridworks/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeServices } from './fake-services.ts';
import { type GatewayUnderTest, startGateway } from './gateway-under-test.ts';

describe('webhooks of the payment provider', () => {
  let nats: NatsServer;
  let redis: RedisServer;
  let services: FakeServices;
  let gateway: GatewayUnderTest;
  beforeAll(async () => {
    [nats, redis] = await Promise.all([startNats({ withPermissions: true }), startRedis()]);
    services = await FakeServices.start(nats);
    gateway = await startGateway({ nats, redisUrl: redis.url });
  });
  beforeEach(() => services.reset());
  afterAll(async () => {
    await gateway?.stop();
    await services?.stop();
    await Promise.all([nats?.stop(), redis?.stop()]);
  });

  const send = (body: string, headers: Record<string, string>) =>
    gateway.fetch('/v1/webhooks/stripe', {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    });

  it('go on as the bytes that came, and get 200 when billing has stored them', async () => {
    // Spaces, the order of members and the way a number is written are the sender's: the signature is over them.
    const body = '{\n  "id": "evt_1",  "amount": 1.10, "name": "Zürich \\u00fc"\n}\n';
    let received: unknown;
    services.on(contracts.receiveProviderEvent, (input) => {
      received = input;
      return { received: true as const };
    });
    const response = await send(body, { 'stripe-signature': 't=1,v1=ab' });
    expect(response.status).toBe(200);
    expect(received).toEqual({
      ...{ provider: 'stripe', signature: 't=1,v1=ab' },
      body: Buffer.from(body).toString('base64'),
    });
  });

  it('get 400 without a signature, and with one that billing refuses', async () => {
    services.on(contracts.receiveProviderEvent, () => {
      throw new contracts.AppError(contracts.WEBHOOK_REFUSED);
    });
    for (const headers of [{}, { 'stripe-signature': 't=1,v1=00' }] as Record<string, string>[]) {
      const response = await send('{}', headers);
      expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([
        400,
        'BILLING.WEBHOOK_REFUSED',
      ]);
    }
  });

  it('get no 2xx while billing cannot store them, so that the provider sends them again', async () => {
    services.on(contracts.receiveProviderEvent, () => {
      throw new contracts.AppError(contracts.UNAVAILABLE, { retryAfterMs: 1000 });
    });
    expect((await send('{}', { 'stripe-signature': 't=1,v1=ab' })).status).toBe(503);
  });

  it('may not be larger than 256 KiB', async () => {
    const response = await send(JSON.stringify({ text: 'x'.repeat(300_000) }), {
      'stripe-signature': 't=1,v1=ab',
    });
    expect(response.status).toBe(413);
  });
});
