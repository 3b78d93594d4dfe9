import type { Bus } from '@gridworks/bus';
import { listPlans, readMetrics } from '@gridworks/contracts';
import { eventually } from '@gridworks/testing';
import { asAdmin } from '@gridworks/testing/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Instance, MonitorUnderTest } from './monitor-under-test.ts';

const OF_PLANS = 'service:billing/requests_per_second/billing.plan.list';

describe('the metrics that monitor keeps, of real pulses', () => {
  let under: MonitorUnderTest;
  let gateway: Bus;
  let billing: Instance;

  beforeAll(async () => {
    under = await MonitorUnderTest.start();
    await under.startMonitor();
    gateway = await under.connect('gateway');
    billing = await under.startInstance('billing');
    await under.seesReady('billing');
  }, 90_000);
  afterAll(() => under.stop(), 60_000);

  const metrics = (input: Parameters<typeof readMetrics.input.parse>[0]) =>
    asAdmin(gateway).request(readMetrics, input as object);
  const valuesOf = async (...names: string[]) =>
    (await metrics({ series: names.join(',') })).series.map(({ values }) =>
      (values ?? []).filter((value) => value !== null),
    );
  /** Sends requests to billing until the condition holds. */
  const sendUntil = (condition: () => Promise<void>) =>
    eventually(
      async () => {
        await gateway.request(listPlans, {});
        await condition();
      },
      { timeoutMs: 60_000, everyMs: 100 },
    );

  it('shows what a process used and how its contracts responded, step by step', async () => {
    await sendUntil(async () => {
      const [cpu, delay, memory, requests, errors, p95, plans, load] = await valuesOf(
        ...['service:billing/cpu_share', 'service:billing/event_loop_delay_ms'],
        ...['service:billing/resident_bytes', 'service:billing/requests_per_second'],
        ...['service:billing/errors_per_second', 'service:billing/p95_ms', OF_PLANS],
        (await metrics({})).series.find(({ metric }) => metric === 'load_1m')!.name,
      );
      expect(Math.max(...cpu!)).toBeGreaterThan(0);
      expect(Math.max(...delay!)).toBeGreaterThan(0);
      expect(memory![0]).toBeGreaterThan(10e6);
      expect(Math.max(...requests!)).toBeGreaterThan(1);
      expect(Math.max(...errors!)).toBe(0);
      expect(Math.max(...p95!)).toBeGreaterThan(0);
      expect(Math.max(...plans!)).toBeGreaterThan(1);
      expect(load!.length).toBeGreaterThan(0);
    });
  }, 90_000);

  it('lists the series with unit, meaning, and when each was measured last', async () => {
    const list = await metrics({});
    expect(list).toMatchObject({ from: null, to: null, step: null });
    const memory = list.series.find(({ name }) => name === 'service:billing/resident_bytes')!;
    expect(memory).toMatchObject({ unit: 'bytes', fold: 'mean', meaning: expect.any(String) });
    expect(memory).not.toHaveProperty('values');
    expect(Date.parse(list.observed_at) - Date.parse(memory.last!.at)).toBeLessThan(10_000);
    expect(memory.last!.value).toBeGreaterThan(10e6);
    expect(Date.parse(list.kept_since)).toBeLessThan(Date.parse(list.observed_at));
  });

  it('returns every step of a range, null where nothing was measured', async () => {
    const to = new Date(Math.floor(Date.now() / 60_000) * 60_000);
    const from = new Date(to.getTime() - 20 * 3_600_000);
    const read = await metrics({
      ...{ series: 'service:billing/open_handles', step: 60 },
      ...{ from: from.toISOString(), to: to.toISOString() },
    });
    expect(read).toMatchObject({ from: from.toISOString(), to: to.toISOString(), step: 60 });
    expect(read.series[0]!.values).toHaveLength(20 * 60);
    expect(read.series[0]!.values![0]).toBeNull();
  });

  it('refuses a series that it does not keep, and a range that makes no sense', async () => {
    await expect(
      metrics({ series: 'service:billing/cpu_share,service:ghost/cpu_share' }),
    ).rejects.toMatchObject({
      code: 'MONITOR.SERIES_NOT_FOUND',
      message: expect.stringContaining('service:ghost/cpu_share'),
    });
    const refused = (input: object, pointer: string) =>
      expect(metrics({ series: 'service:billing/cpu_share', ...input })).rejects.toMatchObject({
        code: 'PLATFORM.INVALID_INPUT',
        problems: [expect.objectContaining({ pointer })],
      });
    await refused({ from: '2026-11-02T00:00:00Z', to: '2026-11-01T00:00:00Z' }, '/from');
    await refused({ from: '2026-11-01T00:00:00Z', to: '2026-11-02T00:00:00Z' }, '/step');
    await refused({ step: 15 }, '/step');
    await refused({ series: Array(21).fill('a').join(',') }, '/series');
  });

  it('counts anew after a restart: no rate is ever below 0, and none is a jump', async () => {
    await billing.end('SIGKILL');
    const [before] = await valuesOf(OF_PLANS);
    billing = await under.startInstance('billing');
    await under.seesReady('billing');
    await sendUntil(async () => {
      const [after] = await valuesOf(OF_PLANS);
      expect(after!.length).toBeGreaterThan(before!.length);
    });
    const [all, plans] = await valuesOf('service:billing/requests_per_second', OF_PLANS);
    for (const value of [...all!, ...plans!]) {
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value).toBeLessThan(100);
    }
  }, 90_000);
});
