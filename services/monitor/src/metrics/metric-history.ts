import { METRICS_KEPT_MS, type MetricSeriesView, type Pulse } from '@gridworks/contracts';
import { counter, gauge } from '@gridworks/observability';
import { Injectable } from '@nestjs/common';
import { AnomalyWatch } from '../anomalies/anomaly-watch.ts';
import { timestamp } from '../symptoms/timestamp.ts';
import { METRICS, type MetricName, type MetricRow } from './metric-rows.ts';
import { MetricSeries } from './metric-series.ts';
import { RequestRates } from './request-rates.ts';

/** More series than these are not kept: 36 MB. Six instances with 100 contracts have about 390. */
export const MAX_SERIES = 1000;
/** Old series are searched for at most this often, ms: full places must not make each sample dear. */
const FORGET_EVERY_MS = 60_000;
interface Kept {
  readonly view: Omit<MetricSeriesView, 'last' | 'values'>;
  readonly series: MetricSeries;
  /** The latest pulse that named the series. */
  namedAt: number;
}

/** The counters of one boot of an instance. */
interface Counted {
  readonly bootId: string;
  readonly rates: RequestRates;
  readonly contracts: Map<string, RequestRates>;
  /** When the latest pulse with contracts was sent; null before the first. */
  contractsAt: number | null;
}

/** Ranges and times are ms since the epoch. */
export interface MetricRange {
  readonly start: number;
  readonly end: number;
  readonly ms: number;
}

/**
 * What pulses said in the last 24 hours, in memory: at most `MAX_SERIES` series of 36 kB, see `StepRing`. A series that no
 * pulse named for 24 hours is forgotten. Where all places are taken, further series are not kept, and counted.
 */
@Injectable()
export class MetricHistory {
  readonly keptSince = Date.now();
  #forgotAt = Number.NEGATIVE_INFINITY;
  readonly #kept = new Map<string, Kept>();
  readonly #counted = new Map<string, Counted>();
  readonly #refused = counter(
    'monitor_metric_samples_refused_total',
    `Samples of series that are not kept because there are ${MAX_SERIES} others`,
  );

  constructor(private readonly anomalies: AnomalyWatch) {
    gauge('monitor_metric_series', 'Series whose history is kept', [], () => this.#kept.size);
  }

  /** Takes the figures of a pulse. Only of a confirmed instance, and each pulse once: a pulse alone makes no instance. */
  record(pulse: Pulse, now: number): void {
    const put = (metric: MetricName, value: number | null | undefined) =>
      this.#put(`service:${pulse.instance}`, metric, null, value, now);
    const sentAt = Date.parse(pulse.sent_at);
    const counted = this.#countedBy(pulse, now);
    put('cpu_share', pulse.cpu_share);
    put('event_loop_delay_ms', pulse.event_loop_lag_ms);
    put('heap_used_bytes', pulse.heap_used_bytes);
    put('resident_bytes', pulse.resident_bytes);
    put('open_handles', pulse.open_handles);
    put('in_flight', pulse.in_flight);
    const postgres = pulse.dependencies.find(({ name }) => name === 'postgres');
    put('outbox_waiting', postgres?.outbox_waiting);
    const pool = postgres?.pool;
    if (pool) {
      put('pool_in_use', pool.in_use);
      put('pool_waiting', pool.waiting);
      put('pool_max', pool.max);
    }
    const { ok, failed } = pulse.requests;
    const rates = counted.rates.observe({ requests: ok + failed, errors: failed }, sentAt);
    put('requests_per_second', rates.requests);
    put('errors_per_second', rates.errors);
    put('p50_ms', pulse.durations?.p50_ms);
    put('p95_ms', pulse.durations?.p95_ms);
    put('p99_ms', pulse.durations?.p99_ms);
    for (const one of pulse.contracts ?? [])
      this.#recordContract(pulse.instance, counted, one, { sentAt, now });
    if (pulse.contracts) counted.contractsAt = sentAt;
    if (pulse.machine) this.#recordMachine(pulse.machine, pulse, now);
  }

  /** Every series by name, with its latest sample. */
  list(now: number): MetricSeriesView[] {
    this.#forgetOld(now);
    return [...this.#kept.keys()].sort().map((name) => viewOf(this.#kept.get(name) as Kept));
  }

  /** The values of a series in a range; null when no series has this name. */
  read(name: string, range: MetricRange, now: number): MetricSeriesView | null {
    this.#forgetOld(now);
    const kept = this.#kept.get(name);
    return kept ? { ...viewOf(kept), values: kept.series.read(range, now) } : null;
  }

  #recordContract(
    instance: string,
    { contracts, contractsAt }: Counted,
    { contract, requests, errors, p95_ms }: NonNullable<Pulse['contracts']>[number],
    { sentAt, now }: { sentAt: number; now: number },
  ): void {
    let rates = contracts.get(contract);
    if (!rates) {
      if (contracts.size >= MAX_SERIES) return;
      rates = new RequestRates();
      contracts.set(contract, rates);
      // It was not in the pulse before of this boot: none had been requested by then.
      if (contractsAt !== null) rates.observe({ requests: 0, errors: 0 }, contractsAt);
    }
    const put = (metric: MetricName, value: number | null | undefined) =>
      this.#put(`service:${instance}`, metric, contract, value, now);
    const perSecond = rates.observe({ requests, errors }, sentAt);
    put('requests_per_second', perSecond.requests);
    put('errors_per_second', perSecond.errors);
    put('p95_ms', p95_ms);
  }

  #recordMachine(machine: NonNullable<Pulse['machine']>, pulse: Pulse, now: number): void {
    const put = (metric: MetricName, value: number | undefined) =>
      this.#put(`machine:${machine.name}`, metric, null, value, now);
    put('load_1m', machine.load_1m);
    put('memory_free_bytes', machine.memory_free_bytes);
    put('memory_total_bytes', machine.memory_total_bytes);
    put('disk_free_bytes', pulse.disk_free_bytes);
    put('disk_total_bytes', pulse.disk_total_bytes);
  }

  /** The counters of the boot of this pulse: a new boot counts from 0 on. */
  #countedBy({ instance, boot_id: bootId }: Pulse, now: number): Counted {
    const known = this.#counted.get(instance);
    if (known?.bootId === bootId) return known;
    if (known) this.anomalies.restarted(`service:${instance}`, now);
    const counted = {
      bootId,
      rates: new RequestRates(),
      contracts: new Map<string, RequestRates>(),
      contractsAt: null,
    };
    this.#counted.set(instance, counted);
    return counted;
  }

  /** A value that is not known opens the series, so that its name is known, and is no sample. */
  #put(
    component: string,
    metric: MetricName,
    contract: string | null,
    value: number | null | undefined,
    now: number,
  ): void {
    const kept = this.#open(component, metric, contract, now);
    if (!kept) this.#refused.inc();
    else {
      kept.namedAt = now;
      if (value === null || value === undefined) return;
      kept.series.add(value, now);
      const { kind }: MetricRow = METRICS[metric];
      if (kind && contract === null) this.anomalies.observe(component, kept.view.name, kind, value, now);
    }
  }

  /** The series of this name, which begins where there is none; undefined where all places are taken. */
  #open(component: string, metric: MetricName, contract: string | null, now: number): Kept | undefined {
    const name = contract === null ? `${component}/${metric}` : `${component}/${metric}/${contract}`;
    const known = this.#kept.get(name);
    if (known) return known;
    if (this.#kept.size >= MAX_SERIES) this.#forgetOld(now);
    if (this.#kept.size >= MAX_SERIES) return undefined;
    const { unit, meaning, fold } = METRICS[metric];
    const kept = {
      view: { name, component, metric, contract, unit, meaning, fold },
      series: new MetricSeries(fold),
      namedAt: now,
    };
    this.#kept.set(name, kept);
    return kept;
  }

  #forgetOld(now: number): void {
    if (now - this.#forgotAt < FORGET_EVERY_MS) return;
    this.#forgotAt = now;
    const components = new Set<string>();
    for (const [name, { view, namedAt }] of this.#kept) {
      if (namedAt < now - METRICS_KEPT_MS) this.#kept.delete(name);
      else components.add(view.component);
    }
    for (const instance of this.#counted.keys()) {
      if (components.has(`service:${instance}`)) continue;
      this.#counted.delete(instance);
      this.anomalies.forget(`service:${instance}`);
    }
  }
}

function viewOf({ view, series: { last } }: Kept): MetricSeriesView {
  return { ...view, last: last && { at: timestamp(last.at), value: last.value } };
}
