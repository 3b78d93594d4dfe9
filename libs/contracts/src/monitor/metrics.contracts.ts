import { z } from 'zod';
import { defineRequest } from '../contract/define-contract.ts';
import { NAMED_SCHEMAS } from '../contract/named-schemas.ts';
import { defineError } from '../values/app-error.ts';
import { timestampSchema } from '../values/identifiers.ts';

export const SERIES_NOT_FOUND = defineError({
  code: 'MONITOR.SERIES_NOT_FOUND',
  kind: 'not_found',
  title: 'Monitor keeps no series of this name',
});

/** Monitor keeps a value for each step of this length, ms. */
export const METRIC_STEP_MS = 10_000;
/** For how long monitor keeps a step, ms. */
export const METRICS_KEPT_MS = 86_400_000;
/** The maximum number of steps of a response: a day by the minute. */
export const MAX_METRIC_STEPS = 1440;
/** The maximum number of series of a response. */
export const MAX_METRIC_SERIES = 20;
/** How far back a response goes by default, ms. */
const DEFAULT_MS = 3_600_000;
const MAX_STEP_SECONDS = 3600;

interface MetricQuery {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** Seconds. */
  readonly step: number;
}

/** The range of a query in ms since the epoch, widened to whole steps. */
export function metricRange({ from, to, step }: MetricQuery, now = Date.now()) {
  const ms = step * 1000;
  const end = Math.ceil((to === undefined ? now : Date.parse(to)) / ms) * ms;
  const start =
    from === undefined ? end - Math.ceil(DEFAULT_MS / ms) * ms : Math.floor(Date.parse(from) / ms) * ms;
  return { start, end, ms, steps: (end - start) / ms };
}

/** The names of a query: `a,b` is a and b. */
export const seriesNames = (series: string): string[] =>
  series
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');

export const metricUnits = z.enum(['ms', 'per second', 'bytes', 'count', 'ratio']);

export const metricSeriesSchema = z.object({
  /** `<component>/<metric>`, and `/<contract>` for one contract: `service:billing/p95_ms/billing.invoice.list`. */
  name: z.string(),
  /** `service:billing-2`, `machine:portal-1`. */
  component: z.string(),
  metric: z.string(),
  /** Null for the whole component. At the gateway a contract is named by method and path. */
  contract: z.string().nullable(),
  unit: metricUnits,
  /** One sentence. */
  meaning: z.string(),
  /** How samples become one value of a step. */
  fold: z.enum(['mean', 'max', 'min']),
  /** The latest sample; null when there was none yet. */
  last: z.object({ at: timestampSchema, value: z.number() }).nullable(),
  /** Oldest first, one value for each step from `from` on; null where nothing was measured. Absent in the list of all series. */
  values: z.array(z.number().nullable()).optional(),
});
metricSeriesSchema.register(NAMED_SCHEMAS, { id: 'MetricSeries' });
export type MetricSeriesView = z.output<typeof metricSeriesSchema>;

export const readMetrics = defineRequest({
  subject: 'rpc.monitor.metric.read',
  summary: 'What processes and machines used, and how contracts responded, in the last 24 hours',
  http: { method: 'GET', path: '/v1/admin/metrics', status: 200 },
  permission: 'health:read',
  input: z
    .strictObject({
      series: z
        .string()
        .regex(/^[ -~]+$/, 'expected visible ASCII characters and spaces')
        .max(2000)
        .refine((series) => seriesNames(series).length <= MAX_METRIC_SERIES, {
          message: `at most ${MAX_METRIC_SERIES} series`,
        })
        .optional()
        .describe(
          `Names of up to ${MAX_METRIC_SERIES} series, separated by commas. Without it the response lists all series.`,
        )
        .meta({ examples: ['service:billing/cpu_share'] }),
      from: z.iso.datetime().optional().describe('Default: an hour before `to`.'),
      to: z.iso.datetime().optional().describe('Default: now.'),
      step: z.coerce
        .number()
        .int()
        .min(METRIC_STEP_MS / 1000)
        .max(MAX_STEP_SECONDS)
        .multipleOf(METRIC_STEP_MS / 1000)
        .default(METRIC_STEP_MS / 1000)
        .describe('Seconds, a multiple of 10. Steps are kept for 24 hours.'),
    })
    .refine((query) => metricRange(query).steps > 0, { message: 'must be before to', path: ['from'] })
    .refine((query) => metricRange(query).steps <= MAX_METRIC_STEPS, {
      message: `at most ${MAX_METRIC_STEPS} steps: take a shorter range or a longer step`,
      path: ['step'],
    }),
  output: z.object({
    object: z.literal('metrics'),
    observed_at: timestampSchema,
    /** Since when monitor has kept series: it keeps them in memory, so they begin anew with each of its starts. */
    kept_since: timestampSchema,
    /** The range of `values`, and the length of a step, seconds; null in the list of all series. */
    from: timestampSchema.nullable(),
    to: timestampSchema.nullable(),
    step: z.number().int().nullable(),
    /** In the order of the query; in the list by name. */
    series: z.array(metricSeriesSchema),
  }),
  errors: [SERIES_NOT_FOUND],
  repeatable: true,
});
