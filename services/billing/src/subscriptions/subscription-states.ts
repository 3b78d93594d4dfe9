import { AppError, TRANSITION_FORBIDDEN } from '@gridworks/contracts';

/**
 * Which steps a subscription may take in each state, and the state after them: the one place that says so.
 * - `trialing`: has the plan, and nothing is charged yet. `active`: charged. `past_due`: a payment is overdue.
 * - `paused`: has the limits of the first plan, and nothing is charged. `canceled`: final; the partner has another subscription.
 *
 * `change` takes a plan now, `schedule_change` at the end of the period; `resume` ends a pause, or takes back what was to happen at the
 * end of the period.
 */
export const SUBSCRIPTION_STEPS = {
  trialing: {
    change: 'trialing',
    schedule_change: 'trialing',
    cancel_at_period_end: 'trialing',
    cancel: 'canceled',
    resume: 'trialing',
    end_trial: 'active',
  },
  active: {
    change: 'active',
    schedule_change: 'active',
    cancel_at_period_end: 'active',
    cancel: 'canceled',
    resume: 'active',
    pause: 'paused',
    renew: 'active',
    miss_payment: 'past_due',
  },
  past_due: {
    cancel_at_period_end: 'past_due',
    cancel: 'canceled',
    resume: 'past_due',
    renew: 'past_due',
    settle_payment: 'active',
  },
  paused: { resume: 'active', cancel: 'canceled' },
  canceled: {},
} as const;

export type SubscriptionStatus = keyof typeof SUBSCRIPTION_STEPS;
export const SUBSCRIPTION_STATUSES = Object.keys(SUBSCRIPTION_STEPS) as SubscriptionStatus[];
type StepsOf<S> = S extends SubscriptionStatus ? keyof (typeof SUBSCRIPTION_STEPS)[S] : never;
export type SubscriptionStep = StepsOf<SubscriptionStatus>;

/** The steps that a state allows. */
export const stepsFrom = (from: SubscriptionStatus): SubscriptionStep[] =>
  Object.keys(SUBSCRIPTION_STEPS[from]) as SubscriptionStep[];

/** The refusal of a step. `details` has `from`, `step` and what is `allowed`. `why` replaces the sentence. */
export function forbiddenStep(from: SubscriptionStatus, step: SubscriptionStep, why?: string): AppError {
  const allowed = stepsFrom(from).filter((one) => one !== step);
  const otherwise =
    allowed.length === 0
      ? `The subscription is ${from}, which is final.`
      : `The subscription is ${from}, which does not allow ${step}. Allowed: ${allowed.join(', ')}.`;
  return new AppError(TRANSITION_FORBIDDEN, { detail: why ?? otherwise, details: { from, step, allowed } });
}

/** The state after a step. Throws `BILLING.TRANSITION_FORBIDDEN` with what is allowed. */
export function takeStep(from: SubscriptionStatus, step: SubscriptionStep): SubscriptionStatus {
  const steps: Partial<Record<SubscriptionStep, SubscriptionStatus>> = SUBSCRIPTION_STEPS[from];
  const to = steps[step];
  if (!to) throw forbiddenStep(from, step);
  return to;
}
