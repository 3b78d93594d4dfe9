import type { MetricChild } from './metrics.ts';
import { LATENCY_BUCKETS_S } from './metrics.ts';
import { quantile } from './quantile.ts';

/** How long requests took, ms. A duration above the last bound of `LATENCY_BUCKETS_S` counts as that bound. */
export interface DurationFigures {
  readonly p50_ms: number;
  readonly p95_ms: number;
  readonly p99_ms: number;
}

/** The figures of one contract. */
export interface RequestFigures {
  readonly contract: string;
  /** Since the start of the process; neither ever decreases. */
  readonly requests: number;
  readonly errors: number;
  /** Of the requests since the reading before; null when there was none. */
  readonly durations: DurationFigures | null;
}

/** One more than the bounds: the last bucket is for what is above all of them. */
const BUCKETS = LATENCY_BUCKETS_S.length + 1;

/**
 * Counts the requests of one contract and how long they took. Made once for a contract and kept: a request then costs
 * two additions and no allocation.
 */
export class RequestMeter {
  readonly contract: string;
  readonly #seconds: MetricChild;
  readonly #failed: MetricChild | undefined;
  /** Minus the counts at the last reading; during a reading the observations since then. */
  readonly #window = new Float64Array(BUCKETS);
  #errors = 0;

  /**
   * @param seconds a series of a histogram over `LATENCY_BUCKETS_S`
   * @param failed a counter of the requests that failed by a fault of this side, where there is none yet
   */
  constructor(contract: string, seconds: MetricChild, failed?: MetricChild) {
    this.contract = contract;
    this.#seconds = seconds;
    this.#failed = failed;
  }

  /** A request ended after `ms`. */
  ended(ms: number): void {
    this.#seconds.observe(ms / 1000);
  }

  /** The request that is about to end failed by a fault of this side. */
  failed(): void {
    this.#errors++;
    this.#failed?.inc();
  }

  /**
   * The figures now; null while there was no request. Begins a new window of durations, so one reader per process.
   * `all`: gets the buckets of this window added, for figures of several contracts together; see `durationFigures`.
   */
  read(all?: Float64Array): RequestFigures | null {
    const requests = this.#seconds.value();
    if (requests === 0) return null;
    const window = this.#window;
    this.#seconds.addCounts(window, 1);
    const durations = durationFigures(window);
    if (all) for (let at = 0; at < BUCKETS; at++) all[at]! += window[at]!;
    window.fill(0);
    this.#seconds.addCounts(window, -1);
    return { contract: this.contract, requests, errors: this.#errors, durations };
  }

  /** Empty buckets for `read`. */
  static buckets(): Float64Array {
    return new Float64Array(BUCKETS);
  }
}

/** Quantiles of the buckets of `LATENCY_BUCKETS_S`, ms to two decimals; null when they are empty. */
export function durationFigures(counts: Float64Array): DurationFigures | null {
  const ms = (q: number) => Math.round(quantile(LATENCY_BUCKETS_S, counts, q) * 100_000) / 100;
  const figures = { p50_ms: ms(0.5), p95_ms: ms(0.95), p99_ms: ms(0.99) };
  return Number.isNaN(figures.p50_ms) ? null : figures;
}
