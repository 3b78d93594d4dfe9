import { z } from 'zod';
import { defineEvent, defineRequest } from '../contract/define-contract.ts';
import { NAMED_SCHEMAS } from '../contract/named-schemas.ts';
import { defineError } from '../values/app-error.ts';
import { idSchema, timestampSchema } from '../values/identifiers.ts';
import { invoicePreviewSchema } from './invoices.contracts.ts';
import { planIdSchema } from './plan-version.ts';
import { TRANSITION_FORBIDDEN } from './transition.errors.ts';

export const PLAN_NOT_OFFERED = defineError({
  code: 'BILLING.PLAN_NOT_OFFERED',
  kind: 'not_found',
  title: 'There is no such plan to choose',
});
export const PROFILE_INCOMPLETE = defineError({
  code: 'BILLING.PROFILE_INCOMPLETE',
  kind: 'conflict',
  title: 'The billing profile lacks what an invoice needs',
});

export const CURRENCY_FIXED = defineError({
  code: 'BILLING.CURRENCY_FIXED',
  kind: 'conflict',
  title: 'What is paid cannot be set off in another currency',
});

/** What a partner can do with its subscription. */
export const SUBSCRIPTION_ACTIONS = [
  'change',
  'schedule_change',
  'cancel',
  'cancel_at_period_end',
  'resume',
  'pause',
] as const;

const planOfSubscription = z.object({
  plan_version_id: idSchema('planVersion'),
  id: planIdSchema,
  version: z.number().int(),
  name: z.string(),
  interval: z.enum(['month', 'year']),
});
/** Half-open: `to` is not included. */
const span = z.object({ from: timestampSchema, to: timestampSchema });

export const subscriptionSchema = z.object({
  object: z.literal('subscription'),
  id: idSchema('subscription'),
  /**
   * `trialing`: nothing is charged yet; `active`; `past_due`: a payment is overdue; `paused`: nothing is charged, and the limits are those of
   * the first plan; `canceled`: final.
   */
  status: z.enum(['trialing', 'active', 'past_due', 'paused', 'canceled']),
  plan: planOfSubscription,
  /** ISO 4217. */
  currency: z.string().length(3),
  /** IANA. The months of the subscription begin and end by the clock of this zone. */
  time_zone: z.string(),
  /** The interval of the plan, a month or a year, that is paid in advance. */
  period: span,
  /** The month whose calls are counted and charged at its end; the same as `period` for a monthly plan. */
  usage_period: span,
  trial_end: timestampSchema.nullable(),
  /** The subscription ends with its period; the partner then has the first plan. */
  cancel_at_period_end: z.boolean(),
  /** The plan that begins when the period ends. */
  pending_change: planOfSubscription.nullable(),
  paused_at: timestampSchema.nullable(),
  created_at: timestampSchema,
  /** What the state allows now. */
  allowed: z.array(z.enum(SUBSCRIPTION_ACTIONS)),
});
subscriptionSchema.register(NAMED_SCHEMAS, { id: 'Subscription' });

export const getSubscription = defineRequest({
  subject: 'rpc.billing.subscription.get',
  summary: 'The subscription of the partner. Each partner has one',
  http: { method: 'GET', path: '/v1/subscription', status: 200 },
  permission: 'billing:read',
  input: z.strictObject({}),
  output: subscriptionSchema,
  repeatable: true,
});

const change = {
  plan: planIdSchema,
  /** `now`: the rest of the paid period is given back, and the new plan is charged. `period_end`: nothing is charged before. */
  when: z.enum(['now', 'period_end']).default('now'),
};

export const previewSubscription = defineRequest({
  subject: 'rpc.billing.subscription.preview',
  summary: 'What a change of the plan would cost, without doing it',
  http: { method: 'POST', path: '/v1/subscription/preview', status: 200 },
  permission: 'billing:read',
  audit: { none: 'it changes nothing' },
  input: z.strictObject(change),
  output: z.object({
    object: z.literal('subscription_preview'),
    /** The subscription as it would be. */
    subscription: subscriptionSchema,
    /** The invoice that the change would make at once; null when there is nothing to pay now. */
    invoice: invoicePreviewSchema.nullable(),
    /** Minor units that would be set off against the next invoices. */
    carried_over: z.number().int(),
    /** The invoice at the end of the usage period, if no further call were made. Null when nothing is to be paid then. */
    next_invoice: invoicePreviewSchema.nullable(),
    next_invoice_at: timestampSchema.nullable(),
  }),
  errors: [TRANSITION_FORBIDDEN, PLAN_NOT_OFFERED, PROFILE_INCOMPLETE, CURRENCY_FIXED],
  repeatable: true,
});

const written = z.object({
  object: z.literal('subscription_change'),
  subscription: subscriptionSchema,
  /** The invoice that was made at once. */
  invoice_id: idSchema('invoice').nullable(),
});

export const changeSubscription = defineRequest({
  subject: 'rpc.billing.subscription.change',
  summary: 'Take another plan, now or when the period ends',
  http: { method: 'POST', path: '/v1/subscription/change', status: 200, idempotent: true },
  permission: 'billing:write',
  audit: { action: 'subscription.changed', object: 'output.subscription.id', shows: ['plan', 'when'] },
  input: z.strictObject(change),
  output: written,
  errors: [TRANSITION_FORBIDDEN, PLAN_NOT_OFFERED, PROFILE_INCOMPLETE, CURRENCY_FIXED],
});

export const cancelSubscription = defineRequest({
  subject: 'rpc.billing.subscription.cancel',
  summary: 'Cancel the subscription when its period ends, or now. What is paid is not paid back',
  http: { method: 'POST', path: '/v1/subscription/cancel', status: 200, idempotent: true },
  permission: 'billing:write',
  audit: { action: 'subscription.canceled', object: 'output.subscription.id', shows: ['when'] },
  input: z.strictObject({ when: z.enum(['now', 'period_end']).default('period_end') }),
  output: written,
  errors: [TRANSITION_FORBIDDEN],
});

export const pauseSubscription = defineRequest({
  subject: 'rpc.billing.subscription.pause',
  summary: 'Pause the subscription now. The rest of the paid period is set off when it is resumed',
  http: { method: 'POST', path: '/v1/subscription/pause', status: 200, idempotent: true },
  permission: 'billing:write',
  audit: { action: 'subscription.paused', object: 'output.subscription.id' },
  input: z.strictObject({}),
  output: written,
  errors: [TRANSITION_FORBIDDEN],
});

export const resumeSubscription = defineRequest({
  subject: 'rpc.billing.subscription.resume',
  summary: 'End a pause, or take back what was to happen at the end of the period',
  http: { method: 'POST', path: '/v1/subscription/resume', status: 200, idempotent: true },
  permission: 'billing:write',
  audit: { action: 'subscription.resumed', object: 'output.subscription.id' },
  input: z.strictObject({}),
  output: written,
  errors: [TRANSITION_FORBIDDEN, PROFILE_INCOMPLETE],
});

/** What a partner has bought is another thing than before, or has another state. */
export const subscriptionChanged = defineEvent({
  subject: 'event.billing.subscription.changed',
  summary: 'A subscription has another plan or another state',
  payload: z.object({
    subscription_id: idSchema('subscription'),
    partner_id: idSchema('partner'),
    plan_version_id: idSchema('planVersion'),
    status: subscriptionSchema.shape.status,
    /** Null when the subscription has just started. */
    step: z.string().nullable(),
  }),
});
