import { setTimeout as sleep } from 'node:timers/promises';
import {
  AppError,
  CHECK_NOT_CONFIGURED,
  CHECK_NOT_FOUND,
  CHECKS,
  type CheckDefinition,
  type CheckRun,
} from '@gridworks/contracts';
import type { Logger } from '@gridworks/observability';
import { WakeableLoop } from '@gridworks/persistence';
import { redactText } from '@gridworks/redaction';
import { LOGGER } from '@gridworks/runtime';
import { Inject, Injectable } from '@nestjs/common';
import type { CheckOutcome, RunnableCheck } from '../checks/check-outcome.ts';
import { CheckRecord } from './check-record.ts';
import { type CheckOverrides, type EffectiveCheck, effectiveCheck } from './effective-check.ts';
import { silencersOf } from './silencers.ts';

/** A check with its settings in use, its work and its runs. */
export interface CheckEntry {
  readonly row: CheckDefinition;
  effective: EffectiveCheck;
  /** The newest change of an admin, RFC 3339 and user id; null: the defaults. */
  changed: { readonly at: string; readonly by: string } | null;
  readonly record: CheckRecord;
  /** Undefined until the part of monitor that does it has begun. */
  work: RunnableCheck | undefined;
  /** Epoch ms; null while it does not run by itself. */
  nextRunAt: number | null;
}

const RETRY_AFTER_MS = 250;
/** Runs spread over a tenth of their interval, so that not all of them are due at once. */
const JITTER = 0.1;
/** The first runs after a start spread over this time at most. */
const SPREAD_MS = 5000;
/** A state that the last run contradicts is confirmed sooner than the interval says. */
const CONFIRM_AFTER_MS = 15_000;
const SHORTEST_PAUSE_MS = 50;
const DETAIL_LENGTH = 300;

/** Runs the checks of the table: intervals, timeouts, retries. What they mean is judged elsewhere. */
@Injectable()
export class CheckRunner {
  readonly entries: ReadonlyMap<string, CheckEntry>;
  /** Whether something else shows that a component is in trouble. Set by the watch, which sees faults first. */
  troubled: (target: string, now: number) => boolean = () => false;
  readonly #loops = new Map<string, WakeableLoop>();
  readonly #running = new Map<string, Promise<CheckRun>>();

  constructor(@Inject(LOGGER) private readonly logger: Logger) {
    const now = Date.now();
    const rows: readonly CheckDefinition[] = CHECKS.map((row) => ({
      ...row,
      dependencies: [...row.dependencies],
    }));
    this.entries = new Map(
      rows.map((row) => [
        row.name,
        {
          row,
          effective: effectiveCheck(row, {}),
          changed: null,
          record: new CheckRecord(now),
          work: undefined,
          nextRunAt: null,
        },
      ]),
    );
  }

  /** Throws `MONITOR.CHECK_NOT_FOUND`. */
  entry(name: string): CheckEntry {
    const entry = this.entries.get(name);
    if (!entry) throw new AppError(CHECK_NOT_FOUND);
    return entry;
  }

  /** Begins to run these checks. The first run of each comes within its interval. */
  start(checks: readonly RunnableCheck[]): void {
    for (const work of checks) {
      const entry = this.entry(work.name);
      entry.work = work;
      if (!work.configured) continue;
      const loop = new WakeableLoop(() => this.#tick(entry));
      this.#loops.set(work.name, loop);
      const delay = Math.random() * Math.min(SPREAD_MS, entry.effective.interval_ms);
      entry.nextRunAt = Date.now() + delay;
      loop.start(delay);
    }
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#loops.values()].map((loop) => loop.stop()));
    await Promise.allSettled(this.#running.values());
  }

  /** Uses other settings from now on. */
  apply(name: string, overrides: CheckOverrides, changed: CheckEntry['changed']): void {
    const entry = this.entries.get(name);
    if (!entry) return; // of another release
    entry.effective = effectiveCheck(entry.row, overrides);
    entry.changed = changed;
    entry.record.judge(entry.effective, Date.now());
    this.#loops.get(name)?.wake();
  }

  /**
   * Runs a check now; a run that is under way is waited for instead. Throws `MONITOR.CHECK_NOT_FOUND` and
   * `MONITOR.CHECK_NOT_CONFIGURED`.
   */
  run(name: string): Promise<CheckRun> {
    const entry = this.entry(name);
    if (!entry.work?.configured) throw new AppError(CHECK_NOT_CONFIGURED);
    const running = this.#running.get(name) ?? this.#run(entry, entry.work);
    this.#running.set(name, running);
    void running.finally(() => this.#running.delete(name));
    return running;
  }

  /** The failing checks that silence this one now. */
  silencers(entry: CheckEntry, now: number): string[] {
    return silencersOf(entry, this.entries, now, this.troubled);
  }

  /** Runs the check unless it should not run now. Returns the ms until the next tick. */
  async #tick(entry: CheckEntry): Promise<number> {
    const now = Date.now();
    const { effective, record } = entry;
    if (!effective.enabled) {
      entry.nextRunAt = null;
      return effective.interval_ms;
    }
    const early = (entry.nextRunAt ?? now) - now;
    if (early > SHORTEST_PAUSE_MS) {
      // Woken by other settings: a shorter interval counts from the last run.
      const due = (record.last ? Date.parse(record.last.at) : now) + effective.interval_ms;
      entry.nextRunAt = Math.min(entry.nextRunAt ?? due, due);
      const left = entry.nextRunAt - now;
      if (left > SHORTEST_PAUSE_MS) return left;
    }
    // A check that nothing relies on is not run against what is known to be broken.
    const idle = effective.can_be_muted && this.silencers(entry, now).length > 0;
    if (!idle)
      await this.run(entry.row.name).catch((error) => this.logger.log('monitor_task.failed', { error }));
    const pause = this.#pauseAfter(entry, idle);
    const left = Math.max(SHORTEST_PAUSE_MS, now + pause - Date.now());
    entry.nextRunAt = Date.now() + left;
    return left;
  }

  #pauseAfter({ effective, record }: CheckEntry, idle: boolean): number {
    const { interval_ms } = effective;
    const contradicted = record.last !== null && record.last.passed === (record.judgement === 'failing');
    const unconfirmed = idle || contradicted || record.judgement === 'failing';
    const interval = unconfirmed ? Math.min(interval_ms, CONFIRM_AFTER_MS) : interval_ms;
    return interval * (1 - JITTER + Math.random() * 2 * JITTER);
  }

  async #run(entry: CheckEntry, work: RunnableCheck): Promise<CheckRun> {
    const { timeout_ms, retries } = entry.effective;
    const startedAt = Date.now();
    let attempts = 1;
    let outcome = await attempted(work, timeout_ms);
    for (; !outcome.passed && attempts <= retries; attempts++) {
      await sleep(RETRY_AFTER_MS);
      outcome = await attempted(work, timeout_ms);
    }
    const run: CheckRun = {
      at: new Date(startedAt).toISOString(),
      passed: outcome.passed,
      response_time_ms: outcome.responseMs === null ? null : Math.round(outcome.responseMs * 10) / 10,
      detail: outcome.detail === null ? null : redactText(outcome.detail).slice(0, DETAIL_LENGTH),
      step: outcome.step ?? null,
      attempts,
    };
    const now = Date.now();
    const counts = run.passed || this.silencers(entry, now).length === 0;
    entry.record.add(run, entry.effective, now, counts);
    return run;
  }
}

async function attempted(work: RunnableCheck, timeoutMs: number): Promise<CheckOutcome> {
  try {
    return await work.attempt(timeoutMs);
  } catch (error) {
    return {
      passed: false,
      responseMs: null,
      detail: error instanceof Error ? error.message : String(error),
    };
  }
}
