import { z } from 'zod';
import { callCountsSchema } from '../billing/analytics.contracts.ts';
import { defineRequest, SERVICES } from '../contract/define-contract.ts';
import { listOf } from '../contract/list.ts';
import { NAMED_SCHEMAS } from '../contract/named-schemas.ts';
import { countHealing, publicServiceSchema, serviceIncidentSchema } from '../healer/figures.contracts.ts';
import { healthCheckSchema } from '../monitor/monitor.contracts.ts';
import { timestampSchema } from '../values/identifiers.ts';

const status = z.enum(['pass', 'warn', 'fail', 'unknown']);

export const statusDaySchema = z.object({
  /** UTC. */
  date: z.iso.date(),
  /** `fail`: down for five minutes or more; `unknown`: no data for as long; `warn`: down at all, or degraded for as long. */
  status,
  /** The share of the day so far in which it is known to have worked; null when nothing is known of the day. */
  uptime: z.number().min(0).max(1).nullable(),
  /** How long monitor observed nothing, for instance because nothing ran. Time before the first record is not counted. */
  no_data_seconds: z.number().int().min(0),
});
statusDaySchema.register(NAMED_SCHEMAS, { id: 'StatusDay' });

const component = z.object({
  name: publicServiceSchema,
  /** The current status. */
  status,
  /** The uptime over all days below since the first record: time without data never counts as good. */
  uptime: z.number().min(0).max(1).nullable(),
  /**
   * Oldest first, today last; a day without a record is `unknown`. Empty when the records could not be read.
   */
  days: z.array(statusDaySchema),
});

export const getPublicStatus = defineRequest({
  subject: 'rpc.monitor.status.get',
  summary: 'The status of the portal now and in the last 90 days, for the public',
  http: { method: 'GET', path: '/v1/public/status', status: 200 },
  permission: 'public',
  input: z.strictObject({}),
  output: z.object({
    object: z.literal('public_status'),
    /** The worst of the components. */
    status,
    observed_at: timestampSchema,
    components: z.array(component),
    /** Null while the figures are not known. */
    healing: z
      .object({
        observed_at: timestampSchema,
        window_days: z.number().int(),
        healed_without_human: z.number().int(),
        /** The share of ended incidents; null when none ended. */
        heal_rate: z.number().min(0).max(1).nullable(),
        last_healed: serviceIncidentSchema.nullable(),
      })
      .nullable(),
    /** Null while they are not known. */
    open_incidents: z.array(serviceIncidentSchema).nullable(),
    /** The latest resolved incidents, newest first; null while they are not known. */
    past_incidents: z.array(serviceIncidentSchema).nullable(),
  }),
  repeatable: true,
});

export const getPublicStatusHistory = defineRequest({
  subject: 'rpc.monitor.status.history',
  summary: 'The status of each public component by day, up to 400 days',
  http: { method: 'GET', path: '/v1/public/status/history', status: 200 },
  permission: 'public',
  input: z.strictObject({ days: z.coerce.number().int().min(1).max(400).default(90) }),
  output: z.object({
    object: z.literal('public_status_history'),
    observed_at: timestampSchema,
    components: z.array(component.omit({ status: true })),
  }),
  repeatable: true,
});

/** The maximum number of steps of a history. */
export const MAX_HEALTH_STEPS = 1000;
/** For each step: its length in ms, and how far back a history goes by default. */
export const HEALTH_STEPS = {
  minute: { ms: 60_000, defaultMs: 3_600_000 },
  hour: { ms: 3_600_000, defaultMs: 86_400_000 },
  day: { ms: 86_400_000, defaultMs: 30 * 86_400_000 },
} as const;

interface HistoryQuery {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly step: keyof typeof HEALTH_STEPS;
}

/** The range of a query in ms since the epoch, widened to whole steps. */
export function healthRange({ from, to, step }: HistoryQuery, now = Date.now()) {
  const { ms, defaultMs } = HEALTH_STEPS[step];
  const end = Math.ceil((to === undefined ? now : Date.parse(to)) / ms) * ms;
  const start = from === undefined ? end - defaultMs : Math.floor(Date.parse(from) / ms) * ms;
  return { start, end, ms, steps: (end - start) / ms };
}

const componentSchema = z
  .string()
  .regex(/^[a-z]+:[a-z0-9-]{1,60}$/)
  .meta({ examples: ['service:billing'] });

const share = z.number().min(0).max(1);
export const getHealthHistory = defineRequest({
  subject: 'rpc.monitor.health.history',
  summary: 'The share of time of a component in each state, and its response times, by step',
  http: { method: 'GET', path: '/v1/admin/health/history', status: 200 },
  permission: 'health:read',
  input: z
    .strictObject({
      component: componentSchema.describe(
        'The name from the health checks, or `public:api` and so on for a public component.',
      ),
      from: z.iso.datetime().optional().describe('Default: an hour, a day or 30 days before `to`.'),
      to: z.iso.datetime().optional().describe('Default: now.'),
      step: z
        .enum(['hour', 'day', 'minute'])
        .default('hour')
        .describe('UTC. Minutes are kept for 7 days, hours for 35, days for 400.'),
    })
    .refine((query) => healthRange(query).steps > 0, { message: 'must be before to', path: ['from'] })
    .refine((query) => healthRange(query).steps <= MAX_HEALTH_STEPS, {
      message: `at most ${MAX_HEALTH_STEPS} steps: take a shorter range or a longer step`,
      path: ['step'],
    }),
  output: z.object({
    object: z.literal('health_history'),
    component: z.string(),
    step: z.enum(['hour', 'day', 'minute']),
    from: timestampSchema,
    to: timestampSchema,
    observed_at: timestampSchema,
    /** Oldest first, without gaps. */
    steps: z.array(
      z.object({
        at: timestampSchema,
        /** Shares of the elapsed part of the step; together 1. Time without observation is unknown. */
        up: share,
        degraded: share,
        down: share,
        unknown: share,
        /** From the single checks, which are kept for 7 days; null when there are none. */
        p50_ms: z.number().nullable(),
        p95_ms: z.number().nullable(),
      }),
    ),
  }),
  repeatable: true,
});

export const listHealthChecks = defineRequest({
  subject: 'rpc.monitor.health.list-checks',
  summary: 'The latest stored checks of a component, newest first',
  http: { method: 'GET', path: '/v1/admin/health/checks', status: 200 },
  permission: 'health:read',
  input: z.strictObject({
    component: componentSchema.describe('The name from the health checks.'),
    limit: z.coerce
      .number()
      .int()
      .min(1)
      .max(100)
      .default(20)
      .describe(
        'Maximum number of checks. They are stored every 10 s and when the status changes, and kept for 7 days.',
      ),
  }),
  output: listOf(healthCheckSchema),
  repeatable: true,
});

export const getOverview = defineRequest({
  subject: 'rpc.monitor.overview.get',
  summary: 'The portal in figures: health, accounts, tickets, incidents, calls, events',
  http: { method: 'GET', path: '/v1/admin/overview', status: 200 },
  permission: 'healing:read',
  input: z.strictObject({}),
  output: z.object({
    object: z.literal('overview'),
    observed_at: timestampSchema,
    health: z.object({
      status: z.enum(['pass', 'warn', 'fail']),
      observed_at: timestampSchema,
      /** The number of observed components. */
      components: z.number().int(),
      /** The components whose status is not `pass`. */
      impaired: z.array(healthCheckSchema.pick({ component: true, status: true })),
    }),
    accounts: z
      .object({
        partners: z.number().int(),
        /** Registered in the last seven days, UTC, including today. */
        new_partners: z.number().int(),
        /** Registered in the last 30 days, UTC, including today. */
        new_partners_30_days: z.number().int(),
        users: z.number().int(),
        active_keys: z.number().int(),
        observed_at: timestampSchema,
      })
      .nullable(),
    tickets: z
      .object({ by_status: z.record(z.string(), z.number().int()), observed_at: timestampSchema })
      .nullable(),
    healing: z
      .object({
        /** Not resolved, including those that wait for a human. */
        open_incidents: z.number().int(),
        /** The open incidents that wait for a human. */
        escalated_incidents: z.number().int(),
        /** The newest incident that waits for a human, else the newest open one. */
        latest_open: countHealing.output.shape.latest_open,
        pauses: z.number().int(),
        /** Whether one of the pauses stops everything. */
        all_paused: z.boolean(),
        /** Null while the history cannot be read. */
        history: countHealing.output.shape.history,
        observed_at: timestampSchema,
      })
      .nullable(),
    calls: callCountsSchema.nullable(),
    /** The backlog of the event stream, as monitor read it last. */
    events: z
      .object({
        /** Events that their consumers have not read yet. */
        unread: z.number().int(),
        /** The consumers with unread events, in descending order. */
        consumers: z.array(z.object({ consumer: z.string(), unread: z.number().int() })),
        /**
         * Events that their consumers gave up and that nobody has decided about; while the healer does not
         * respond, all that the stream of dead letters holds.
         */
        dead_letters: z.number().int(),
        /**
         * Events that services have stored and not published yet, the longest outbox first; at most 10,000 are counted
         * of each. Services whose outbox is not known now are missing.
         */
        outboxes: z.array(z.object({ service: z.enum(SERVICES), waiting: z.number().int() })),
        observed_at: timestampSchema,
      })
      .nullable(),
    /**
     * The parts that are null: their service did not respond within 500 ms, or the event stream was not read
     * yet.
     */
    unknown: z.array(z.enum(['accounts', 'tickets', 'healing', 'calls', 'events'])),
  }),
  repeatable: true,
});
