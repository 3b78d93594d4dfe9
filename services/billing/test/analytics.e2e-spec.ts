import type { Bus } from '@gridworks/bus';
import {
  countCalls,
  getAccounts,
  getCallSeries,
  getKeyUsage,
  getLatencySeries,
  newId,
  partnerRegistered,
  SYNTHETIC_PARTNER_ID,
  summarizeUsage,
  type UsageRecord,
  usageRecorded,
} from '@gridworks/contracts';
import { eventually } from '@gridworks/testing';
import { keyOf, type ServiceUnderTest } from '@gridworks/testing/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RollupRepository } from '../src/analytics/rollup.repository.ts';
import { startBilling } from './billing-under-test.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

describe('the figures of billing', () => {
  let billing: ServiceUnderTest;
  let gateway: Bus;
  let auth: Bus;
  let rollups: RollupRepository;
  beforeAll(async () => {
    billing = await startBilling();
    const { module } = await billing.startInstance();
    rollups = module.get(RollupRepository);
    [gateway, auth] = [await billing.startGateway(), await billing.connect('auth')];
  });
  afterAll(() => billing.stop());

  const record = (over: Partial<UsageRecord>): UsageRecord => ({
    id: newId('usage'),
    partner_id: newId('partner'),
    api_key_id: newId('apiKey'),
    mode: 'live',
    operation: 'GET /v1/plans',
    status: 200,
    at: new Date().toISOString(),
    ...over,
  });
  const ago = (ms: number): string => new Date(Date.now() - ms).toISOString();
  const dayAgo = (days: number): string => ago(days * DAY_MS).slice(0, 10);

  /** Sends records, and waits until billing has counted them. */
  async function use(records: readonly UsageRecord[]): Promise<void> {
    for (let at = 0; at < records.length; at += 500)
      await gateway.publish(usageRecorded, { records: records.slice(at, at + 500) });
    const last = records.at(-1) as UsageRecord;
    await eventually(
      async () =>
        expect(await billing.query('select 1 from usage_records where id = $1', [last.id])).toHaveLength(1),
      { timeoutMs: 20_000 },
    );
  }

  it('split calls by key, operation and status, live and test apart', async () => {
    const partner_id = newId('partner');
    const [live, test] = [newId('apiKey'), newId('apiKey')];
    const base = { partner_id, at: '2026-11-10T10:15:00.000Z' };
    await use([
      record({ ...base, api_key_id: live }),
      record({ ...base, api_key_id: live, status: 404, operation: 'GET /v1/tickets/:id' }),
      record({ ...base, api_key_id: live, at: '2026-11-10T12:00:00.000Z' }),
      record({ ...base, api_key_id: test, mode: 'test' }),
    ]);
    const series = (by: 'all' | 'key' | 'operation' | 'status', mode?: 'live' | 'test') =>
      gateway.request(
        getCallSeries,
        {
          step: 'hour',
          from: '2026-11-10T10:00:00Z',
          to: '2026-11-10T13:00:00Z',
          by,
          ...(mode ? { mode } : {}),
        },
        { principal: keyOf(partner_id) },
      );
    expect(await series('all')).toMatchObject({
      times: ['2026-11-10T10:00:00.000Z', '2026-11-10T11:00:00.000Z', '2026-11-10T12:00:00.000Z'],
      total_calls: 4,
      series: [{ value: 'all', total_calls: 4, calls: [3, 0, 1] }],
      other: null,
      counted_until: '2026-11-10T12:00:00.000Z',
    });
    expect((await series('key')).series).toEqual([
      { value: live, total_calls: 3, calls: [2, 0, 1] },
      { value: test, total_calls: 1, calls: [1, 0, 0] },
    ]);
    expect((await series('operation')).series.map(({ value, total_calls }) => [value, total_calls])).toEqual([
      ['GET /v1/plans', 3],
      ['GET /v1/tickets/:id', 1],
    ]);
    expect((await series('status', 'live')).series).toEqual([
      { value: '200', total_calls: 2, calls: [1, 0, 1] },
      { value: '404', total_calls: 1, calls: [1, 0, 0] },
    ]);
    const days = await gateway.request(
      getCallSeries,
      { from: '2026-11-09', to: '2026-11-11', mode: 'test' },
      { principal: keyOf(partner_id) },
    );
    expect(days.series).toEqual([{ value: 'all', total_calls: 1, calls: [0, 1] }]);
    const stranger = await gateway.request(
      getCallSeries,
      { from: '2026-11-09', to: '2026-11-11', by: 'key' },
      { principal: keyOf(newId('partner')) },
    );
    expect(stranger).toMatchObject({ total_calls: 0, series: [], other: null });
  });

  it('show the twenty keys with most calls, and all other keys as one', async () => {
    const partner_id = newId('partner');
    const at = '2026-11-11T10:00:00.000Z';
    const keys = Array.from({ length: 25 }, () => newId('apiKey'));
    await use(
      keys.flatMap((api_key_id, i) =>
        Array.from({ length: i + 1 }, () => record({ partner_id, api_key_id, at })),
      ),
    );
    const response = await gateway.request(
      getCallSeries,
      { from: '2026-11-11', to: '2026-11-12', by: 'key' },
      { principal: keyOf(partner_id) },
    );
    expect(response.series.map(({ value }) => value)).toEqual(keys.toReversed().slice(0, 20));
    expect(response.other).toEqual({ total_calls: 1 + 2 + 3 + 4 + 5, calls: [15] });
    expect(response.total_calls).toBe((25 * 26) / 2);
  });

  it('contain the median and the 95th percentile of the time that calls took', async () => {
    const partner_id = newId('partner');
    const at = '2026-11-12T10:00:00.000Z';
    await use([
      ...Array.from({ length: 90 }, () => record({ partner_id, at, took_ms: 10 })),
      ...Array.from({ length: 10 }, () => record({ partner_id, at, took_ms: 1000 })),
      // From a gateway of the release before calls were timed: counted, and in no percentile.
      record({ partner_id, at }),
    ]);
    const response = await gateway.request(
      getLatencySeries,
      { from: '2026-11-12', to: '2026-11-14' },
      { principal: keyOf(partner_id) },
    );
    expect(response.calls).toEqual([100, 0]);
    const [[p50, later], [p95]] = [response.p50_ms, response.p95_ms];
    expect(later).toBeNull();
    expect(p50).toBeGreaterThan(10 / 1.25);
    expect(p50).toBeLessThan(10 * 1.25);
    expect(p95).toBeGreaterThan(1000 / 1.25);
    expect(p95).toBeLessThan(1000 * 1.25);
  });

  it('contain the calls that count for the plan, and the forecast of the month', async () => {
    const partner_id = newId('partner');
    await use([
      ...Array.from({ length: 7 }, (_, i) => record({ partner_id, at: ago((i + 1) * DAY_MS) })),
      record({ partner_id, at: ago(0) }),
      record({ partner_id, at: ago(0), mode: 'test' }),
    ]);
    const summary = await gateway.request(summarizeUsage, {}, { principal: keyOf(partner_id) });
    const monthStart = `${new Date().toISOString().slice(0, 7)}-01`;
    const used =
      1 + Array.from({ length: 7 }, (_, i) => dayAgo(i + 1)).filter((day) => day >= monthStart).length;
    expect(summary).toMatchObject({
      plan: { id: 'free' },
      period: { from: monthStart },
      used_calls: used,
      test_calls: 1,
      included_calls: 10_000,
      used_up_on: null,
      forecast_extra: 0,
    });
    // One call a day: at most one more for each remaining day.
    const daysLeft = (Date.parse(summary.period.to) - Date.now()) / DAY_MS;
    expect(summary.forecast_calls).toBe(Math.round(used + daysLeft));
  });

  it('show a page of keys with their last call and thirty days, read by auth alone', async () => {
    const partner_id = newId('partner');
    const [busy, old, unused] = [newId('apiKey'), newId('apiKey'), newId('apiKey')];
    const [now, earlier, before] = [ago(0), ago(3 * DAY_MS), ago(40 * DAY_MS)];
    await use([
      record({ partner_id, api_key_id: busy, at: earlier }),
      record({ partner_id, api_key_id: busy, at: now }),
      record({ partner_id, api_key_id: busy, at: now }),
      record({ partner_id, api_key_id: old, at: before }),
    ]);
    const request = { partner_id, api_key_ids: [unused, old, busy] };
    const usage = await auth.request(getKeyUsage, request);
    const byId = new Map(usage.api_keys.map((one) => [one.api_key_id, one]));
    expect([...byId.keys()].sort()).toEqual([busy, old].sort());
    expect(byId.get(busy)?.last_call_at).toBe(now);
    expect(byId.get(busy)?.days.slice(-4)).toEqual([1, 0, 0, 2]);
    expect(byId.get(old)).toEqual({ api_key_id: old, last_call_at: before, days: Array(30).fill(0) });
    const foreign = await auth.request(getKeyUsage, { ...request, partner_id: newId('partner') });
    expect(foreign.api_keys).toEqual([]);
  });

  it('give auth the plan, calls of the month, first and last call of partners', async () => {
    const [partner, stranger] = [newId('partner'), newId('partner')];
    const registered = { partner_id: partner, name: 'Ada', registered_at: ago(0) };
    await auth.publish(partnerRegistered, registered);
    const at = ago(0);
    await use([record({ partner_id: partner, at }), record({ partner_id: partner, at, mode: 'test' })]);
    const { accounts } = await auth.request(getAccounts, { partner_ids: [partner, stranger] });
    expect(accounts.find((one) => one.partner_id === partner)).toMatchObject({
      plan: { id: 'free', included_calls: 10_000 },
      used_calls: 1,
      first_call_at: at,
      last_call_at: at,
    });
    expect(accounts.find((one) => one.partner_id === stranger)).toMatchObject({
      used_calls: 0,
      first_call_at: null,
      last_call_at: null,
    });
  });

  it('count calls of all partners, of today and of 30 days, and those that failed', async () => {
    const monitor = await billing.connect('monitor');
    const before = await monitor.request(countCalls, {});
    await use([
      record({ mode: 'test' }),
      record({ status: 399 }),
      record({ status: 404 }),
      record({ status: 503, at: ago(29 * DAY_MS) }),
      record({ status: 500, at: ago(30 * DAY_MS) }),
      record({ partner_id: SYNTHETIC_PARTNER_ID }), // of monitor, and in no figure of partners
    ]);
    const after = await monitor.request(countCalls, {});
    const more = (name: 'today' | 'last_30_days') => [
      after[name].calls - before[name].calls,
      after[name].errors - before[name].errors,
    ];
    expect([more('today'), more('last_30_days')]).toEqual([
      [3, 1],
      [4, 2],
    ]);
  });

  it('keep hours for 35 days and days for 400', async () => {
    const partner_id = newId('partner');
    await use([36, 399, 401].map((days) => record({ partner_id, at: ago(days * DAY_MS) })));
    expect(await rollups.deleteOld({ hour: 35, day: 400 })).toBeGreaterThan(0);
    const rows = await billing.query<{ step: string; day: string }>(
      `select step, to_char(at at time zone 'UTC', 'YYYY-MM-DD') as day from usage_rollups
       where partner_id = $1 and dimension = 'all' order by day`,
      [partner_id],
    );
    expect(rows).toEqual([
      { step: 'day', day: dayAgo(399) },
      { step: 'day', day: dayAgo(36) },
    ]);
  });

  it('are read by index for a busy partner', async () => {
    const partner_id = newId('partner');
    await billing.query(
      `insert into usage_daily (partner_id, day, api_key_id, calls, first_call_at, last_call_at)
       select $1, current_date - d, 'key_' || lpad(k::text, 22, '0'), 1, now(), now()
       from generate_series(0, 29) d, generate_series(1, 1000) k`,
      [partner_id],
    );
    await billing.query(
      `insert into usage_rollups (partner_id, dimension, step, at, value, mode, calls)
       select $1, 'key', 'hour', date_trunc('hour', now()) - make_interval(hours => h), 'key_' || k, 'live', 1
       from generate_series(0, 47) h, generate_series(1, 1000) k`,
      [partner_id],
    );
    await billing.query('analyze usage_daily, usage_rollups');
    const plan = async (sql: string, values: unknown[]) =>
      JSON.stringify(await billing.query(`explain (format json) ${sql}`, values));
    const keys = Array.from({ length: 100 }, (_, k) => `key_${String(k + 1).padStart(22, '0')}`);
    expect(
      await plan(
        `select * from unnest($2::text[]) as given (id) cross join lateral (
           select last_call_at from usage_daily
           where partner_id = $1 and api_key_id = given.id order by day desc limit 1) last`,
        [partner_id, keys],
      ),
    ).not.toContain('Seq Scan');
    expect(
      await plan(
        `select at, sum(calls) from usage_rollups where partner_id = $1 and dimension = 'key' and step = 'hour'
           and at >= now() - interval '2 hours' and at < now() group by at`,
        [partner_id],
      ),
    ).not.toContain('Seq Scan');
    expect(
      await plan(
        `select at, sum(calls) from usage_rollups where dimension = 'status' and step = 'day' and at >= $1 group by at`,
        [ago(30 * DAY_MS)],
      ),
    ).toContain('usage_rollups_status_days');
    const response = await auth.request(getKeyUsage, { partner_id, api_key_ids: keys });
    expect(response.api_keys).toHaveLength(100);
  });
});
