import { z } from 'zod';
import { defineRequest } from '../contract/define-contract.ts';
import { listOf } from '../contract/list.ts';
import { NAMED_SCHEMAS } from '../contract/named-schemas.ts';
import { defineError } from '../values/app-error.ts';
import { idSchema, timestampSchema } from '../values/identifiers.ts';
import { isWellFormed, NOT_WELL_FORMED } from '../values/text.ts';
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

export const USAGE_RANGE_TOO_LONG = defineError({
  code: 'BILLING.USAGE_RANGE_TOO_LONG',
  kind: 'invalid_input',
  title: 'The range has more days than usage is grouped for',
});

const day = z.iso.date();

/** By what usage is grouped: `product` is a metric that is charged, `operation` a route of the API. */
export const USAGE_GROUPS = ['key', 'product', 'operation', 'day', 'hour'] as const;

const usageGroup = z.object({
  /** The id of a key or application, a metric, an operation, a day (`2026-11-30`) or the beginning of an hour. `other`: units without it. */
  group: z.string(),
  /** Live calls. */
  calls: z.number().int(),
  /** Units that the partner's own systems reported. */
  reported_units: z.number().int(),
  /** Minor units of the currency, without tax, fees and minimum: what these units added to the bill. */
  cost: z.number().int(),
});
usageGroup.register(NAMED_SCHEMAS, { id: 'UsageGroup' });

export const getUsage = defineRequest({
  subject: 'rpc.billing.usage.get',
  summary:
    'How many metered calls the partner made, by day and by API key; with `group_by` also what they cost',
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
      group_by: z
        .enum(USAGE_GROUPS)
        .optional()
        .describe(
          'Adds `groups`: live units and their cost. `from` and `to` are then days by the clock of the subscription, at most 400, or 16 for `hour`.',
        ),
      limit: z.coerce.number().int().min(1).max(400).default(100).describe('Maximum number of groups.'),
      starting_after: z
        .string()
        .max(200)
        .refine(isWellFormed, NOT_WELL_FORMED)
        .optional()
        .describe('The last `group` that you have: the groups after it.'),
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
    /** Null without `group_by`. */
    groups: z
      .object({
        by: z.enum(USAGE_GROUPS),
        /** The zone (IANA) whose days are meant. */
        time_zone: z.string(),
        currency: z.string(),
        /** Of all groups, also those of other pages. */
        total: usageGroup.omit({ group: true }),
        /** Days and hours by time, everything else by cost, then by units, then by name. Groups without a unit are left out. */
        data: z.array(usageGroup),
        has_more: z.boolean(),
      })
      .nullable(),
  }),
  errors: [USAGE_RANGE_TOO_LONG],
  repeatable: true,
});

/** What the units of one metric come to. */
const metricForecast = z.object({
  metric: z.string(),
  name: z.string(),
  /** Units that cost nothing in this period. */
  included: z.number().int(),
  /** Until now. */
  used: z.number().int(),
  /** By the end of the period. */
  forecast: z.number().int(),
  low: z.number().int(),
  high: z.number().int(),
});
metricForecast.register(NAMED_SCHEMAS, { id: 'MetricForecast' });

export const forecastUsageCost = defineRequest({
  subject: 'rpc.billing.usage.forecast',
  summary: 'The bill for the usage of this month as it stands, and a forecast of its end',
  http: { method: 'GET', path: '/v1/usage/forecast', status: 200 },
  permission: 'usage:read',
  input: z.strictObject({}),
  output: z.object({
    object: z.literal('usage_forecast'),
    plan: z.object({ id: z.string(), name: z.string() }),
    /** The month of the subscription; `to` is not included. */
    period: z.object({ from: timestampSchema, to: timestampSchema }),
    time_zone: z.string(),
    currency: z.string(),
    /** What the units until now cost: minor units, without tax and without the fee. */
    bill: z.object({
      amount: z.number().int(),
      lines: z.array(
        z.object({
          description: z.string(),
          quantity: z.number().int(),
          /** Minor units for one, a decimal string. */
          unit_amount: z.string(),
          amount: z.number().int(),
        }),
      ),
    }),
    /** The bill at the end of the period, in minor units. With a chance of 80 % it is between `low` and `high`. */
    forecast: z.object({ amount: z.number().int(), low: z.number().int(), high: z.number().int() }),
    metrics: z.array(metricForecast),
    /**
     * Whole days that the forecast is made of: `used` plus, for each day that is left, the average of the last seven of them; low and high
     * are 1.28 standard deviations of the days, times the square root of the days left, below and above. With fewer than three whole
     * days nothing is known of how days differ: `low` is what is used, and `high` adds twice the pace.
     */
    based_on_days: z.number().int(),
    counted_until: timestampSchema,
    observed_at: timestampSchema,
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
