import { z } from 'zod';
import { defineRequest } from '../contract/define-contract.ts';
import { listOf } from '../contract/list.ts';
import { NAMED_SCHEMAS } from '../contract/named-schemas.ts';
import { timestampSchema } from '../values/identifiers.ts';

/** What may run out, and is watched. */
export const forecastResources = z.enum(['disk', 'memory', 'connections', 'stream']);

export const forecastSchema = z.object({
  object: z.literal('forecast'),
  resource: forecastResources,
  /** `machine:portal-1`, `service:billing-2`, `server:nats`. */
  component: z.string(),
  unit: z.enum(['bytes', 'count']),
  /** How much is used, and how much there is. */
  now: z.number(),
  limit: z.number(),
  /** When nothing is left; null: it does not fill up, or nothing can be said yet. */
  full_at: timestampSchema.nullable(),
  /** 0 to 1; above 0.8, and soon, something is done before it happens. */
  confidence: z.number().min(0).max(1),
  /** Soon and sure enough: a symptom says so. */
  preventive: z.boolean(),
  /** When `now` was measured. */
  observed_at: timestampSchema,
});
forecastSchema.register(NAMED_SCHEMAS, { id: 'Forecast' });
export type ForecastView = z.output<typeof forecastSchema>;

export const listForecasts = defineRequest({
  subject: 'rpc.monitor.forecast.list',
  summary: 'What is watched that may run out, the soonest end first, with when and how surely',
  http: { method: 'GET', path: '/v1/admin/forecasts', status: 200 },
  permission: 'health:read',
  input: z.strictObject({}),
  output: listOf(forecastSchema),
  repeatable: true,
});
