import { z } from 'zod';
import { defineRequest } from '../contract/define-contract.ts';
import { NAMED_SCHEMAS } from '../contract/named-schemas.ts';
import { defineError } from '../values/app-error.ts';
import { idSchema, timestampSchema } from '../values/identifiers.ts';

export const BUDGET_NOT_FOUND = defineError({
  code: 'BILLING.BUDGET_NOT_FOUND',
  kind: 'not_found',
  title: 'The partner has no budget',
});
/** The gateway refuses with this, as 402: the partner has chosen that its calls stop. */
export const BUDGET_REACHED = defineError({
  code: 'BILLING.BUDGET_REACHED',
  kind: 'forbidden',
  title: 'The budget of this month is used up, and calls stop there by your choice',
});

/** The shares of a budget at which a partner is told, in percent. */
export const BUDGET_ALERTS = [50, 80, 100] as const;

const settings = {
  /** Minor units of the subscription's currency that the calls of a month may cost; null: only the included units of the plan. */
  amount: z
    .number()
    .int()
    .min(1)
    .max(1e12)
    .nullable()
    .meta({ examples: [5000] }),
  /** `overage`: calls go on and are charged. `hard_stop`: calls of programs are refused until the month ends or the budget is raised. */
  at_limit: z.enum(['overage', 'hard_stop']),
};

/** What the calls of the current month cost so far, and the budget for them. Tax and the fee of the plan are left out. */
export const spendingSchema = z.object({
  object: z.literal('spending'),
  partner_id: idSchema('partner'),
  /** ISO 4217. */
  currency: z.string().length(3),
  /** The month whose calls are charged together; null while the subscription is paused. `to` is not included. */
  period: z.object({ from: timestampSchema, to: timestampSchema }).nullable(),
  calls: z.number().int(),
  /** Minor units. */
  spent: z.number().int(),
  budget: z
    .object({
      ...settings,
      /** With so many calls of the month the limit is reached; null: no number of calls reaches it. */
      limit_calls: z.number().int().nullable(),
      /** Of the limit, whole percent, rounded down. 100 and more: it is reached. */
      percent: z.number().int(),
      /** Of this month, each at most once. */
      alerts: z.array(z.object({ percent: z.number().int(), at: timestampSchema })),
      updated_at: timestampSchema,
    })
    .nullable(),
});
spendingSchema.register(NAMED_SCHEMAS, { id: 'Spending' });

export const getSpending = defineRequest({
  subject: 'rpc.billing.budget.get',
  summary: 'What the calls of this month cost so far, and the budget for them',
  http: { method: 'GET', path: '/v1/budget', status: 200 },
  permission: 'billing:read',
  input: z.strictObject({}),
  output: spendingSchema,
  repeatable: true,
});

export const setBudget = defineRequest({
  subject: 'rpc.billing.budget.set',
  summary:
    'Set how much the calls of a month may cost, and what happens then. You are told at 50, 80 and 100 %; every gateway obeys within a second',
  http: { method: 'PUT', path: '/v1/budget', status: 200 },
  permission: 'billing:write',
  audit: { action: 'budget.set', object: 'output.partner_id', shows: ['amount', 'at_limit'] },
  input: z.strictObject({
    amount: settings.amount.default(null),
    at_limit: settings.at_limit.default('overage'),
  }),
  output: spendingSchema,
  repeatable: true,
});

export const removeBudget = defineRequest({
  subject: 'rpc.billing.budget.remove',
  summary: 'Remove the budget: calls go on and are charged',
  http: { method: 'DELETE', path: '/v1/budget', status: 200 },
  permission: 'billing:write',
  audit: { action: 'budget.removed', object: 'output.partner_id' },
  input: z.strictObject({}),
  output: z.object({
    object: z.literal('budget'),
    partner_id: idSchema('partner'),
    deleted: z.literal(true),
  }),
  errors: [BUDGET_NOT_FOUND],
});

/**
 * The metered calls that the programs of a partner may still make, counted by all gateways together from the beginning of the
 * generation. Another generation begins with another budget, plan or month.
 */
export const callAllowanceSchema = z.object({
  generation: z.string().max(60),
  calls: z.number().int(),
  /** The end of the month. */
  ends_at: timestampSchema,
  /** What the next month may have, until billing says more; null: without a bound. */
  next_calls: z.number().int().nullable(),
});
export type CallAllowance = z.output<typeof callAllowanceSchema>;
