import type { Category } from '../common/category.ts';
import type { FailureKind } from '../common/healing-record.ts';
import type { StrategyName } from '../common/strategy-name.ts';

/** How often a strategy healed, and failed to heal, among the occurrences of a capture. */
export interface StrategyOutcome {
  healed: number;
  failed: number;
}

/**
 * Payload of `event.<service>.error.captured`: equal errors of one call site within a flush, and their
 * outcome.
 */
export interface ErrorCapture {
  /** Stays the same when the capture has to be sent again. */
  readonly id: string;
  readonly fingerprint: string;
  readonly source: string;
  /** The dependency that failed, by the call site's name for it; null when the call site names none. */
  readonly dependency: string | null;
  readonly category: Category;
  readonly criticality: 'critical' | 'normal' | 'optional';
  readonly kind: FailureKind;
  readonly transient: boolean;
  /** The decided strategy, and what decided it. */
  readonly strategy: StrategyName;
  readonly decided_by: 'pattern' | 'rule' | 'model' | 'none';
  readonly confidence: number;
  readonly why: string;
  readonly rule: string;
  /** The first occurrence, redacted and cut to size. */
  readonly error: {
    readonly name: string;
    readonly code: string | null;
    readonly message: string;
    readonly stack: string | null;
  };
  /** The steps that were tried on the first occurrence. */
  readonly steps: readonly { strategy: StrategyName; outcome: string; why: string; duration_ms: number }[];
  count: number;
  healed: number;
  readonly outcomes: Partial<Record<StrategyName, StrategyOutcome>>;
  /** ISO 8601, UTC. */
  readonly first_at: string;
  last_at: string;
}
