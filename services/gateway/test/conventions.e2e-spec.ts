import * as contracts from '@gridworks/contracts';
import { type NatsServer, type RedisServer, startNats, startRedis } from '@gridworks/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { FakeServices } from './fake-services.ts';
import { type GatewayUnderTest, startGateway } from './gateway-under-test.ts';

describe('the conventions of the public API', () => {
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
  const plans = (version?: string) =>
    gateway.fetch('/v1/plans', {
      bearer: services.identities.key,
      headers: version === undefined ? {} : { 'portal-version': version },
    });

  describe('pages', () => {
    const ids = [contracts.newId('ticket'), contracts.newId('ticket')];
    const page = { object: 'list', url: '/v1/tickets', has_more: true, data: ids.map((id) => ({ id })) };

    it('link to the next and the previous one, and leave as the service wrote them', async () => {
      services.on(contracts.listTickets, () => page);
      const cursor = contracts.newId('ticket');
      const response = await gateway.fetch(`/v1/tickets?limit=2&status=open&starting_after=${cursor}`, {
        bearer: services.identities.key,
      });
      expect(response.status).toBe(200);
      expect(response.headers.get('link')).toBe(
        [
          `</v1/tickets?limit=2&status=open&starting_after=${ids[1]}>; rel="next"`,
          `</v1/tickets?limit=2&status=open&ending_before=${ids[0]}>; rel="prev"`,
        ].join(', '),
      );
      expect(await response.text()).toBe(JSON.stringify(page));
    });

    it('have no link when there is no other', async () => {
      services.on(contracts.listTickets, () => ({ ...page, has_more: false }));
      const response = await gateway.fetch('/v1/tickets', { bearer: services.identities.key });
      expect(response.status).toBe(200);
      expect(response.headers.has('link')).toBe(false);
    });

    it('have no link when they are refused', async () => {
      services.on(contracts.listTickets, () => page);
      const response = await gateway.fetch('/v1/tickets?limit=0', { bearer: services.identities.key });
      expect(response.status).toBe(400);
      expect(response.headers.has('link')).toBe(false);
    });

    it('are not linked for a list without cursor', async () => {
      services.on(contracts.listPlans, () => ({ ...page, url: '/v1/plans' }));
      const response = await plans();
      expect(response.status).toBe(200);
      expect(response.headers.has('link')).toBe(false);
    });
  });

  describe('versions', () => {
    it('are accepted and repeated when they are known', async () => {
      const response = await plans('2026-11-01');
      expect(response.status).toBe(200);
      expect(response.headers.get('portal-version')).toBe('2026-11-01');
    });

    it.each(['2026-10-01', '1', 'latest', '', '2026-11-01, 2026-11-01'])('refuse %j', async (version) => {
      const response = await plans(version);
      expect(response.status).toBe(400);
      expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect(response.headers.get('portal-version')).toBe('2026-11-01');
      expect(await response.json()).toMatchObject({
        code: 'GATEWAY.UNKNOWN_VERSION',
        detail: expect.stringContaining('2026-11-01') as unknown,
      });
      expect(services.calls.map(({ subject }) => subject)).not.toContain(contracts.listPlans.subject);
    });

    it('do not matter to a probe', async () => {
      expect((await gateway.fetch('/livez', { headers: { 'portal-version': '1' } })).status).toBe(200);
    });
  });
});
