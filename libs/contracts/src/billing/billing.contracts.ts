import { z } from 'zod';
import { defineRequest } from '../contract/define-contract.ts';
import { listOf } from '../contract/list.ts';
import { NAMED_SCHEMAS } from '../contract/named-schemas.ts';
import { idSchema, timestampSchema } from '../values/identifiers.ts';
import { planLimitsSchema, planTermsSchema } from './plan-version.ts';

/** A published plan version as an offer. `prices` has what it costs; `currency` and the members below are its short form. */
export const planSchema = z.object({
  object: z.literal('plan'),
  id: z.string(),
  plan_version_id: idSchema('planVersion'),
  version: z.number().int(),
  name: z.string(),
  description: z.string(),
  interval: planTermsSchema.shape.interval,
  trial_days: z.number().int(),
  prices: planTermsSchema.shape.prices,
  /** EUR where the plan has a price in it. */
  currency: z.string().length(3),
  /** Minor units of `currency` per month: of a yearly plan a twelfth of the year's amount, rounded. */
  monthly_price: z.number().int(),
  /** Calls of a month that cost nothing. */
  included_calls: z.number().int(),
  /** Minor units of `currency` for the first call above the included ones, as a decimal string. */
  unit_price: z.string(),
  limits: planLimitsSchema,
  features: z.array(z.string()),
});
planSchema.register(NAMED_SCHEMAS, { id: 'Plan' });

export const listPlans = defineRequest({
  subject: 'rpc.billing.plan.list',
  summary: 'The plans a partner can choose from',
  http: { method: 'GET', path: '/v1/plans', status: 200 },
  permission: 'plans:read',
  input: z.strictObject({}),
  output: listOf(planSchema),
  repeatable: true,
});

const day = z.iso.date();

export const getUsage = defineRequest({
  subject: 'rpc.billing.usage.get',
  summary: 'How many metered calls the partner made, by day and by API key',
  http: { method: 'GET', path: '/v1/usage', status: 200 },
  permission: 'usage:read',
  input: z
    .strictObject({
      /** First day, UTC, inclusive. Default: the first of this month. */
      from: day.optional(),
      /** Last day, UTC, inclusive. Default: today. */
      to: day.optional(),
      format: z
        .enum(['json', 'csv'])
        .optional()
        .describe('`csv` gives text/csv, as `Accept: text/csv` does.'),
    })
    .refine((range) => !range.from || !range.to || range.from <= range.to, {
      message: 'from must not be after to',
      path: ['from'],
    }),
  output: z.object({
    object: z.literal('usage'),
    from: day,
    to: day,
    /** Calls of all keys. */
    total_calls: z.number().int(),
    /** Calls of keys in mode `test`, included in `total_calls`: no plan counts these. */
    test_calls: z.number().int(),
    days: z.array(z.object({ date: day, calls: z.number().int(), test_calls: z.number().int() })),
    api_keys: z.array(z.object({ api_key_id: z.string(), calls: z.number().int() })),
    /** Calls up to this moment are counted; later ones may not be counted yet. */
    counted_until: timestampSchema,
  }),
  repeatable: true,
});

/** Sent by auth for its list of keys: one request for a whole page. */
export const getKeyUsage = defineRequest({
  subject: 'rpc.billing.key-usage.get',
  summary: 'Calls of the last 30 days and the newest call of up to 100 keys of a partner',
  permission: 'internal',
  callers: ['auth'],
  input: z.strictObject({
    partner_id: idSchema('partner'),
    api_key_ids: z.array(z.union([idSchema('apiKey'), idSchema('application')])).max(100),
  }),
  output: z.object({
    /** First of the 30 days, UTC; the last one is today. */
    from: day,
    observed_at: timestampSchema,
    /** Keys without a call are left out. */
    api_keys: z.array(
      z.object({
        api_key_id: z.string(),
        last_call_at: timestampSchema,
        days: z.array(z.number().int()).length(30),
      }),
    ),
  }),
  repeatable: true,
});
