import type { Pulse } from '@gridworks/contracts';
import { createLogger } from '@gridworks/observability';
import { describe, expect, it } from '@jest/globals';
import { AnomalyWatch } from '../anomalies/anomaly-watch.ts';
import { MAX_SERIES, MetricHistory } from './metric-history.ts';

const BEGIN = 1_800_000_000_000;
const HOUR_MS = 3_600_000;
const range = (to: number, ms = 10_000) => ({ start: BEGIN, end: BEGIN + to, ms });

const pulse = (at: number, over: Partial<Pulse> = {}): Pulse => ({
  ...{ service: 'billing', instance: 'billing', boot_id: 'b1', pid: 7, sequence: at / 1000, state: 'ready' },
  started_at: new Date(BEGIN).toISOString(),
  sent_at: new Date(BEGIN + at).toISOString(),
  ...{ health_url: 'http://127.0.0.1:1', resident_bytes: 1e8, event_loop_lag_ms: 2, in_flight: 0 },
  requests: { ok: 0, failed: 0 },
  dependencies: [],
  degraded: [],
  ...over,
});
const machine = { name: 'portal-1', load_1m: 0.5, memory_free_bytes: 4e9, memory_total_bytes: 8e9 };

const historyUnderTest = () =>
  new MetricHistory(
    new AnomalyWatch(createLogger({ service: 'monitor', instance: 'monitor', level: 'silent' })),
  );

/** A second of pulses after the other, with these changes. */
function fed(seconds: number, over: (second: number) => Partial<Pulse>): MetricHistory {
  const history = historyUnderTest();
  for (let second = 0; second < seconds; second++)
    history.record(pulse(second * 1000, over(second)), BEGIN + second * 1000);
  return history;
}
const valuesOf = (history: MetricHistory, name: string, to: number) =>
  history.read(name, range(to), BEGIN + to)?.values;

describe('MetricHistory', () => {
  it('keeps what a process uses, its pool and its machine, in steps of 10 s', () => {
    const history = fed(20, (second) => ({
      cpu_share: second < 10 ? 0.2 : 0.4,
      event_loop_lag_ms: second === 13 ? 250 : 1,
      disk_free_bytes: 5e9,
      dependencies: [
        {
          ...{ name: 'postgres', critical: true, status: 'up', connections_lost: 0, boot: null },
          pool: {
            in_use: second === 3 ? 8 : 1,
            waiting: 0,
            max: 8,
            level: 'normal',
            mode: 'auto',
            queued_total: 0,
            refused_total: 0,
          },
        },
      ],
      ...(second % 10 === 9 ? { machine } : {}),
    }));
    expect(valuesOf(history, 'service:billing/cpu_share', 20_000)).toEqual([0.2, 0.4]);
    expect(valuesOf(history, 'service:billing/event_loop_delay_ms', 20_000)).toEqual([1, 250]);
    expect(valuesOf(history, 'service:billing/pool_in_use', 20_000)).toEqual([8, 1]);
    expect(valuesOf(history, 'machine:portal-1/disk_free_bytes', 20_000)).toEqual([5e9, 5e9]);
    expect(history.read('service:billing/nothing', range(10_000), BEGIN)).toBeNull();
  });

  it('makes rates of counters, whichever pulses are lost', () => {
    const history = historyUnderTest();
    for (const second of [0, 1, 2, 7, 8, 9, 10])
      history.record(
        pulse(second * 1000, { requests: { ok: second * 4, failed: second } }),
        BEGIN + second * 1000,
      );
    expect(valuesOf(history, 'service:billing/requests_per_second', 10_000)).toEqual([5]);
    expect(valuesOf(history, 'service:billing/errors_per_second', 10_000)).toEqual([1]);
  });

  it('makes no rate of two pulses at almost the same time, and loses no request of them', () => {
    const history = historyUnderTest();
    for (const [at, ok] of [
      [0, 0],
      [1000, 10],
      [1002, 15],
      [2000, 20],
    ] as const)
      history.record(pulse(at, { sequence: at, requests: { ok, failed: 0 } }), BEGIN + at);
    expect(valuesOf(history, 'service:billing/requests_per_second', 10_000)).toEqual([10]);
  });

  it('counts anew in a new boot: a rate never falls below 0, and the first count of a boot is none', () => {
    const counts = [1000, 1010, 1020, 0, 10, 5000, 5010];
    const history = fed(7, (second) => ({
      boot_id: second < 3 ? 'b1' : second < 5 ? 'b2' : 'b3',
      requests: { ok: counts[second]!, failed: 0 },
    }));
    expect(valuesOf(history, 'service:billing/requests_per_second', 10_000)).toEqual([10]);
  });

  it('keeps each contract by itself, and its durations only where there were any', () => {
    const contract = (requests: number, p95_ms?: number) => ({
      contract: 'billing.plan.list',
      ...{ requests, errors: 0 },
      ...(p95_ms === undefined ? {} : { p50_ms: 1, p95_ms, p99_ms: p95_ms }),
    });
    const history = historyUnderTest();
    history.record(
      pulse(9_000, { contracts: [contract(50, 12.5)], durations: { p50_ms: 1, p95_ms: 12.5, p99_ms: 13 } }),
      BEGIN + 9_000,
    );
    history.record(pulse(19_000, { contracts: [contract(70)], durations: null }), BEGIN + 19_000);
    history.record(pulse(29_000, { contracts: [contract(70)], durations: null }), BEGIN + 29_000);
    const of = (metric: string) => valuesOf(history, `service:billing/${metric}/billing.plan.list`, 30_000);
    expect(of('requests_per_second')).toEqual([null, 2, 0]);
    expect(of('errors_per_second')).toEqual([null, 0, 0]);
    expect(of('p95_ms')).toEqual([12.5, null, null]);
    expect(valuesOf(history, 'service:billing/p95_ms', 30_000)).toEqual([12.5, null, null]);
  });

  it('counts the first requests of a contract, where the pulse before did not have it', () => {
    const history = historyUnderTest();
    history.record(pulse(9_000, { contracts: [] }), BEGIN + 9_000);
    const contracts = [{ contract: 'billing.plan.list', requests: 20, errors: 10 }];
    history.record(pulse(19_000, { contracts }), BEGIN + 19_000);
    const of = (metric: string) => valuesOf(history, `service:billing/${metric}/billing.plan.list`, 20_000);
    expect([of('requests_per_second'), of('errors_per_second')]).toEqual([
      [null, 2],
      [null, 1],
    ]);
  });

  it('lists every series with its unit, its meaning and the age of its latest sample', () => {
    const history = fed(2, () => ({ machine }));
    const list = history.list(BEGIN + 2000);
    const names = list.map(({ name }) => name);
    expect(names).toEqual([...names].sort());
    expect(list.find(({ name }) => name === 'service:billing/resident_bytes')).toEqual({
      name: 'service:billing/resident_bytes',
      ...{ component: 'service:billing', metric: 'resident_bytes', contract: null },
      ...{ unit: 'bytes', fold: 'mean', meaning: 'Resident memory of the process.' },
      last: { at: new Date(BEGIN + 1000).toISOString(), value: 1e8 },
    });
    // What a pulse does not say yet is known by name.
    expect(list.find(({ name }) => name === 'service:billing/p95_ms')).toMatchObject({ last: null });
    expect(names).toContain('machine:portal-1/load_1m');
    expect(names).not.toContain('service:billing/pool_in_use');
  });

  it('keeps a bounded number of series, and forgets those that nobody names for a day', () => {
    const history = historyUnderTest();
    const flood = (instance: string) => ({
      instance,
      contracts: Array.from({ length: 300 }, (_one, n) => ({ contract: `a.b.${n}`, requests: 1, errors: 0 })),
    });
    for (const name of ['one', 'two', 'three']) history.record(pulse(0, flood(name)), BEGIN);
    expect(history.list(BEGIN)).toHaveLength(MAX_SERIES);
    const later = 25 * HOUR_MS;
    history.record(pulse(later), BEGIN + later);
    expect(history.list(BEGIN + later).every(({ component }) => component === 'service:billing')).toBe(true);
  });
});
