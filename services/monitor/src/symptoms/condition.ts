import type { Signal, Symptom, Target } from '@gridworks/contracts';

/** Something that is wrong at this moment, before anybody is told. */
export interface Condition {
  readonly signal: Signal;
  readonly target: Target;
  /** Last good sign of life, epoch ms. */
  readonly beganAt: number;
  readonly suspects: Symptom['suspects'];
  readonly evidence: Readonly<Record<string, unknown>>;
}

/** One symptom for each kind of trouble of each process. */
export const conditionKey = (condition: Pick<Condition, 'signal' | 'target'>): string =>
  `${condition.signal}|${condition.target.process}`;
