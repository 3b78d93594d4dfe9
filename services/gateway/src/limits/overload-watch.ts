import { counter, gauge, type Logger, type MetricChild } from '@gridworks/observability';

/** How late the event loop is: `none`; `late`, so that strangers are refused; `very-late`, so that everybody is. */
export type OverloadLevel = 'none' | 'late' | 'very-late';

/** Why a request was refused early. */
export type ShedReason = 'event_loop' | 'in_flight';

export interface OverloadWatchOptions {
  readonly logger: Pick<Logger, 'warn' | 'info'>;
  /** Called with a sentence that begins with `overload:` when it begins, and with null when it is over. */
  readonly onDegraded: (text: string | null) => void;
  readonly now?: () => number;
}

const SAMPLE_EVERY_MS = 50;
/** A sample counts for so much at most: one pause, such as a frozen process that goes on, is no flood. */
const MOST_SAMPLE_MS = 900;
const WEIGHT = 0.3;
const LATE_MS = 300;
const VERY_LATE_MS = 700;
/** Once refused, strangers are let in again when the event loop is only so late. */
const CALM_MS = 150;
/** So long after the last sign it still counts as overloaded, so that nobody is notified of each moment. */
const OVER_AFTER_MS = 5_000;

export const OVERLOAD_TEXT = 'overload: more requests arrive than can be answered in time; some are refused';

/**
 * Sees a flood: the event loop is late again and again, or calls are refused because too many are worked on. Says so in
 * the health (degraded, `overload: ...`), the log and the metrics. A restart heals no flood.
 */
export class OverloadWatch {
  readonly #options: Required<OverloadWatchOptions>;
  readonly #shed = counter('gateway_shed_total', 'Requests refused early because of overload', ['reason']);
  readonly #byReason: Record<ShedReason, MetricChild>;
  #timer: NodeJS.Timeout | undefined;
  #expectedAt = 0;
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
    this.#expectedAt = this.#options.now() + SAMPLE_EVERY_MS;
    this.#timer ??= setInterval(() => {
      const now = this.#options.now();
      this.sample(now - this.#expectedAt);
      this.#expectedAt = now + SAMPLE_EVERY_MS;
    }, SAMPLE_EVERY_MS).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** A request was refused early. */
  refused(reason: ShedReason): void {
    this.#byReason[reason].inc();
    this.#refused += 1;
    this.#sign();
  }

  /** How late the event loop was just now, in ms. */
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
    this.#options.logger.warn(
      { event_loop_delay_ms: Math.round(this.#delayMs) },
      'overload began: requests are refused with 503',
    );
    this.#options.onDegraded(OVERLOAD_TEXT);
  }

  #end(): void {
    this.#isOverloaded = false;
    this.#options.logger.info({ refused: this.#refused }, 'overload is over');
    this.#refused = 0;
    this.#options.onDegraded(null);
  }
}
