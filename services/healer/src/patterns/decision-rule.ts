import { successRate } from './fading.ts';
import { lowerBoundOf, type PatternRecord } from './pattern.ts';

/** What a strategy must have shown before it goes before the rules of every process. */
export const DECISION_RULE = {
  /** Outcomes since counting began. */
  samples: 10,
  /** Of faded outcomes; more than this. */
  successRate: 0.8,
  /** Lower end of the 95% Wilson interval; more than this. */
  lowerBound: 0.6,
  /** So many failures one after another end it at once, whatever it did before. */
  consecutiveFailures: 3,
  /** Successes, without any failure, after which a model's verdict decides. */
  verified: 5,
} as const;

/** Whether what was learned of it is enough to decide at this moment. Outcomes fade, so that it may end by itself. */
export function satisfiesRule(record: PatternRecord, now: number): boolean {
  return (
    record.samples >= DECISION_RULE.samples &&
    record.consecutiveFailures < DECISION_RULE.consecutiveFailures &&
    successRate(record.evidence) > DECISION_RULE.successRate &&
    lowerBoundOf(record, now) > DECISION_RULE.lowerBound
  );
}

/** Whether it is a model's verdict that proved itself. One failure, and it is `demoted` and no longer is. */
export const isVerified = (record: PatternRecord): boolean =>
  record.origin === 'model' && record.state !== 'demoted' && record.verified >= DECISION_RULE.verified;

/** Whether it may decide, if no other strategy for the same error does it better. */
export const mayDecide = (record: PatternRecord, now: number): boolean =>
  isVerified(record) || (!isOnTrial(record) && satisfiesRule(record, now));

/** A verdict that a human let be tried, and that did not fail yet. */
const isOnTrial = ({ origin, state }: PatternRecord): boolean => origin === 'model' && state !== 'demoted';

/** What it showed so far, in words. */
export function shown(record: PatternRecord, now: number): string {
  const rate = Math.round(successRate(record.evidence) * 100);
  return `${rate}% healed of ${record.samples}, lower bound ${lowerBoundOf(record, now).toFixed(2)}`;
}
