import type { FaultKind } from '../classify/kinds/classification.ts';
import type { StrategyName } from './strategy-name.ts';

/** Kinds of the classifier, and those of our own guards. */
export type FailureKind = FaultKind | 'circuit_open' | 'bulkhead_full';

/** The decision about an error, and its reason. */
export interface HealingDecision {
  readonly fingerprint: string;
  readonly kind: FailureKind;
  readonly transient: boolean;
  readonly strategy: StrategyName;
  /** 0..1 */
  readonly confidence: number;
  readonly why: string;
  /** Name of the rule or pattern. */
  readonly rule: string;
  readonly decidedBy: 'pattern' | 'rule' | 'model' | 'none';
}

export interface HealingStep {
  readonly strategy: StrategyName;
  readonly outcome: 'healed' | 'failed' | 'skipped';
  readonly why: string;
  readonly durationMs: number;
}

/** The history of one caught error. */
export interface HealingRecord {
  readonly source: string;
  readonly decision: HealingDecision;
  readonly steps: readonly HealingStep[];
  readonly healedBy: StrategyName | null;
  readonly durationMs: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

const HEALING = Symbol.for('gridworks.healing');
/** For errors to which no property can be added. */
const frozen = new WeakMap<object, HealingRecord>();

/** Attaches the record to an error that could not be healed. Values that are no objects get no record. */
export function attachHealing(error: unknown, record: HealingRecord): void {
  if ((typeof error !== 'object' && typeof error !== 'function') || error === null) return;
  try {
    Object.defineProperty(error, HEALING, {
      value: record,
      enumerable: false,
      configurable: true,
      writable: true,
    });
  } catch {
    frozen.set(error, record);
  }
}

/** The record of an error that was thrown after healing; undefined when the error passed no healing. */
export function healingOf(error: unknown): HealingRecord | undefined {
  if ((typeof error !== 'object' && typeof error !== 'function') || error === null) return undefined;
  try {
    return (error as { [HEALING]?: HealingRecord })[HEALING] ?? frozen.get(error);
  } catch {
    return frozen.get(error);
  }
}

/** A record in words, one line per step. */
export function explainHealing(record: HealingRecord): string {
  const { decision, steps } = record;
  const lines = [
    `${record.source}: ${decision.kind} (${decision.transient ? 'transient' : 'not transient'}), confidence ${decision.confidence}`,
    `  because ${decision.why} [${decision.decidedBy} ${decision.rule}]`,
    ...steps.map(
      (step) => `  ${step.strategy}: ${step.outcome}, ${step.why} (${step.durationMs.toFixed(1)} ms)`,
    ),
    record.healedBy ? `  healed by ${record.healedBy}` : '  not healed: the original error is thrown',
  ];
  return lines.join('\n');
}
