import { BreakerRegistry } from '../breaker/breaker-registry.ts';
import { RetryBudget } from '../budget/retry-budget.ts';
import type { Category } from '../common/category.ts';
import type { HealingRecord } from '../common/healing-record.ts';
import { SiteStats } from '../common/site-stats.ts';
import type { ErrorReporter } from '../reporting/error-reporter.ts';
import type { Classify, Fingerprint, PatternsPort } from './examine-error.ts';

export interface EnvironmentOptions {
  readonly classify: Classify;
  readonly fingerprint: Fingerprint;
  readonly patterns?: PatternsPort | null;
  readonly reporter?: ErrorReporter | null;
  readonly budget?: RetryBudget;
  readonly breakers?: BreakerRegistry;
  /** New errors that a call site examines per second; further ones are only counted. Default 200. */
  readonly examinedPerSecond?: number;
  /** 0 <= x < 1, for jitter. */
  readonly random?: () => number;
}

/** The shared state of the call sites of a process. There is one by default; specs create their own. */
export class HealingEnvironment {
  classify: Classify;
  fingerprint: Fingerprint;
  patterns: PatternsPort | null;
  reporter: ErrorReporter | null;
  readonly budget: RetryBudget;
  readonly breakers: BreakerRegistry;
  readonly examinedPerSecond: number;
  readonly random: () => number;
  readonly #sites = new Map<string, SiteStats>();
  readonly #listeners = new Set<(record: HealingRecord, error: unknown) => void>();

  constructor(options: EnvironmentOptions) {
    this.classify = options.classify;
    this.fingerprint = options.fingerprint;
    this.patterns = options.patterns ?? null;
    this.reporter = options.reporter ?? null;
    this.budget = options.budget ?? new RetryBudget();
    this.breakers = options.breakers ?? new BreakerRegistry();
    this.examinedPerSecond = options.examinedPerSecond ?? 200;
    this.random = options.random ?? Math.random;
  }

  /** Figures of a call site. Call sites of one source share them. */
  statsOf(source: string, category: Category): SiteStats {
    let stats = this.#sites.get(source);
    if (stats === undefined) {
      stats = new SiteStats(source, category);
      this.#sites.set(source, stats);
    }
    return stats;
  }

  sites(): readonly SiteStats[] {
    return [...this.#sites.values()];
  }

  /**
   * Calls the listener for every caught error right after the error was healed or given up. An error of the
   * listener is ignored.
   */
  onHealing(listener: (record: HealingRecord, error: unknown) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  announce(record: HealingRecord, error: unknown): void {
    for (const listener of this.#listeners) {
      try {
        listener(record, error);
      } catch {
        // a listener must not change the result
      }
    }
  }
}
