import { CHECK_RUNS_KEPT, type CheckDefinition, type CheckRun } from '@gridworks/contracts';

/** What the runs of a check say about it, whatever silences or mutes it. */
export type Judgement = 'passing' | 'degraded' | 'failing' | 'unknown';

/** What a record is judged by. */
export type Limits = Pick<CheckDefinition, 'threshold' | 'hysteresis'>;

/** With fewer runs a rate says nothing. */
export const MIN_RUNS_FOR_RATES = 10;

/**
 * The latest runs of a check and their judgement. Pure: reads no clock. A check fails when enough runs in a row
 * failed, or too large a share of its latest runs; it is healthy again when enough runs in a row passed.
 */
export class CheckRecord {
  readonly runs: CheckRun[] = [];
  judgement: Judgement = 'unknown';
  /** When the judgement last changed, epoch ms. */
  since: number;
  /** When a run last passed after one that failed, epoch ms. */
  recoveredAt = Number.NEGATIVE_INFINITY;
  /** The outcomes of the latest runs since the check was last healthy again. */
  #counted: boolean[] = [];
  #fails = 0;
  #passes = 0;

  constructor(now: number) {
    this.since = now;
  }

  get last(): CheckRun | null {
    return this.runs.at(-1) ?? null;
  }

  /** Whether the last run failed, confirmed or not. */
  get suspicious(): boolean {
    return this.judgement === 'failing' || this.last?.passed === false;
  }

  /** Shares of the counted runs; null while there are too few. */
  get rates(): { error: number; success: number } | null {
    const total = this.#counted.length;
    if (total < MIN_RUNS_FOR_RATES) return null;
    const failed = this.#counted.filter((passed) => !passed).length;
    return { error: failed / total, success: (total - failed) / total };
  }

  /** Adds a run. `counts`: false for a failure that something else explains: it is kept and not judged. */
  add(run: CheckRun, limits: Limits, now: number, counts = true): void {
    if (run.passed && this.last?.passed === false) this.recoveredAt = now;
    this.runs.push(run);
    if (this.runs.length > CHECK_RUNS_KEPT) this.runs.shift();
    if (!counts) return;
    this.#counted = [...this.#counted, run.passed].slice(-CHECK_RUNS_KEPT);
    this.#fails = run.passed ? 0 : this.#fails + 1;
    this.#passes = run.passed ? this.#passes + 1 : 0;
    this.judge(limits, now);
  }

  /** Judges the runs again, for instance by other thresholds. */
  judge(limits: Limits, now: number): void {
    const next = this.#judged(limits);
    if (next === this.judgement) return;
    if (this.judgement === 'failing') this.#counted = [];
    this.judgement = next;
    this.since = now;
  }

  /** Forgets unconfirmed failures: something else explains them. */
  excuse(): void {
    if (this.judgement !== 'failing') this.#fails = 0;
  }

  #judged({ threshold, hysteresis }: Limits): Judgement {
    const { last } = this;
    if (!last) return 'unknown';
    if (this.judgement === 'failing' && this.#passes < hysteresis.passes) return 'failing';
    if (this.#fails >= hysteresis.fails) return 'failing';
    const rates = this.judgement === 'failing' ? null : this.rates;
    if (rates && rates.error >= threshold.error_rate) return 'failing';
    const slow = (last.response_time_ms ?? 0) > threshold.response_time_ms;
    const unsteady = rates !== null && rates.success < threshold.success_rate;
    return !last.passed || slow || last.detail !== null || unsteady ? 'degraded' : 'passing';
  }
}
