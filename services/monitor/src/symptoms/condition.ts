import type { Signal, Symptom, Target } from '@gridworks/contracts';

/** A fault at this moment, before it is reported as a symptom. */
export interface Condition {
  readonly signal: Signal;
  readonly target: Target;
  /** Last good sign of life, epoch ms. */
  readonly beganAt: number;
  readonly suspects: Symptom['suspects'];
  readonly evidence: Readonly<Record<string, unknown>>;
}

/** One symptom for each signal of each process. */
export const conditionKey = (condition: Pick<Condition, 'signal' | 'target'>): string =>
  `${condition.signal}|${condition.target.process}`;
