import type { Pulse } from '@gridworks/contracts';
import {
  BASELINE_STEPS,
  CACHE_STEPS,
  ERRORS_MS,
  FAILING_AT_LEAST,
  FAILING_SHARE,
  LEAST_BASELINE_STEPS,
  REQUEST_THRESHOLDS,
  type RequestThreshold,
  SURE_SHARE,
  WAITING_AT_LEAST,
  WAITING_TIMES,
} from './request-thresholds.ts';

type Figure = keyof typeof REQUEST_THRESHOLDS;

/** A figure that is beyond its threshold. */
export interface RequestFault {
  readonly signal: RequestThreshold['signal'];
  readonly evidence: Readonly<Record<string, unknown>>;
}

interface Counts {
  readonly at: number;
  readonly ok: number;
  readonly failed: number;
}

/** Counters of a full pulse, and the time of the pulse. */
interface Step {
  readonly at: number;
  readonly requests: number;
  readonly caches: NonNullable<Pulse['caches']>;
}

/**
 * What one process says about its requests and its caches, judged by the table of thresholds. A new process begins anew.
 * Reads no clock: times are epoch ms.
 */
export class RequestUse {
  readonly #beyond = new Map<Figure, number>();
  readonly #faults = new Map<Figure, RequestFault['evidence']>();
  #counts: Counts[] = [];
  #steps: Step[] = [];
  /** Requests a second, and how many waited, of each step; the newest last. */
  #rates: number[] = [];
  #waits: number[] = [];
  /** How many waited at any time of the step: bursts pass. */
  #leastInFlight = Number.POSITIVE_INFINITY;

  observe(pulse: Pulse, now: number): void {
    this.#leastInFlight = Math.min(this.#leastInFlight, pulse.in_flight);
    this.#observeErrors(pulse, now);
    if (pulse.durations === undefined) return;
    const before = this.#steps.at(-1);
    const requests = pulse.requests.ok + pulse.requests.failed;
    this.#steps = [...this.#steps.slice(-CACHE_STEPS), { at: now, requests, caches: pulse.caches ?? [] }];
    if (before && now > before.at) {
      const count = requests - before.requests;
      this.#judge('latency', pulse.durations?.p95_ms ?? 0, count, now, {
        p95_ms: pulse.durations?.p95_ms,
        requests: count,
      });
      this.#observeThroughput(count, (now - before.at) / 1000, now);
      this.#observeCaches(now);
    }
    this.#leastInFlight = Number.POSITIVE_INFINITY;
  }

  /** A figure is beyond its threshold now; whether for long enough, shows soon. */
  get isSuspected(): boolean {
    return this.#beyond.size > 0;
  }

  /** Everything that is beyond its threshold now, and was for long enough. */
  faults(): RequestFault[] {
    return [...this.#faults].map(([figure, evidence]) => ({
      signal: REQUEST_THRESHOLDS[figure].signal,
      evidence,
    }));
  }

  /** Of the last 10 s: what failed before says nothing about now. */
  #observeErrors({ requests }: Pulse, now: number): void {
    this.#counts = [...this.#counts.filter(({ at }) => now - at <= ERRORS_MS), { at: now, ...requests }];
    const first = this.#counts[0] as Counts;
    const failed = requests.failed - first.failed;
    const all = requests.ok - first.ok + failed;
    const { raise, clear, samples } = REQUEST_THRESHOLDS.errors;
    const share = all === 0 ? 0 : failed / all;
    // By chance a share of 3 % is 5 % at times: it counts when even the lower end of what it may be is high.
    const isSure = all >= samples && share > raise && lowerEnd(failed, all) > SURE_SHARE;
    const isBeyond = isSure || (failed >= FAILING_AT_LEAST && share >= FAILING_SHARE);
    this.#note('errors', isBeyond, !isBeyond && (all < samples || share < clear), now, {
      share: round(share),
      requests,
    });
  }

  #observeThroughput(count: number, seconds: number, now: number): void {
    const usual = median(this.#rates);
    const usualWaits = median(this.#waits);
    const rate = count / seconds;
    const waits = this.#leastInFlight;
    const share = rate / usual;
    const isWaitedFor = waits >= Math.max(WAITING_AT_LEAST, WAITING_TIMES * usualWaits);
    const isKnown = this.#rates.length >= LEAST_BASELINE_STEPS;
    const isLow = isKnown && isWaitedFor && share < REQUEST_THRESHOLDS.throughput.raise;
    const evidence = { requests_per_second: round(rate), usual: round(usual), in_flight: waits };
    // Enough are expected, or the share says nothing.
    this.#judge('throughput', isKnown && isWaitedFor ? share : 1, usual * seconds, now, evidence);
    // What is low does not become usual while it is.
    if (isLow) return;
    this.#rates = [...this.#rates.slice(1 - BASELINE_STEPS), rate];
    this.#waits = [...this.#waits.slice(1 - BASELINE_STEPS), waits];
  }

  #observeCaches(now: number): void {
    const [first] = this.#steps;
    const last = this.#steps.at(-1) as Step;
    if (!first || this.#steps.length <= CACHE_STEPS) return;
    let worst: { share: number; name: string; count: number } | null = null;
    for (const { name, hits, misses } of last.caches) {
      const before = first.caches.find((one) => one.name === name);
      const hit = hits - (before?.hits ?? 0);
      const count = hit + misses - (before?.misses ?? 0);
      if (count < REQUEST_THRESHOLDS.cache.samples) continue;
      if (!worst || hit / count < worst.share) worst = { share: hit / count, name, count };
    }
    const { share, name, count } = worst ?? { share: 1, name: null, count: 0 };
    this.#judge('cache', share, count, now, { cache: name, hit_share: round(share), lookups: count });
  }

  /** Beyond `raise` for long enough it is a fault, until it is within `clear`. */
  #judge(
    figure: Figure,
    value: number,
    samples: number,
    now: number,
    evidence: RequestFault['evidence'],
  ): void {
    const row: RequestThreshold = REQUEST_THRESHOLDS[figure];
    const isHigh = row.raise > row.clear;
    const says = samples >= row.samples;
    const isBeyond = says && (isHigh ? value > row.raise : value < row.raise);
    const isWithin = !says || (isHigh ? value < row.clear : value > row.clear);
    this.#note(figure, isBeyond, isWithin, now, evidence);
  }

  #note(
    figure: Figure,
    isBeyond: boolean,
    isWithin: boolean,
    now: number,
    evidence: RequestFault['evidence'],
  ): void {
    if (isBeyond) {
      const since = this.#beyond.get(figure) ?? now;
      this.#beyond.set(figure, since);
      if (now - since >= REQUEST_THRESHOLDS[figure].forMs) this.#faults.set(figure, evidence);
    } else this.#beyond.delete(figure);
    if (isWithin) this.#faults.delete(figure);
  }
}

/** The lower end of the 90 % Wilson interval of a share. */
function lowerEnd(of: number, all: number): number {
  const z = 1.645;
  const share = of / all;
  const middle = share + (z * z) / (2 * all);
  const half = z * Math.sqrt((share * (1 - share)) / all + (z * z) / (4 * all * all));
  return (middle - half) / (1 + (z * z) / all);
}

const round = (value: number): number => Math.round(value * 100) / 100;
const median = (figures: readonly number[]): number =>
  [...figures].sort((a, b) => a - b)[figures.length >> 1] ?? 0;
