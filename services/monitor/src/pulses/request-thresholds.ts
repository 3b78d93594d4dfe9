import type { Signal } from '@gridworks/contracts';

/**
 * When the figures of requests are a fault. `raise` and `clear` differ, so that a figure between them changes nothing. A
 * figure of fewer samples than `samples` says nothing: it neither begins a fault nor keeps one.
 */
export interface RequestThreshold {
  readonly signal: Signal;
  readonly raise: number;
  readonly clear: number;
  /** Requests, or look-ups, in the time over which the figure is taken. */
  readonly samples: number;
  /** How long the figure must be beyond `raise`, ms, counted by full pulses of 10 s where it comes with those. */
  readonly forMs: number;
}

export const REQUEST_THRESHOLDS = {
  /** Share of the requests that failed by a fault of this side, of 10 s. */
  errors: { signal: 'requests.failing', raise: 0.05, clear: 0.025, samples: 40, forMs: 20_000 },
  /** 95th percentile of the durations of 10 s, ms. A request has two seconds: later the caller has got a 503. */
  latency: { signal: 'requests.slow', raise: 2000, clear: 1500, samples: 20, forMs: 20_000 },
  /**
   * Requests a second as a share of the baseline, while more than usual wait. Fewer requests alone are no fault: callers
   * may want less, at night for instance.
   */
  throughput: { signal: 'throughput.low', raise: 0.5, clear: 0.7, samples: 100, forMs: 20_000 },
  /** Share of the look-ups that a cache could answer, of a minute. */
  cache: { signal: 'cache.missing', raise: 0.3, clear: 0.45, samples: 200, forMs: 50_000 },
} as const satisfies Record<string, RequestThreshold>;

/** The time over which the share of errors is taken, ms. */
export const ERRORS_MS = 10_000;
/** The lower end of the 90 % interval of the share of errors must be above this. */
export const SURE_SHARE = 0.03;
/** Few requests: this share must fail, and at least three of them. */
export const FAILING_SHARE = 0.25;
export const FAILING_AT_LEAST = 3;
/** The baseline of the throughput is the median of so many steps of 10 s: half an hour, and at least ten minutes. */
export const BASELINE_STEPS = 180;
export const LEAST_BASELINE_STEPS = 60;
/** More than usual wait, at any time of a step: so many times the usual number, and at least so many. */
export const WAITING_TIMES = 2;
export const WAITING_AT_LEAST = 10;
/** Look-ups of a cache are counted over so many full pulses: a minute. */
export const CACHE_STEPS = 6;
