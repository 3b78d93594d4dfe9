import { z } from 'zod';
import { callCountsSchema } from '../billing/analytics.contracts.ts';
import { defineRequest } from '../contract/define-contract.ts';
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
  /** How long nobody watched, since nothing ran for instance. Time before the first record is not counted. */
  no_data_seconds: z.number().int().min(0),
});
statusDaySchema.register(NAMED_SCHEMAS, { id: 'StatusDay' });

const component = z.object({
  name: publicServiceSchema,
  /** Now. */
  status,
  /** Of all days below since the first record, by the same rule: time without data never counts as good. */
  uptime: z.number().min(0).max(1).nullable(),
  /** Oldest first, today last; a day without a record is `unknown`. Empty when the record could not be read. */
  days: z.array(statusDaySchema),
});

export const getPublicStatus = defineRequest({
  subject: 'rpc.monitor.status.get',
  summary: 'How the portal is now and was in the last 90 days, for everybody',
  http: { method: 'GET', path: '/v1/public/status', status: 200 },
  permission: 'public',
  input: z.strictObject({}),
  output: z.object({
    object: z.literal('public_status'),
    /** The worst of the components. */
    status,
    observed_at: timestampSchema,
    components: z.array(component),
    /** Null while it is not known. */
    healing: z
      .object({
        observed_at: timestampSchema,
        window_days: z.number().int(),
        healed_without_human: z.number().int(),
        /** Of those that ended; null when none did. */
        heal_rate: z.number().min(0).max(1).nullable(),
        last_healed: serviceIncidentSchema.nullable(),
      })
      .nullable(),
    /** Null while it is not known. */
    open_incidents: z.array(serviceIncidentSchema).nullable(),
    /** The latest that are over, newest first; null while it is not known. */
    past_incidents: z.array(serviceIncidentSchema).nullable(),
  }),
  repeatable: true,
});

export const getPublicStatusHistory = defineRequest({
  subject: 'rpc.monitor.status.history',
  summary: 'The days of each public component, up to 400 of them',
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

/** Steps that a history has at most. */
export const MAX_HEALTH_STEPS = 1000;
/** Of each step: its length in ms, and how far back a history goes by default. */
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
  summary: 'How long a component was in which state, and how fast it responded, step by step',
  http: { method: 'GET', path: '/v1/admin/health/history', status: 200 },
  permission: 'health:read',
  input: z
    .strictObject({
      component: componentSchema.describe(
        'As in the checks of the health, or `public:api` and so on for what partners notice.',
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
    /** Oldest first, none left out. */
    steps: z.array(
      z.object({
        at: timestampSchema,
        /** Shares of the step as far as it has passed; together 1. What nobody watched is unknown. */
        up: share,
        degraded: share,
        down: share,
        unknown: share,
        /** Of the single checks, which are kept for 7 days; null when there are none. */
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
    component: componentSchema.describe('As in the checks of the health.'),
    limit: z.coerce
      .number()
      .int()
      .min(1)
      .max(100)
      .default(20)
      .describe(
        'Checks at most. They are stored every 10 s and when the status changes, and kept for 7 days.',
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
      /** How many components are watched. */
      components: z.number().int(),
      /** Those that do not pass. */
      impaired: z.array(healthCheckSchema.pick({ component: true, status: true })),
    }),
    accounts: z
      .object({
        partners: z.number().int(),
        /** Registered in the last seven days, UTC, with the present day. */
        new_partners: z.number().int(),
        /** The same of 30 days. */
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
        /** Not resolved, those that wait for a human among them. */
        open_incidents: z.number().int(),
        /** Of the open ones those that wait for a human. */
        escalated_incidents: z.number().int(),
        /** The newest that waits for a human, else the newest open one. */
        latest_open: countHealing.output.shape.latest_open,
        pauses: z.number().int(),
        /** Whether one of them stops everything. */
        all_paused: z.boolean(),
        /** Null while the history cannot be read. */
        history: countHealing.output.shape.history,
        observed_at: timestampSchema,
      })
      .nullable(),
    calls: callCountsSchema.nullable(),
    /** What waits in the event stream, as monitor read it last. */
    events: z
      .object({
        /** Events that their consumers have not read yet. */
        unread: z.number().int(),
        /** The consumers that have unread events, most first. */
        consumers: z.array(z.object({ consumer: z.string(), unread: z.number().int() })),
        /** Events that their consumers gave up. */
        dead_letters: z.number().int(),
        observed_at: timestampSchema,
      })
      .nullable(),
    /** The parts that are null: their service did not respond within 500 ms, or the event stream was not read yet. */
    unknown: z.array(z.enum(['accounts', 'tickets', 'healing', 'calls', 'events'])),
  }),
  repeatable: true,
});
