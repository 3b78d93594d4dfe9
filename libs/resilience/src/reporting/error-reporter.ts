import { redact } from '@gridworks/redaction';
import type { Category } from '../common/category.ts';
import type { HealingRecord } from '../common/healing-record.ts';
import { describeError, type Redact } from './describe-error.ts';
import type { ErrorCapture } from './error-capture.ts';

/** Delivers a batch to its destination; rejects when the destination is away. */
export type CaptureSink = (batch: readonly ErrorCapture[]) => Promise<void>;

export interface ReporterOptions {
  readonly sink: CaptureSink;
  /** Default: `redact` of libs/redaction. */
  readonly redact?: Redact;
  /** The maximum number of different captures that wait; further ones replace the oldest. Default 1,000. */
  readonly capacity?: number;
  /** Captures passed to the sink at once. Default 100. */
  readonly batch?: number;
  /** For how long equal errors are collected before they are sent, in milliseconds. Default 1,000. */
  readonly everyMs?: number;
  /** The maximum wait after a failed attempt, which doubles from `everyMs`. Default 30,000. */
  readonly maxWaitMs?: number;
  /** After how long an attempt of the sink counts as failed, in milliseconds. Default 10,000. */
  readonly sinkMs?: number;
}

export interface CaughtError {
  readonly record: HealingRecord;
  readonly error: unknown;
  readonly dependency?: string | undefined;
  readonly category: Category;
  readonly criticality: ErrorCapture['criticality'];
}

/** Still open. The time of the last occurrence becomes text only when the capture is sent. */
interface OpenCapture {
  readonly capture: ErrorCapture;
  lastAt: number;
}

let captures = 0;
const run = `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 8)}`;

/**
 * Collects caught errors in memory and passes them to a sink in the background. Capturing costs a look-up
 * when an equal error is held already; it never waits and never throws. While the sink is away the newest are
 * kept.
 */
export class ErrorReporter {
  /** Captures that were dropped because too many waited. */
  dropped = 0;
  /** Occurrences that were captured. */
  captured = 0;
  readonly #options: Required<ReporterOptions>;
  /** Open captures, oldest first, by call site and fingerprint. */
  readonly #open = new Map<string, Map<string, OpenCapture>>();
  #openCount = 0;
  /** Complete captures that are being sent, or will be sent again unchanged. */
  #unsent: ErrorCapture[] = [];
  #timer: NodeJS.Timeout | null = null;
  #sending: Promise<void> | null = null;
  #waitMs: number;
  #stopped = false;

  constructor(options: ReporterOptions) {
    this.#options = {
      capacity: 1_000,
      batch: 100,
      everyMs: 1_000,
      maxWaitMs: 30_000,
      sinkMs: 10_000,
      redact,
      ...options,
    };
    this.#waitMs = this.#options.everyMs;
  }

  /** Captures that wait, for metrics. */
  get waiting(): number {
    return this.#openCount + this.#unsent.length;
  }

  capture(caught: CaughtError): void {
    try {
      const open = this.#find(caught);
      const { capture } = open;
      const { record } = caught;
      capture.count++;
      this.captured++;
      if (record.healedBy !== null) capture.healed++;
      for (const { strategy, outcome } of record.steps) {
        if (outcome === 'skipped') continue;
        const outcomes = capture.outcomes[strategy] ?? { healed: 0, failed: 0 };
        outcomes[outcome]++;
        capture.outcomes[strategy] = outcomes;
      }
      open.lastAt = record.at;
      if (this.#timer === null && this.#sending === null) this.#arm(this.#options.everyMs);
    } catch {
      this.dropped++;
    }
  }

  /**
   * Sends the waiting captures, batch after batch. Resolves when none waits any more or the sink has failed.
   */
  async flush(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#sending ??= this.#send().finally(() => {
      this.#sending = null;
      if (this.waiting > 0 && !this.#stopped) this.#arm(this.#waitMs);
    });
    return this.#sending;
  }

  /** Flushes a last time; after that nothing is sent any more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.flush();
  }

  #find({ record, error, dependency, category, criticality }: CaughtError): OpenCapture {
    const { decision, source, at } = record;
    let ofSource = this.#open.get(source);
    if (ofSource === undefined) {
      ofSource = new Map();
      this.#open.set(source, ofSource);
    }
    const known = ofSource.get(decision.fingerprint);
    if (known !== undefined) return known;
    const capture: ErrorCapture = {
      id: `${run}-${++captures}`,
      fingerprint: decision.fingerprint,
      source,
      dependency: dependency ?? null,
      category,
      criticality,
      kind: decision.kind,
      transient: decision.transient,
      strategy: decision.strategy,
      decided_by: decision.decidedBy,
      confidence: decision.confidence,
      why: decision.why,
      rule: decision.rule,
      error: describeError(error, this.#options.redact),
      steps: record.steps.map(({ strategy, outcome, why, durationMs }) => ({
        strategy,
        outcome,
        why,
        duration_ms: Math.round(durationMs * 1_000) / 1_000,
      })),
      count: 0,
      healed: 0,
      outcomes: {},
      first_at: timestamp(at),
      last_at: timestamp(at),
    };
    const open = { capture, lastAt: at };
    ofSource.set(decision.fingerprint, open);
    this.#openCount++;
    while (this.waiting > this.#options.capacity) this.#dropOldest();
    return open;
  }

  #dropOldest(): void {
    this.dropped++;
    if (this.#unsent.shift() !== undefined) return;
    for (const [source, ofSource] of this.#open) {
      for (const fingerprint of ofSource.keys()) {
        ofSource.delete(fingerprint);
        this.#openCount--;
        if (ofSource.size === 0) this.#open.delete(source);
        return;
      }
    }
  }

  async #send(): Promise<void> {
    for (const ofSource of this.#open.values())
      for (const { capture, lastAt } of ofSource.values())
        this.#unsent.push({ ...capture, last_at: timestamp(lastAt) });
    this.#open.clear();
    this.#openCount = 0;
    while (this.#unsent.length > 0) {
      const batch = this.#unsent.slice(0, this.#options.batch);
      try {
        await inTime(this.#options.sink(batch), this.#options.sinkMs);
      } catch {
        this.#waitMs = Math.min(this.#options.maxWaitMs, this.#waitMs * 2);
        return;
      }
      this.#waitMs = this.#options.everyMs;
      const sent = new Set(batch);
      this.#unsent = this.#unsent.filter((capture) => !sent.has(capture));
    }
  }

  #arm(ms: number): void {
    this.#timer = setTimeout(() => void this.flush(), ms);
    this.#timer.unref();
  }
}

const timestamp = (ms: number): string => new Date(ms).toISOString();

function inTime(work: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no response within ${ms} ms`)), ms);
    timer.unref();
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
