import { successRate } from './fading.ts';
import { lowerBoundOf, type PatternRecord } from './pattern.ts';

/** What a strategy must have shown before it decides ahead of the rules in every process. */
export const DECISION_RULE = {
  /** Outcomes since counting began. */
  samples: 10,
  /** Of faded outcomes; must be greater than this. */
  successRate: 0.8,
  /** Lower end of the 95% Wilson interval; must be greater than this. */
  lowerBound: 0.6,
  /** So many failures in a row demote a pattern at once, whatever it did before. */
  consecutiveFailures: 3,
  /** Successes, without any failure, after which a model's verdict decides. */
  verified: 5,
} as const;

/**
 * Whether the evidence is enough to decide at this moment. Outcomes fade, so that a pattern may stop deciding
 * without any new failure.
 */
export function satisfiesRule(record: PatternRecord, now: number): boolean {
  return (
    record.samples >= DECISION_RULE.samples &&
    record.consecutiveFailures < DECISION_RULE.consecutiveFailures &&
    successRate(record.evidence) > DECISION_RULE.successRate &&
    lowerBoundOf(record, now) > DECISION_RULE.lowerBound
  );
}

/**
 * Whether the pattern is a model's verdict with enough successes. After one failure the pattern is `demoted`
 * and no longer verified.
 */
export const isVerified = (record: PatternRecord): boolean =>
  record.origin === 'model' && record.state !== 'demoted' && record.verified >= DECISION_RULE.verified;

/** Whether the pattern may decide, if no other strategy for the same error is better. */
export const mayDecide = (record: PatternRecord, now: number): boolean =>
  isVerified(record) || (!isOnTrial(record) && satisfiesRule(record, now));

/** A verdict that a human put on trial, and that has not failed yet. */
const isOnTrial = ({ origin, state }: PatternRecord): boolean => origin === 'model' && state !== 'demoted';

/** The evidence so far, in words. */
export function shown(record: PatternRecord, now: number): string {
  const rate = Math.round(successRate(record.evidence) * 100);
  return `${rate}% healed of ${record.samples}, lower bound ${lowerBoundOf(record, now).toFixed(2)}`;
}
