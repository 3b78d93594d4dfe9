import { z } from 'zod';

/**
 * What the meter counts: every metric that a plan may charge. The words are those of an invoice and a price table. A metric is
 * added here with the product that emits it.
 */
export const METRICS = {
  /** Calls with a live key or an access token that have a response below 500 that is not 429 (services/gateway, metering). */
  calls: { name: 'API calls', one: 'call', many: 'calls' },
  /** What partners' own systems report (`POST /v1/usage-events`). */
  reported_units: { name: 'Reported units', one: 'unit', many: 'units', isReported: true },
} as const satisfies Record<string, { name: string; one: string; many: string; isReported?: true }>;
export type Metric = keyof typeof METRICS;

/** The name of a metric; whether a product emits it is checked when a plan is published. */
export const metricSchema = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,39}$/, 'expected a name such as calls: small letters, digits, underscores')
  .meta({ examples: ['calls'] });

/** Whether a product emits a metric. */
export const isMetric = (name: string): name is Metric => Object.hasOwn(METRICS, name);

/** Whether partners' own systems may report a metric. What the gateway meters, nobody reports. */
export const isReportable = (name: string): name is Metric => isMetric(name) && 'isReported' in METRICS[name];
