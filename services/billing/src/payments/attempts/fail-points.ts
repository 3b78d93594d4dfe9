import { Inject, Injectable, Optional } from '@nestjs/common';

/** The steps of a payment, in their order. Tests kill the process at each of them. */
export const PAYMENT_STEPS = [
  /** The attempt is stored, and taken by the runner. */
  'claimed',
  /** Stored as submitted; nothing is sent. */
  'submitted',
  /** The provider has responded; nothing of it is stored. */
  'responded',
  /** In the transaction of the outcome, after the posting and before COMMIT. */
  'posted',
  /** The outcome is committed, and its events may not be published. */
  'settled',
] as const;
export type PaymentStep = (typeof PAYMENT_STEPS)[number];

type Reached = (step: PaymentStep, attemptId: string) => Promise<void>;

/** The token of a test's own function. */
export const ON_PAYMENT_STEP = Symbol('on payment step');

/** Told of each step. Nothing happens in production. */
@Injectable()
export class FailPoints {
  readonly reached: Reached;

  constructor(@Optional() @Inject(ON_PAYMENT_STEP) reached: Reached | null = null) {
    this.reached = reached ?? (async () => undefined);
  }
}
