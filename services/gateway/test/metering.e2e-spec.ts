import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Bus, publicKeyOf } from '@gridworks/bus';
import * as contracts from '@gridworks/contracts';
import { eventually, type NatsServer, type RedisServer, startNats, startRedis } from '@gridworks/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { FakeServices } from './fake-services.ts';
import { type GatewayUnderTest, startGateway } from './gateway-under-test.ts';
import { keepCalling } from './keep-calling.ts';

describe('metering', () => {
  let nats: NatsServer;
  let redis: RedisServer;
  let services: FakeServices;
  const gateways: GatewayUnderTest[] = [];
  beforeAll(async () => {
    [nats, redis] = await Promise.all([startNats({ withPermissions: true }), startRedis()]);
    services = await FakeServices.start(nats);
  });
  afterAll(async () => {
    await services?.stop();
    await Promise.all([nats?.stop(), redis?.stop()]);
  });
  afterEach(async () => {
    for (const gateway of gateways.splice(0)) await gateway.stop();
    services.usage.length = 0;
    services.reset();
  });
  async function start(
    options: { journalDir?: string; env?: Record<string, string> } = {},
  ): Promise<GatewayUnderTest> {
    const gateway = await startGateway({ nats, redisUrl: redis.url, ...options });
    gateways.push(gateway);
    return gateway;
  }

  it('counts each call with a key and a response once, and no other', async () => {
    const gateway = await start();
    const { key, owner } = services.identities;
    await gateway.fetch('/v1/plans', { bearer: key });
    await gateway.fetch(`/v1/tickets/${contracts.newId('ticket')}`, { bearer: key });
    await gateway.fetch('/v1/tickets?limit=x', { bearer: key });
    await gateway.fetch('/v1/api-keys', { bearer: key });
    await gateway.fetch('/v1/plans', { bearer: owner });
    expect((await gateway.fetch('/v1/plans')).status).toBe(200);
    services.on(contracts.getUsage, () => {
      throw new contracts.AppError(contracts.UNAVAILABLE);
    });
    await gateway.fetch('/v1/usage', { bearer: key });
    await gateway.fetch('/v1/me', { bearer: key });
    await eventually(() => expect(services.usage.length).toBeGreaterThanOrEqual(5));
    expect(services.usage.map(({ operation, status }) => `${operation} ${status}`)).toEqual([
      'GET /v1/plans 200',
      'GET /v1/tickets/:id 404',
      'GET /v1/tickets 400',
      'GET /v1/api-keys 403',
      'GET /v1/me 200',
    ]);
    const principal = services.principals.get(contracts.credentialDigest(key));
    for (const record of services.usage)
      expect(record).toMatchObject({ api_key_id: principal?.id, partner_id: principal?.partner_id });
  });

  it('counts no call, and sends no 401, when a service refuses the principal that the gateway signed', async () => {
    const gateway = await start();
    const { key } = services.identities;
    await services.stopService('support');
    const { user, password } = nats.credentials('support');
    const support = await Bus.connect({
      servers: nats.url,
      user,
      password,
      service: 'support',
      instance: 'support',
      signingPublicKey: publicKeyOf('the key of another gateway, 32 long'),
    });
    try {
      await support.serve(contracts.listTickets, () => ({}) as never);
      const response = await gateway.fetch('/v1/tickets', { bearer: key });
      expect(response.status).toBe(503);
      expect(await response.json()).toMatchObject({ code: 'PLATFORM.UNAVAILABLE', retry_after: 5 });
      expect((await gateway.fetch('/v1/me', { bearer: key })).status).toBe(200);
    } finally {
      await support.close();
      await services.startService('support');
    }
    await eventually(() => expect(services.usage.length).toBeGreaterThanOrEqual(1));
    expect(services.usage.map(({ operation }) => operation)).toEqual(['GET /v1/me']);
  });

  it('loses no call with a response and counts none twice when the gateway is killed under load', async () => {
    const journalDir = await mkdtemp(join(tmpdir(), 'gridworks-journal-'));
    let responded = 0;
    for (let round = 0; round < 3; round++) {
      const gateway = await start({ journalDir });
      const load = keepCalling(gateway.port, services.identities.key, 16);
      await eventually(() => (load.statuses.get(200) ?? 0) > 500 * (round + 1));
      await gateway.kill9();
      await load.stop();
      responded += load.statuses.get(200) ?? 0;
    }
    await start({ journalDir });
    expect(responded).toBeGreaterThan(1500);
    await eventually(() => expect(services.usage.length).toBeGreaterThanOrEqual(responded), {
      timeoutMs: 15_000,
    });
    // A call may have been recorded just before the kill without a response: at most one for each connection.
    expect(services.usage.length).toBeLessThanOrEqual(responded + 3 * 16);
    await rm(journalDir, { recursive: true, force: true });
  }, 60_000);

  it('sends again the records that the bus stored and lost with its disk', async () => {
    const gateway = await start();
    await services.consumption?.stop();
    for (let i = 0; i < 20; i++) await gateway.fetch('/v1/plans', { bearer: services.identities.key });
    await eventually(async () => {
      const metrics = await (await fetch(`${gateway.healthUrl}/metrics`)).text();
      expect(metrics).toMatch(/^gateway_usage_backlog_bytes 0$/m);
    });
    await nats.kill9();
    await nats.loseStore();
    await nats.restart();
    await eventually(() => services.consumeUsage(), { timeoutMs: 10_000, everyMs: 200 });
    await eventually(() => expect(services.usage.length).toBe(20), { timeoutMs: 40_000, everyMs: 200 });
  }, 60_000);

  it('has no journal in a temporary folder in production', async () => {
    const env = { NODE_ENV: 'production', GATEWAY_JOURNAL_DIR: '' };
    await expect(start({ env })).rejects.toThrow(
      /GATEWAY_JOURNAL_DIR {2,}is not set; expected: folder for metered calls/,
    );
  });

  it('does not share its journal with another process', async () => {
    const first = await start();
    await expect(start({ journalDir: first.journalDir })).rejects.toThrow('in use by gateway');
    const other = await start({ journalDir: first.journalDir, env: { SERVICE_INSTANCE: 'gateway-2' } });
    expect((await other.fetch('/readyz')).status).toBe(200);
  });

  const canMount = process.getuid?.() === 0;
  (canMount ? it : it.skip)(
    'refuses metered calls with 503 while the disk is full, reports that, and recovers',
    async () => {
      const journalDir = await mkdtemp(join(tmpdir(), 'gridworks-disk-'));
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', journalDir]);
      try {
        const gateway = await start({ journalDir });
        const { key, owner } = services.identities;
        expect((await gateway.fetch('/v1/plans', { bearer: key })).status).toBe(200);
        execFileSync('sh', ['-c', `cat /dev/zero > ${journalDir}/filler 2>/dev/null || true`]);
        const refused = await eventually(async () => {
          const response = await gateway.fetch('/v1/plans', { bearer: key });
          expect(response.status).toBe(503);
          return response;
        });
        expect(await refused.json()).toMatchObject({ retry_after: 2 });
        expect((await gateway.fetch('/v1/plans', { bearer: owner })).status).toBe(200);
        await eventually(async () => {
          const { degraded } = (await (await fetch(`${gateway.healthUrl}/health`)).json()) as {
            degraded: string[];
          };
          expect(degraded.join()).toContain('usage journal');
        });
        await rm(join(journalDir, 'filler'));
        await eventually(async () =>
          expect((await gateway.fetch('/v1/plans', { bearer: key })).status).toBe(200),
        );
        await gateway.stop().catch(() => {});
        gateways.length = 0;
      } finally {
        execFileSync('umount', ['-l', journalDir]);
        await rm(journalDir, { recursive: true, force: true });
      }
    },
  );
});
