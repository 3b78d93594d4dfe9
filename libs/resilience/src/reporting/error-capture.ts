import type { Category } from '../common/category.ts';
import type { FailureKind } from '../common/healing-record.ts';
import type { StrategyName } from '../common/strategy-name.ts';

/** How often a strategy healed, and did not heal, among the occurrences of a capture. */
export interface StrategyOutcome {
  healed: number;
  failed: number;
}

/** Payload of `event.<service>.error.captured`: equal errors of one call site within a flush, and what became of them. */
export interface ErrorCapture {
  /** Stays the same when the capture has to be sent again. */
  readonly id: string;
  readonly fingerprint: string;
  readonly source: string;
  /** Who answered, or failed to, as the call site says; null when it does not. */
  readonly dependency: string | null;
  readonly category: Category;
  readonly criticality: 'critical' | 'normal' | 'optional';
  readonly kind: FailureKind;
  readonly transient: boolean;
  /** What was decided, and by whom. */
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
  /** What was tried on the first occurrence. */
  readonly steps: readonly { strategy: StrategyName; outcome: string; why: string; duration_ms: number }[];
  count: number;
  healed: number;
  readonly outcomes: Partial<Record<StrategyName, StrategyOutcome>>;
  /** ISO 8601, UTC. */
  readonly first_at: string;
  last_at: string;
}
