import { z } from 'zod';
import { defineRequest } from '../contract/define-contract.ts';
import { listOf, listQuery, oneCursor } from '../contract/list.ts';
import { NAMED_SCHEMAS } from '../contract/named-schemas.ts';
import { healingStrategySchema } from '../instance/instance-events.contracts.ts';
import { idSchema, processNameSchema, timestampSchema } from '../values/identifiers.ts';
import { actionSchema, incidentSchema, remedySchema } from './healer.contracts.ts';

/** The services of the system as partners know them. */
export const PUBLIC_SERVICES = ['api', 'accounts', 'usage', 'tickets'] as const;
export const publicServiceSchema = z.enum(PUBLIC_SERVICES);
export type PublicService = z.output<typeof publicServiceSchema>;

/**
 * The public services that a fault of a service or server affects; a service or server that is not listed
 * affects none.
 */
export const AFFECTED_SERVICES: Readonly<Record<string, readonly PublicService[]>> = {
  gateway: ['api'],
  auth: ['accounts'],
  billing: ['usage'],
  support: ['tickets'],
  postgres: ['accounts', 'usage', 'tickets'],
  nats: ['api', 'accounts', 'usage', 'tickets'],
};

/** An incident in terms that partners know, without internal details. */
export const serviceIncidentSchema = z.object({
  object: z.literal('service_incident'),
  id: idSchema('incident'),
  /** The affected public services. */
  services: z.array(publicServiceSchema),
  title: z.string(),
  /** What the incident means for callers. */
  meaning: z.string(),
  status: z.enum(['healing', 'being_looked_at', 'resolved']),
  since: timestampSchema,
  resolved_at: timestampSchema.nullable(),
});
serviceIncidentSchema.register(NAMED_SCHEMAS, { id: 'ServiceIncident' });
export type ServiceIncident = z.output<typeof serviceIncidentSchema>;

export const listServiceIncidents = defineRequest({
  subject: 'rpc.healer.service-incident.list',
  summary: 'Incidents that affect partners now or did in the last 24 hours, newest first, at most fifty',
  http: { method: 'GET', path: '/v1/incidents', status: 200 },
  permission: 'service-incidents:read',
  input: z.strictObject({}),
  output: listOf(serviceIncidentSchema),
  repeatable: true,
});

const spread = z.object({
  /** Milliseconds; null when nothing was measured. */
  p50_ms: z.number().nullable(),
  p95_ms: z.number().nullable(),
});
const tally = { incidents: z.number().int(), auto_resolved: z.number().int(), escalated: z.number().int() };

export const getHealingStats = defineRequest({
  subject: 'rpc.healer.healing.stats',
  summary: 'Healing in figures, for the last 24 hours, 7 days or 30 days',
  http: { method: 'GET', path: '/v1/admin/healing/stats', status: 200 },
  permission: 'healing:read',
  input: z.strictObject({ window: z.enum(['24h', '7d', '30d']).default('24h') }),
  output: z.object({
    object: z.literal('healing_stats'),
    window: z.enum(['24h', '7d', '30d']),
    from: timestampSchema,
    observed_at: timestampSchema,
    /** Incidents that were observed in the window. */
    incidents: z.number().int(),
    open: z.number().int(),
    /** Resolved without escalation to a human. */
    auto_resolved: z.number().int(),
    /** Escalated to a human, whether resolved later or not. */
    escalated: z.number().int(),
    /** `auto_resolved / (auto_resolved + escalated)`; null when nothing has ended. */
    success_rate: z.number().min(0).max(1).nullable(),
    /** From the last sign of health to the moment when monitor observed the symptom. */
    time_to_detect: spread,
    /** From that moment to the verified end, for incidents that were resolved without a human. */
    time_to_heal: spread,
    by_decider: z.array(z.object({ decider: incidentSchema.shape.decided_by, ...tally })),
    by_remedy: z.array(
      z.object({
        remedy: remedySchema,
        done: z.number().int(),
        failed: z.number().int(),
        other: z.number().int(),
      }),
    ),
    /**
     * How processes treated errors of their own. The figures of an hour count when the hour began in the
     * window.
     */
    by_strategy: z.array(
      z.object({ strategy: healingStrategySchema, healed: z.number().int(), failed: z.number().int() }),
    ),
    /** Errors that processes caught, and how many of them ended with a value for the caller. */
    errors: z.object({ caught: z.number().int(), healed: z.number().int() }),
    /** Trouble that was eased before callers had it, or without their noticing. */
    prevented: z.object({
      /** Times that connections ran out and no human was needed. */
      pool_recoveries: z.number().int(),
      /** Processes that were replaced by a new one before they ended. */
      replacements: z.number().int(),
      /** Database sessions and statements that others waited for, and that were ended. */
      sessions_ended: z.number().int(),
      /** Calls that failed and succeeded when they were repeated. By the hour, as `by_strategy`. */
      retries_that_helped: z.number().int(),
    }),
    /** How often the model suggested something, ever, and the outcome of its suggestions. */
    model: z.object({
      verdicts: z.number().int(),
      /** A human let the suggestion be tried. */
      agreed: z.number().int(),
      rejected: z.number().int(),
      /** The suggestion was promoted and decides now. */
      promoted: z.number().int(),
      demoted: z.number().int(),
    }),
  }),
  repeatable: true,
});

/** An action of the healer, with the incident that it was done for. */
export const healingActionSchema = actionSchema.extend({
  object: z.literal('healing_action'),
  incident_id: idSchema('incident'),
  incident_title: z.string(),
  incident_status: incidentSchema.shape.status,
  decided_by: incidentSchema.shape.decided_by,
  rule: z.string().nullable(),
});
healingActionSchema.register(NAMED_SCHEMAS, { id: 'HealingAction' });
const actionId = z
  .string()
  .regex(/^act_[0-9A-Za-z-]{1,60}$/)
  .meta({ examples: ['act_8e03978e-40d5-43dd-bc93-6894a57f9324'] });

export const listHealingActions = defineRequest({
  subject: 'rpc.healer.healing.actions',
  summary: 'The actions of the healer, newest first',
  http: { method: 'GET', path: '/v1/admin/healing/actions', status: 200 },
  permission: 'healing:read',
  input: z
    .strictObject({
      ...listQuery(actionId),
      from: z.iso.datetime().optional(),
      to: z.iso.datetime().optional(),
      /** A process: `billing-2`. */
      target: processNameSchema.optional(),
      remedy: remedySchema.optional(),
    })
    .refine(oneCursor.check, oneCursor.message),
  output: listOf(healingActionSchema),
  repeatable: true,
});

/** The result of the last run of an experiment on a target, by the incidents that have its label. */
const experimentResult = z.object({
  /** `billing`; null for an experiment without one. */
  target: z.string().nullable(),
  at: timestampSchema,
  outcome: z.enum(['healed', 'escalated', 'open']),
  incident_id: idSchema('incident'),
  /** From the last sign of health, in milliseconds. */
  detect_ms: z.number().nullable(),
  /** From the moment when the symptom was observed, in milliseconds. */
  heal_ms: z.number().nullable(),
});

export const experimentSchema = z.object({
  object: z.literal('experiment'),
  name: z.string(),
  does: z.string(),
  targets: z.enum([
    'services',
    'replaceable',
    'database-users',
    'auth',
    'billing',
    'nats',
    'postgres',
    'redis',
    'nobody',
  ]),
  blast_radius: z.string(),
  /**
   * Newest first, one for each target; empty when there was no run. A run without an incident leaves no
   * result here.
   */
  results: z.array(experimentResult),
});
experimentSchema.register(NAMED_SCHEMAS, { id: 'Experiment' });

export const listExperiments = defineRequest({
  subject: 'rpc.healer.experiment.list',
  summary: 'The chaos experiments, with the reach and the last results of each',
  http: { method: 'GET', path: '/v1/admin/experiments', status: 200 },
  permission: 'healing:read',
  input: z.strictObject({}),
  output: listOf(experimentSchema),
  repeatable: true,
});

export const getScorecard = defineRequest({
  subject: 'rpc.healer.healing.scorecard',
  summary: 'The last run of every experiment on every target, summed up',
  http: { method: 'GET', path: '/v1/admin/healing/scorecard', status: 200 },
  permission: 'healing:read',
  input: z.strictObject({}),
  output: z.object({
    object: z.literal('scorecard'),
    observed_at: timestampSchema,
    /** The newest run; null when there was none. */
    last_run_at: timestampSchema.nullable(),
    runs: z.number().int(),
    healed: z.number().int(),
    time_to_detect: spread,
    time_to_heal: spread,
    rows: z.array(experimentResult.extend({ experiment: z.string() })),
  }),
  repeatable: true,
});

/** Sent by monitor for the public status. */
export const getHealingSummary = defineRequest({
  subject: 'rpc.healer.healing.summary',
  summary: 'Healing of 30 days in figures for the public, and the number of open incidents',
  permission: 'internal',
  callers: ['monitor'],
  input: z.strictObject({}),
  output: z.object({
    observed_at: timestampSchema,
    auto_resolved: z.number().int(),
    escalated: z.number().int(),
    success_rate: z.number().min(0).max(1).nullable(),
    /** The last incident that affected partners and was resolved without a human. */
    last_healed: serviceIncidentSchema.nullable(),
    /** Those of the latest fifty resolved incidents that affected partners, newest first. */
    past: z.array(serviceIncidentSchema),
    /** Open incidents that affect partners now. */
    open: z.array(serviceIncidentSchema),
    open_incidents: z.number().int(),
    escalated_open: z.number().int(),
    pauses: z.number().int(),
  }),
  repeatable: true,
});

/** Sent by monitor for the overview. The live figures are present even while PostgreSQL is away. */
export const countHealing = defineRequest({
  subject: 'rpc.healer.healing.count',
  summary: 'The number of open incidents, of incidents resolved today, and of verdicts without a decision',
  permission: 'internal',
  callers: ['monitor'],
  input: z.strictObject({}),
  output: z.object({
    observed_at: timestampSchema,
    /** Not resolved, including those that wait for a human. */
    open_incidents: z.number().int(),
    /** The open incidents that wait for a human. */
    escalated_incidents: z.number().int(),
    /** The newest incident that waits for a human, else the newest open one. */
    latest_open: incidentSchema.pick({ id: true, title: true, status: true }).nullable(),
    /** In force. */
    pauses: z.number().int(),
    /** Whether one of the pauses stops everything. */
    all_paused: z.boolean(),
    /** Null while the history cannot be read. */
    history: z
      .object({
        /** Opened since midnight, UTC, and resolved. */
        resolved_today: z.number().int(),
        /** Those of them that were resolved without a human. */
        auto_resolved_today: z.number().int(),
        /** Verdicts of the model without a decision by a human. */
        open_verdicts: z.number().int(),
      })
      .nullable(),
  }),
  repeatable: true,
});
