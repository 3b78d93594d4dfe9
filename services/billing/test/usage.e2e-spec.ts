import type { Bus } from '@gridworks/bus';
import {
  getUsage,
  listPlans,
  newId,
  partnerRegistered,
  type UsageRecord,
  usageRecorded,
} from '@gridworks/contracts';
import { eventually } from '@gridworks/testing';
import { keyOf, type ServiceUnderTest } from '@gridworks/testing/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { startBilling } from './billing-under-test.ts';

describe('billing over real NATS and PostgreSQL', () => {
  let billing: ServiceUnderTest;
  let gateway: Bus;

  beforeAll(async () => {
    billing = await startBilling();
    await Promise.all([billing.startInstance('billing'), billing.startInstance('billing-2')]);
    gateway = await billing.startGateway();
  });
  afterAll(() => billing.stop());

  const usageOf = (partnerId: string, range: { from?: string; to?: string } = {}) =>
    gateway.request(getUsage, range, { principal: keyOf(partnerId) });

  /** The number of events that the consumer has handled, with or without an effect. */
  const handled = async (): Promise<number> => {
    const [row] = await billing.query<{ count: number }>(
      `select count(*)::int as count from inbox where consumer = 'billing_record-usage'`,
    );
    return row!.count;
  };

  const record = (partnerId: string, keyId: string, at: string): UsageRecord => ({
    id: newId('usage'),
    partner_id: partnerId,
    api_key_id: keyId,
    mode: 'live',
    operation: 'GET /v1/plans',
    status: 200,
    at,
  });

  it('lists the plans', async () => {
    const plans = await gateway.request(listPlans, {});
    expect(plans.data.map((plan) => plan.id)).toEqual(['free', 'growth', 'scale']);
  });

  it('opens one account for a partner, however often the event is delivered', async () => {
    const auth = await billing.connect('auth');
    const payload = { partner_id: newId('partner'), name: 'Ada', registered_at: '2026-11-21T10:00:00.000Z' };
    const id = newId('event');
    await auth.publish(partnerRegistered, payload, { id, dedupId: 'first' });
    await auth.publish(partnerRegistered, payload, { id, dedupId: 'replayed' });
    await auth.publish(partnerRegistered, payload);
    await eventually(async () =>
      expect(await billing.query(`select 1 from inbox where consumer = 'billing_open-account'`)).toHaveLength(
        2,
      ),
    );
    expect(
      await billing.query(
        `select account.partner_id, plan, opened_at from accounts account join subscriptions using (partner_id)
         join plan_versions version on version.id = subscriptions.plan_version_id`,
      ),
    ).toEqual([{ partner_id: payload.partner_id, plan: 'free', opened_at: new Date(payload.registered_at) }]);
  });

  it('counts every call once when batches are doubled, shuffled and replayed', async () => {
    const partners = [newId('partner'), newId('partner')];
    const keys = [newId('apiKey'), newId('apiKey'), newId('apiKey')];
    const days = ['2026-03-01', '2026-03-02', '2026-04-30'];
    const records = Array.from({ length: 3000 }, (_, i) =>
      record(
        partners[i % 2]!,
        keys[i % 3]!,
        `${days[(i * 7) % 3]}T${i % 2 ? '23:59:59.999' : '00:00:00.000'}Z`,
      ),
    );
    // 30 % are sent twice, the second time in another batch; then all records are shuffled.
    const [mixed] = fc.sample(
      fc.shuffledSubarray([...records, ...records.slice(0, 900)], { minLength: 3900, maxLength: 3900 }),
      { numRuns: 1, seed: 42 },
    );
    const before = await handled();
    const batches: { id: string; records: UsageRecord[] }[] = [];
    for (let at = 0; at < mixed!.length; at += 130)
      batches.push({ id: newId('event'), records: mixed!.slice(at, at + 130) });
    // The same batches again: under the same ids, as a replay after the deduplication window, and under new
    // ids.
    const publishing = [...batches, ...batches, ...batches].map((batch, i) => {
      const id = i < 2 * batches.length ? batch.id : newId('event');
      return gateway.publish(usageRecorded, { records: batch.records }, { id, dedupId: `${id}:${i}` });
    });
    await Promise.all(publishing);
    await eventually(async () => expect(await handled()).toBe(before + 2 * batches.length), {
      timeoutMs: 20_000,
    });

    for (const [p, partner] of partners.entries()) {
      const mine = records.filter((_, i) => i % 2 === p);
      const usage = await usageOf(partner, { from: '2026-01-01', to: '2026-12-31' });
      expect(usage.total_calls).toBe(1500);
      expect(usage.days).toEqual(
        days.map((date) => ({
          date,
          calls: mine.filter((one) => one.at.startsWith(date)).length,
          test_calls: 0,
        })),
      );
      expect(Object.fromEntries(usage.api_keys.map((key) => [key.api_key_id, key.calls]))).toEqual(
        Object.fromEntries(keys.map((key) => [key, mine.filter((one) => one.api_key_id === key).length])),
      );
      expect(usage.counted_until).toBe(
        mine
          .map((one) => one.at)
          .sort()
          .at(-1),
      );
    }
    const [rows] = await billing.query<{ count: number }>(
      'select count(*)::int as count from usage_records where partner_id = any($1)',
      [partners],
    );
    expect(rows!.count).toBe(3000);
  });

  it('returns the requested days, only to their partner', async () => {
    const partner = newId('partner');
    const key = newId('apiKey');
    const before = await handled();
    await gateway.publish(usageRecorded, {
      records: [
        record(partner, key, '2025-12-31T23:59:59.999Z'),
        record(partner, key, '2026-01-01T00:00:00.000Z'),
        record(partner, key, '2026-01-01T00:00:00.001Z'),
      ],
    });
    await eventually(async () => expect(await handled()).toBe(before + 1));
    expect(await usageOf(partner, { from: '2026-01-01', to: '2026-01-01' })).toMatchObject({
      total_calls: 2,
      test_calls: 0,
      days: [{ date: '2026-01-01', calls: 2, test_calls: 0 }],
      api_keys: [{ api_key_id: key, calls: 2 }],
      counted_until: '2026-01-01T00:00:00.001Z',
    });
    expect((await usageOf(partner, { to: '2025-12-31' })).total_calls).toBe(1);
    const stranger = await usageOf(newId('partner'), { from: '2020-01-01', to: '2030-01-01' });
    expect(stranger).toMatchObject({
      total_calls: 0,
      days: [],
      api_keys: [],
      counted_until: '2020-01-01T00:00:00.000Z',
    });
  });

  it('refuses callers without a partner and invalid ranges', async () => {
    const partner = newId('partner');
    await expect(gateway.request(getUsage, {})).rejects.toMatchObject({ code: 'PLATFORM.UNAUTHENTICATED' });
    const admin = {
      ...keyOf(partner),
      kind: 'session' as const,
      partner_id: null,
      role: 'platform_admin' as const,
    };
    await expect(gateway.request(getUsage, {}, { principal: admin })).rejects.toMatchObject({
      code: 'PLATFORM.FORBIDDEN',
    });
    for (const range of [
      { from: '2026-02-01', to: '2026-01-01' },
      { from: '0000-01-01' },
      { from: '2026-02-30' },
      { from: "2026-01-01'; drop table usage_daily; --" },
      { from: '2026-01-01\u0000' },
      JSON.parse('{"constructor":1}') as object,
    ])
      await expect(usageOf(partner, range)).rejects.toMatchObject({ code: 'PLATFORM.INVALID_INPUT' });
    // Ignored by the parser; must not become the prototype of any object.
    const polluting = JSON.parse('{"__proto__":{"from":"2001-01-01","partner_id":"x"}}') as object;
    expect((await usageOf(partner, polluting)).from).not.toBe('2001-01-01');
  });
});
