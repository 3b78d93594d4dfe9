import { counter, gauge, type Logger, type MetricChild, watchEventLoop } from '@gridworks/observability';

/** How late the event loop is. `late`: unknown callers are refused; `very-late`: all callers are. */
export type OverloadLevel = 'none' | 'late' | 'very-late';

/** Why a request was refused early. */
export type ShedReason = 'event_loop' | 'in_flight';

export interface OverloadWatchOptions {
  readonly logger: Pick<Logger, 'log'>;
  /**
   * Called with a sentence that begins with `overload:` when overload begins, and with null when it is over.
   */
  readonly onDegraded: (text: string | null) => void;
  readonly now?: () => number;
}

/** The watch of the event loop looks more often while the loop works; a sample is the latest of its looks. */
const SAMPLE_EVERY_MS = 50;
/** The maximum weight of one sample: one pause, such as a resumed process after a freeze, is no flood. */
const MOST_SAMPLE_MS = 900;
const WEIGHT = 0.3;
const LATE_MS = 300;
const VERY_LATE_MS = 700;
/** Refused unknown callers are accepted again when the event loop is less late than this. */
const CALM_MS = 150;
/** Overload ends this long after its last sign, so that short peaks do not each cause a notification. */
const OVER_AFTER_MS = 5_000;

export const OVERLOAD_TEXT = 'overload: more requests arrive than can be served in time; some are refused';

/**
 * Detects a flood: the event loop is late again and again, or calls are refused because too many are worked on.
 * Reports it in the health (degraded, `overload: ...`), the log and the metrics. A restart does not help
 * against a flood.
 */
export class OverloadWatch {
  readonly #options: Required<OverloadWatchOptions>;
  readonly #shed = counter('gateway_shed_total', 'Requests refused early because of overload', ['reason']);
  readonly #byReason: Record<ShedReason, MetricChild>;
  #unwatch: (() => void) | undefined;
  #sampledAt = 0;
  #latest = 0;
  #delayMs = 0;
  #level: OverloadLevel = 'none';
  #lastSignAt = Number.NEGATIVE_INFINITY;
  #isOverloaded = false;
  #refused = 0;

  constructor(options: OverloadWatchOptions) {
    this.#options = { now: () => performance.now(), ...options };
    this.#byReason = {
      event_loop: this.#shed.labels('event_loop'),
      in_flight: this.#shed.labels('in_flight'),
    };
    gauge('gateway_overloaded', 'Whether requests are refused because of overload', [], () =>
      this.#isOverloaded ? 1 : 0,
    );
  }

  get level(): OverloadLevel {
    return this.#level;
  }

  start(): void {
    this.#unwatch ??= watchEventLoop((lateMs) => {
      this.#latest = Math.max(this.#latest, lateMs);
      const now = this.#options.now();
      if (now - this.#sampledAt < SAMPLE_EVERY_MS) return;
      this.#sampledAt = now;
      this.sample(this.#latest);
      this.#latest = 0;
    });
  }

  stop(): void {
    this.#unwatch?.();
    this.#unwatch = undefined;
  }

  /** Call when a request was refused early. */
  refused(reason: ShedReason): void {
    this.#byReason[reason].inc();
    this.#refused += 1;
    this.#sign();
  }

  /** Adds one sample: how late the event loop was just now, in ms. */
  sample(lateByMs: number): void {
    const sampled = Math.min(MOST_SAMPLE_MS, Math.max(0, lateByMs));
    this.#delayMs += WEIGHT * (sampled - this.#delayMs);
    if (this.#delayMs >= VERY_LATE_MS) this.#level = 'very-late';
    else if (this.#delayMs >= LATE_MS) this.#level = 'late';
    else if (this.#level === 'very-late') this.#level = 'late';
    if (this.#delayMs < CALM_MS) this.#level = 'none';
    if (this.#level !== 'none') this.#sign();
    else if (this.#isOverloaded && this.#options.now() - this.#lastSignAt >= OVER_AFTER_MS) this.#end();
  }

  #sign(): void {
    this.#lastSignAt = this.#options.now();
    if (this.#isOverloaded) return;
    this.#isOverloaded = true;
    this.#options.logger.log('overload.began', { event_loop_delay_ms: Math.round(this.#delayMs) });
    this.#options.onDegraded(OVERLOAD_TEXT);
  }

  #end(): void {
    this.#isOverloaded = false;
    this.#options.logger.log('overload.ended', { refused: this.#refused });
    this.#refused = 0;
    this.#options.onDegraded(null);
  }
}
