import { AppError, getInvoicePdf, INVOICE_NOT_FOUND, newId } from '@gridworks/contracts';
import { type NatsServer, type RedisServer, startNats, startRedis } from '@gridworks/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { FakeServices } from './fake-services.ts';
import { type GatewayUnderTest, startGateway } from './gateway-under-test.ts';

describe('the PDF of an invoice', () => {
  let nats: NatsServer;
  let redis: RedisServer;
  let services: FakeServices;
  let gateway: GatewayUnderTest;
  beforeAll(async () => {
    [nats, redis] = await Promise.all([startNats({ withPermissions: true }), startRedis()]);
    services = await FakeServices.start(nats);
    gateway = await startGateway({ nats, redisUrl: redis.url });
  });
  afterEach(() => services.reset());
  afterAll(async () => {
    await gateway?.stop();
    await services?.stop();
    await Promise.all([nats?.stop(), redis?.stop()]);
  });

  const fetch = (bearer?: string) =>
    gateway.fetch(`/v1/invoices/${newId('invoice')}/pdf`, bearer ? { bearer } : {});

  it('is a file with every byte of it', async () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    const base64 = bytes.toString('base64');
    services.on(getInvoicePdf, () => ({ object: 'invoice_pdf', file_name: 'GW-2026-000042.pdf', base64 }));
    const response = await fetch(services.identities.owner);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/pdf');
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="GW-2026-000042.pdf"');
    expect(Buffer.from(await response.arrayBuffer()).equals(bytes)).toBe(true);
  });

  it('is a problem document where it is refused', async () => {
    services.on(getInvoicePdf, () => {
      throw new AppError(INVOICE_NOT_FOUND);
    });
    const missing = await fetch(services.identities.owner);
    expect([missing.status, missing.headers.get('content-type')]).toEqual([
      404,
      expect.stringContaining('application/problem+json'),
    ]);
    expect(await missing.json()).toMatchObject({ code: 'BILLING.INVOICE_NOT_FOUND' });
    expect((await fetch()).status).toBe(401);
  });
});
