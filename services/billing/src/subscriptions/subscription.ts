import {
  type getSubscription,
  type OutputOf,
  type PlanVersion,
  SUBSCRIPTION_ACTIONS,
} from '@gridworks/contracts';
import { type Anchor, monthsAfter, periodAround, type Span } from '../periods/periods.ts';
import { FIRST_PLAN } from '../plans/plan-version.repository.ts';
import { type SubscriptionStatus, type SubscriptionStep, stepsFrom } from './subscription-states.ts';

/** A row of `subscriptions`. */
export interface Subscription {
  readonly id: string;
  readonly partner_id: string;
  readonly status: SubscriptionStatus;
  readonly plan_version_id: string;
  readonly currency: string;
  readonly time_zone: string;
  /** Whole seconds, as all moments of a subscription. */
  readonly anchor_at: Date;
  /** The interval of the plan that is paid for; the trial, while there is one. */
  readonly period_from: Date;
  readonly period_to: Date;
  /** The end of the current billing period. */
  readonly advance_at: Date | null;
  readonly trial_end: Date | null;
  readonly pending_plan_version_id: string | null;
  readonly cancel_at_period_end: boolean;
  readonly paused_at: Date | null;
  readonly canceled_at: Date | null;
  readonly created_at: Date;
  readonly updated_at: Date;
}

/** A row of `billing_periods`: a month of a subscription, or the part of it with one plan. */
export interface BillingPeriod {
  readonly subscription_id: string;
  readonly partner_id: string;
  readonly plan_version_id: string;
  readonly currency: string;
  readonly starts_at: Date;
  readonly ends_at: Date;
  readonly month_from: Date;
  readonly month_to: Date;
  readonly is_trial: boolean;
  /** When its units were charged. */
  readonly rated_at: Date | null;
}

/** The months of an interval. */
export const MONTHS = { month: 1, year: 12 } as const;

export const anchorOf = ({ anchor_at, time_zone }: Subscription): Anchor => ({
  at: anchor_at,
  zone: time_zone,
});

/** The interval that begins with the anchor. */
export const firstPeriod = (anchor: Anchor, version: PlanVersion): Span => ({
  from: anchor.at,
  to: monthsAfter(anchor, MONTHS[version.interval]),
});

/** The month of a subscription around a moment. */
export const monthAround = (anchor: Anchor, at: Date): Span => periodAround(anchor, 1, at);

/** What a person can do in this state, without what would have no effect. */
export function actionsOf(subscription: Subscription, version: PlanVersion): SubscriptionStep[] {
  const isFirst = version.plan === FIRST_PLAN;
  const isScheduled = subscription.cancel_at_period_end || subscription.pending_plan_version_id !== null;
  return stepsFrom(subscription.status).filter((step) => {
    if (step === 'resume') return subscription.status === 'paused' || isScheduled;
    if (step === 'cancel_at_period_end') return !isFirst && !subscription.cancel_at_period_end;
    return !(isFirst && (step === 'cancel' || step === 'pause'));
  });
}

type Public = OutputOf<typeof getSubscription>;

const presentPlan = ({ id, plan, version, name, interval }: PlanVersion): Public['plan'] => ({
  ...{ plan_version_id: id, id: plan, version, name, interval },
});

/** A subscription as the API shows it. */
export function presentSubscription(
  subscription: Subscription,
  version: PlanVersion,
  pending: PlanVersion | null,
  now: Date,
): Public {
  const span = ({ from, to }: Span) => ({ from: from.toISOString(), to: to.toISOString() });
  const { status, trial_end, period_from, period_to } = subscription;
  const period = { from: period_from, to: period_to };
  const moment = now < period_to ? now : period_from;
  const month = status === 'trialing' ? period : monthAround(anchorOf(subscription), moment);
  const allowed = actionsOf(subscription, version) as string[];
  return {
    ...{ object: 'subscription', id: subscription.id, status, plan: presentPlan(version) },
    ...{ currency: subscription.currency, time_zone: subscription.time_zone },
    ...{ period: span(period), usage_period: span(month), trial_end: trial_end?.toISOString() ?? null },
    cancel_at_period_end: subscription.cancel_at_period_end,
    pending_change: pending && presentPlan(pending),
    paused_at: subscription.paused_at?.toISOString() ?? null,
    created_at: subscription.created_at.toISOString(),
    allowed: SUBSCRIPTION_ACTIONS.filter((action) => allowed.includes(action)),
  };
}
