import type { Bus } from '@gridworks/bus';
import { getUsage, listPlans, newId, usageRecorded } from '@gridworks/contracts';
import { allowedMs, eventually } from '@gridworks/testing';
import { type InstanceUnderTest, keyOf, type ServiceUnderTest } from '@gridworks/testing/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startBilling } from './billing-under-test.ts';

describe('billing while servers are away', () => {
  let billing: ServiceUnderTest;
  let gateway: Bus;
  let instance: InstanceUnderTest;
  const partner = newId('partner');
  const key = newId('apiKey');
  const publishCalls = (count: number) =>
    gateway.publish(usageRecorded, {
      records: Array.from({ length: count }, () => ({
        id: newId('usage'),
        partner_id: partner,
        api_key_id: key,
        mode: 'live' as const,
        operation: 'GET /v1/plans',
        status: 200,
        at: new Date().toISOString(),
      })),
    });
  const total = async () => (await gateway.request(getUsage, {}, { principal: keyOf(partner) })).total_calls;

  beforeAll(async () => {
    billing = await startBilling();
    instance = await billing.startInstance();
    gateway = await billing.startGateway();
    await publishCalls(10);
    await eventually(async () => expect(await total()).toBe(10));
  });
  afterAll(() => billing.stop());

  it('responds at once while PostgreSQL is dead, lists plans, and counts the calls of the meantime afterwards', async () => {
    await billing.postgres.kill9();
    for (let i = 0; i < 5; i++) {
      const start = performance.now();
      await expect(total()).rejects.toMatchObject({ code: 'PLATFORM.UNAVAILABLE', retryable: true });
      expect(performance.now() - start).toBeLessThan(allowedMs(1900));
    }
    await instance.health.check();
    expect(instance.health.missing()).toEqual(['postgres']);
    expect((await gateway.request(listPlans, {})).data).toHaveLength(3);
    await publishCalls(20);
    await publishCalls(30);
    await billing.postgres.restart();
    await eventually(async () => expect(await total()).toBe(60), { timeoutMs: 20_000 });
    await instance.health.check();
    expect(instance.health.missing()).toEqual([]);
  });

  it('continues to count after its connections are cut', async () => {
    for (let i = 0; i < 5; i++) {
      await publishCalls(100);
      await billing.postgres.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where usename = 'billing'`,
      );
    }
    await eventually(async () => expect(await total()).toBe(560), { timeoutMs: 20_000 });
  });

  it('continues to count after NATS was killed', async () => {
    await publishCalls(40);
    await billing.nats.kill9();
    await billing.nats.restart();
    await eventually(async () => expect(await total()).toBe(600), { timeoutMs: 20_000 });
    await eventually(() => publishCalls(1));
    await eventually(async () => expect(await total()).toBe(601), { timeoutMs: 20_000 });
  });
});
