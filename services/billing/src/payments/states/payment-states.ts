import { forbiddenTransition, type TransitionTable } from '@gridworks/contracts';

/**
 * What may follow what in the life of one payment attempt: the one place that says so.
 * - `created`: stored, and surely not sent to the provider.
 * - `submitted`: stored right before it is sent, so that after a crash nobody knows whether it was.
 * - `unknown`: sent, and the outcome is not known. The provider is asked until it is.
 * - `requires_action`: the payer must confirm at the bank (3-D Secure). `processing`: the bank takes its time.
 * - `canceled`: ended before it was sent. No failure, since nobody refused anything.
 *
 * `failed` may become `succeeded`: the provider has the last word about money that has arrived. Nothing leaves `succeeded`.
 */
export const PAYMENT_TRANSITIONS = {
  created: ['submitted', 'canceled'],
  submitted: ['processing', 'requires_action', 'succeeded', 'failed', 'unknown'],
  unknown: ['processing', 'requires_action', 'succeeded', 'failed'],
  processing: ['requires_action', 'succeeded', 'failed'],
  requires_action: ['processing', 'succeeded', 'failed'],
  failed: ['succeeded'],
  succeeded: [],
  canceled: [],
} as const satisfies TransitionTable<string>;
export type PaymentState = keyof typeof PAYMENT_TRANSITIONS;
export const PAYMENT_STATES = Object.keys(PAYMENT_TRANSITIONS) as PaymentState[];

/** States in which the attempt locks its invoice: no other attempt is made. */
export const OPEN_STATES = [
  'created',
  'submitted',
  'unknown',
  'processing',
  'requires_action',
] as const satisfies readonly PaymentState[];

export const isOpen = (state: PaymentState): boolean => (OPEN_STATES as readonly string[]).includes(state);

export function mayFollow(from: PaymentState, to: PaymentState): boolean {
  return (PAYMENT_TRANSITIONS[from] as readonly PaymentState[]).includes(to);
}

/** The state after a step that we decide on. Throws `BILLING.TRANSITION_FORBIDDEN`, with what is allowed. */
export function transition(from: PaymentState, to: PaymentState): PaymentState {
  if (!mayFollow(from, to))
    throw forbiddenTransition<PaymentState>(PAYMENT_TRANSITIONS as TransitionTable<PaymentState>, from, to);
  return to;
}

/**
 * The state after the provider was read. What was read may be older than what is known, since two processes may read at once: then,
 * and when nothing is new, the state stays.
 */
export function observe(known: PaymentState, seen: PaymentState): PaymentState {
  return mayFollow(known, seen) ? seen : known;
}
