import { z } from 'zod';
import { defineRequest } from '../contract/define-contract.ts';
import { NAMED_SCHEMAS } from '../contract/named-schemas.ts';
import { idSchema, timestampSchema } from '../values/identifiers.ts';
import { planSchema } from './billing.contracts.ts';

const moment = z.union([z.iso.date(), z.iso.datetime()]);

/** The maximum number of steps of a series: 400 days, or 16 days by the hour. */
export const MAX_STEPS = 400;
/** The maximum number of values that a series is split into; all further values are counted together. */
export const MAX_SERIES = 20;

const range = {
  from: moment
    .optional()
    .describe(
      'Start, rounded down to its step; a date means its midnight, UTC. Default: 24 hours or 30 days before `to`.',
    ),
  to: moment
    .optional()
    .describe('End, not included, rounded up to its step. Default: the end of the current step.'),
  step: z
    .enum(['hour', 'day'])
    .default('day')
    .describe('UTC. Hours are kept for 35 days, days for 400; older steps count 0.'),
  mode: z.enum(['live', 'test']).optional().describe('Only calls of keys in this mode. Default: both.'),
  format: z.enum(['json', 'csv']).optional().describe('`csv` gives text/csv, as `Accept: text/csv` does.'),
};
const series = {
  from: timestampSchema,
  to: timestampSchema,
  step: z.enum(['hour', 'day']),
  /** The start of each step, oldest first. The numbers below have the same order. */
  times: z.array(timestampSchema),
  /** Calls up to this moment are counted; later ones may not be counted yet. */
  counted_until: timestampSchema,
};

export const getCallSeries = defineRequest({
  subject: 'rpc.billing.analytics.calls',
  summary: 'Metered calls by hour or day, split by key, operation or status',
  http: { method: 'GET', path: '/v1/analytics/calls', status: 200 },
  permission: 'usage:read',
  input: z.strictObject({ ...range, by: z.enum(['all', 'key', 'operation', 'status']).default('all') }),
  output: z.object({
    object: z.literal('call_series'),
    ...series,
    by: z.enum(['all', 'key', 'operation', 'status']),
    total_calls: z.number().int(),
    /**
     * The twenty values with the most calls, in descending order: ids of keys, operations, or HTTP statuses.
     */
    series: z.array(
      z.object({ value: z.string(), total_calls: z.number().int(), calls: z.array(z.number().int()) }),
    ),
    /** Calls of all other values together; null when there are none. */
    other: z.object({ total_calls: z.number().int(), calls: z.array(z.number().int()) }).nullable(),
  }),
  repeatable: true,
});

export const getLatencySeries = defineRequest({
  subject: 'rpc.billing.analytics.latency',
  summary: 'Duration of metered calls by hour or day, as the gateway measured it: median and 95th percentile',
  http: { method: 'GET', path: '/v1/analytics/latency', status: 200 },
  permission: 'usage:read',
  input: z.strictObject(range),
  output: z.object({
    object: z.literal('latency_series'),
    ...series,
    /** Calls that were timed. */
    calls: z.array(z.number().int()),
    /** Milliseconds, from a histogram whose bounds grow by a quarter: so a figure is within a quarter of the exact one. Null without calls. */
    p50_ms: z.array(z.number().nullable()),
    p95_ms: z.array(z.number().nullable()),
  }),
  repeatable: true,
});

export const summarizeUsage = defineRequest({
  subject: 'rpc.billing.usage.summarize',
  summary: 'Calls of this month against the plan, and the forecast for the end of the month',
  http: { method: 'GET', path: '/v1/usage/summary', status: 200 },
  permission: 'usage:read',
  input: z.strictObject({}),
  output: z.object({
    object: z.literal('usage_summary'),
    plan: planSchema,
    /** The month of the subscription by its clock: its first day, and the day on which the next one begins. */
    period: z.object({ from: z.iso.date(), to: z.iso.date() }),
    /** Calls of keys in mode `live`, which the plan counts. */
    used_calls: z.number().int(),
    /** Calls of keys in mode `test`, of whole days of UTC: counted separately, never against the plan. */
    test_calls: z.number().int(),
    included_calls: z.number().int(),
    /**
     * The forecast of the calls that the plan counts by the end of the period: `used_calls` plus, for each
     * remaining day, the average of the last seven whole days, or of the whole days since the first call; of
     * today while there is no whole day.
     */
    forecast_calls: z.number().int(),
    /**
     * The day on which the included calls are used up according to the forecast; null when that is after the
     * period.
     */
    used_up_on: z.iso.date().nullable(),
    /**
     * The price of the calls above the included ones according to the forecast, in minor units of the plan's
     * currency.
     */
    forecast_extra: z.number().int(),
    counted_until: timestampSchema,
    observed_at: timestampSchema,
  }),
  repeatable: true,
});

/** Sent by auth: the plan and calls of partners, for a list of partners and for their first steps. */
export const getAccounts = defineRequest({
  subject: 'rpc.billing.account.list',
  summary: 'Plan and calls of up to 100 partners',
  permission: 'internal',
  callers: ['auth'],
  input: z.strictObject({ partner_ids: z.array(idSchema('partner')).max(100) }),
  output: z.object({
    observed_at: timestampSchema,
    accounts: z.array(
      z.object({
        partner_id: z.string(),
        plan: z.object({ id: z.string(), name: z.string(), included_calls: z.number().int() }),
        /** Live calls of this month, UTC. */
        used_calls: z.number().int(),
        first_call_at: timestampSchema.nullable(),
        last_call_at: timestampSchema.nullable(),
      }),
    ),
  }),
  repeatable: true,
});

const callCount = z.object({
  calls: z.number().int(),
  /** Calls with an HTTP status of 400 or above. */
  errors: z.number().int(),
});
callCount.register(NAMED_SCHEMAS, { id: 'CallCount' });

/** Metered calls of all partners, of live and test keys together. Days are UTC. */
export const callCountsSchema = z.object({
  today: callCount,
  /** Today is included. */
  last_30_days: callCount,
  observed_at: timestampSchema,
});

/** Sent by monitor for the overview. */
export const countCalls = defineRequest({
  subject: 'rpc.billing.call.count',
  summary: 'How many calls all partners made today and in 30 days, and how many of them failed',
  permission: 'internal',
  callers: ['monitor'],
  input: z.strictObject({}),
  output: callCountsSchema,
  repeatable: true,
});
