import type { Bus } from '@gridworks/bus';
import {
  countAccounts,
  countCalls,
  countHealing,
  getHealingSummary,
  getHealthHistory,
  getOverview,
  getPublicStatus,
  getPublicStatusHistory,
  listHealthChecks,
  summarizeTickets,
} from '@gridworks/contracts';
import { eventually } from '@gridworks/testing';
import { asAdmin } from '@gridworks/testing/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MonitorUnderTest } from './monitor-under-test.ts';

const at = new Date().toISOString();
const incident = {
  ...{ object: 'service_incident' as const, id: 'inc_0000000000000000000001', services: ['usage' as const] },
  ...{ title: 'Usage was slow', meaning: 'Repeat.', status: 'resolved' as const, since: at, resolved_at: at },
};

describe('the status that monitor shows, over real servers', () => {
  let under: MonitorUnderTest;
  let gateway: Bus;

  beforeAll(async () => {
    under = await MonitorUnderTest.start();
    await under.startMonitor();
    gateway = await under.connect('gateway');
    await under.startInstance('billing');
    await under.seesReady('billing');
  }, 90_000);
  afterAll(() => under.stop(), 60_000);

  it('leaves out, and names, what other services do not say', async () => {
    expect(await asAdmin(gateway).request(getOverview, {})).toMatchObject({
      ...{ accounts: null, tickets: null, healing: null, calls: null },
      unknown: expect.arrayContaining(['accounts', 'tickets', 'healing', 'calls']),
    });
    expect(await gateway.request(getPublicStatus, {})).toMatchObject({ healing: null, open_incidents: null });
  }, 30_000);

  it('shows their figures when they respond', async () => {
    const [auth, support, healer, billing] = await Promise.all([
      under.connect('auth'),
      under.connect('support'),
      under.connect('healer'),
      under.connect('billing'),
    ]);
    const counts = { partners: 3, new_partners: 1, new_partners_30_days: 2, users: 5, active_keys: 4 };
    const accounts = { ...counts, observed_at: at };
    const calls = {
      ...{ today: { calls: 10, errors: 1 }, last_30_days: { calls: 300, errors: 7 }, observed_at: at },
    };
    await billing.serve(countCalls, () => calls);
    await auth.serve(countAccounts, () => accounts);
    await support.serve(summarizeTickets, () => ({
      observed_at: at,
      by_status: { open: 2, in_progress: 0, waiting_on_partner: 0, resolved: 1, closed: 0 },
      partners: [],
    }));
    const healing = {
      ...{ open_incidents: 2, escalated_incidents: 1, pauses: 0, all_paused: false, observed_at: at },
      latest_open: { id: incident.id, title: 'billing does not respond', status: 'escalated' as const },
      history: { resolved_today: 4, auto_resolved_today: 3, open_verdicts: 1 },
    };
    await healer.serve(countHealing, () => healing);
    await healer.serve(getHealingSummary, () => ({
      ...{ observed_at: at, auto_resolved: 7, escalated: 1, success_rate: 7 / 8, last_healed: incident },
      ...{ past: [incident], open: [], open_incidents: 2, escalated_open: 1, pauses: 0 },
    }));
    await eventually(async () => {
      expect(await asAdmin(gateway).request(getOverview, {})).toMatchObject({
        ...{ accounts, tickets: { by_status: { open: 2, resolved: 1 } }, healing, calls, unknown: [] },
        events: { unread: expect.any(Number), dead_letters: 0 },
        health: { status: expect.any(String), components: expect.any(Number) },
      });
    });
    await eventually(
      async () => {
        const status = await gateway.request(getPublicStatus, {});
        expect(status).toMatchObject({
          healing: { window_days: 30, healed_without_human: 7, heal_rate: 7 / 8, last_healed: incident },
          ...{ open_incidents: [], past_incidents: [incident], status: 'unknown' },
        });
        // Only billing runs here: of the others nothing is known, which is not called good.
        expect(status.components.map((one) => `${one.name} ${one.status}`)).toEqual([
          ...['api unknown', 'accounts unknown', 'usage pass', 'tickets unknown'],
        ]);
        const usage = status.components.find(({ name }) => name === 'usage');
        expect([usage?.days.length, usage?.days.at(-1)?.status]).toEqual([90, 'pass']);
      },
      { timeoutMs: 60_000 },
    );
  }, 120_000);

  it('sums up minutes, hours and days alike', async () => {
    await eventually(
      async () => {
        const sums = await under.query<{ step: string; total: number }>(
          `select step, sum(up_s + degraded_s + down_s + unknown_s) as total from health_rollups
           where component = 'server:postgres' group by 1 order by 1`,
        );
        expect(sums.map(({ step }) => step)).toEqual(['day', 'hour', 'minute']);
        expect(sums[0]!.total).toBeGreaterThan(0);
        for (const { total } of sums) expect(total).toBeCloseTo(sums[0]!.total, 3);
      },
      { timeoutMs: 60_000 },
    );
  }, 70_000);

  it('gives admins a history step by step, with latencies', async () => {
    const history = await asAdmin(gateway).request(getHealthHistory, {
      ...{ component: 'server:postgres', step: 'hour' as const },
    });
    expect(history.steps).toHaveLength(24);
    expect(history.steps.some(({ up, p95_ms }) => up > 0 && p95_ms !== null)).toBe(true);
    for (const { up, degraded, down, unknown } of history.steps)
      expect(up + degraded + down + unknown).toBeCloseTo(1, 6);
  });

  it('gives admins the latest checks of a component', async () => {
    const { data, has_more } = await asAdmin(gateway).request(listHealthChecks, {
      ...{ component: 'server:postgres', limit: 1 },
    });
    expect(data).toMatchObject([{ component: 'server:postgres', latency_ms: expect.any(Number) }]);
    expect(has_more).toBe(true);
    const nothing = await asAdmin(gateway).request(listHealthChecks, { component: 'service:nobody' });
    expect(nothing.data).toEqual([]);
  });

  it('counts time in which nothing ran as no data, never as up', async () => {
    const seed = (daysAgo: number, up: number) =>
      under.query(
        `insert into health_rollups (component, step, starts_at, up_s, degraded_s, down_s, unknown_s)
         values ('public:tickets', 'day', date_trunc('day', now(), 'UTC') - interval '${daysAgo} days', ${up}, 0, 0, 0)`,
      );
    // The record begins four days ago; a whole day later a day without any record, then six hours of one.
    await seed(4, 80_000);
    await seed(3, 86_400);
    await seed(1, 21_600);
    await eventually(
      async () => {
        const { components } = await gateway.request(getPublicStatusHistory, { days: 5 });
        const tickets = components.find(({ name }) => name === 'tickets');
        expect(tickets?.days.slice(0, 4)).toMatchObject([
          { status: 'pass', uptime: 1, no_data_seconds: 0 },
          { status: 'pass', uptime: 1, no_data_seconds: 0 },
          { status: 'unknown', uptime: null, no_data_seconds: 86_400 },
          { status: 'unknown', uptime: 0.25, no_data_seconds: 64_800 },
        ]);
        expect(tickets?.uptime).toBeLessThan(0.56);
      },
      { timeoutMs: 30_000, everyMs: 500 },
    );
  }, 40_000);

  it('gives everybody as many days as they want', async () => {
    const { components } = await gateway.request(getPublicStatusHistory, { days: 7 });
    expect(components.map(({ days }) => days.length)).toEqual([7, 7, 7, 7]);
    expect(JSON.stringify(components)).not.toMatch(/postgres|nats|billing/);
  });
});
