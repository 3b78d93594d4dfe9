const MINUTE_MS = 60_000;

/** The waits of payments, in milliseconds. A test makes them short. */
export interface PaymentTimes {
  /** For how long a process has an attempt to itself. Longer than a call to the provider may take. */
  readonly leaseMs: number;
  /** A claim that is older sends nothing: another process may have the attempt by now. */
  readonly sendWithinMs: number;
  /** The first wait after an unknown outcome; each next one is twice as long, up to `lookMaxMs`. */
  readonly lookMs: number;
  readonly lookMaxMs: number;
  /** How long the payer may take to confirm at the bank. */
  readonly actionMs: number;
  /**
   * When the provider still has no charge after it, the request never arrived. Shorter than 24 hours, for which Stripe keeps idempotency
   * keys: https://docs.stripe.com/api/idempotent_requests. After it nothing is sent with the key any more.
   */
  readonly keyMs: number;
  /** The same where nobody owes the amount any more, so that nothing is sent again. */
  readonly arrivalMs: number;
  /** The longest pause between two looks for what is due. */
  readonly pollMs: number;
}

export const PAYMENT_TIMES: PaymentTimes = {
  ...{ leaseMs: MINUTE_MS, sendWithinMs: 20_000, lookMs: 5000, lookMaxMs: 15 * MINUTE_MS },
  ...{ actionMs: 60 * MINUTE_MS, keyMs: 23 * 60 * MINUTE_MS, arrivalMs: 15 * MINUTE_MS, pollMs: 5000 },
};

/** The wait before the next look, after so many. */
export const lookAgainMs = ({ lookMs, lookMaxMs }: PaymentTimes, looks: number): number =>
  Math.min(lookMaxMs, lookMs * 2 ** Math.min(20, Math.max(0, looks - 1)));
