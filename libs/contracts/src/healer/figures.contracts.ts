import { z } from 'zod';
import { defineRequest } from '../contract/define-contract.ts';
import { listOf, listQuery, oneCursor } from '../contract/list.ts';
import { NAMED_SCHEMAS } from '../contract/named-schemas.ts';
import { healingStrategySchema } from '../instance/instance-events.contracts.ts';
import { idSchema, processNameSchema, timestampSchema } from '../values/identifiers.ts';
import { actionSchema, incidentSchema, remedySchema } from './healer.contracts.ts';

/** What partners know of the system. */
export const PUBLIC_SERVICES = ['api', 'accounts', 'usage', 'tickets'] as const;
export const publicServiceSchema = z.enum(PUBLIC_SERVICES);
export type PublicService = z.output<typeof publicServiceSchema>;

/** What partners notice of a service or server; what is not named here they notice nothing of. */
export const AFFECTED_SERVICES: Readonly<Record<string, readonly PublicService[]>> = {
  gateway: ['api'],
  auth: ['accounts'],
  billing: ['usage'],
  support: ['tickets'],
  postgres: ['accounts', 'usage', 'tickets'],
  nats: ['api', 'accounts', 'usage', 'tickets'],
};

/** An incident in the words of partners: nothing of the inside. */
export const serviceIncidentSchema = z.object({
  object: z.literal('service_incident'),
  id: idSchema('incident'),
  /** What is or was affected. */
  services: z.array(publicServiceSchema),
  title: z.string(),
  /** What it means for whoever calls. */
  meaning: z.string(),
  status: z.enum(['healing', 'being_looked_at', 'resolved']),
  since: timestampSchema,
  resolved_at: timestampSchema.nullable(),
});
serviceIncidentSchema.register(NAMED_SCHEMAS, { id: 'ServiceIncident' });
export type ServiceIncident = z.output<typeof serviceIncidentSchema>;

export const listServiceIncidents = defineRequest({
  subject: 'rpc.healer.service-incident.list',
  summary: 'What affects partners now or did in the last 24 hours, newest first, fifty at most',
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
  summary: 'How healing went in the last 24 hours, 7 days or 30 days',
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
    /** Resolved, and no human was asked. */
    auto_resolved: z.number().int(),
    /** A human was asked, whether it was resolved later or not. */
    escalated: z.number().int(),
    /** `auto_resolved / (auto_resolved + escalated)`; null when nothing has ended. */
    success_rate: z.number().min(0).max(1).nullable(),
    /** From the last good sign of life to the moment when monitor observed it. */
    time_to_detect: spread,
    /** From that moment to the verified end, of those that were resolved without a human. */
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
    /** What processes did about errors of their own. An hour's figures count once it has begun in the window. */
    by_strategy: z.array(
      z.object({ strategy: healingStrategySchema, healed: z.number().int(), failed: z.number().int() }),
    ),
    /** Errors that processes caught, and how many of them ended with a value for the caller. */
    errors: z.object({ caught: z.number().int(), healed: z.number().int() }),
    /** What the model suggested, ever, and what became of it. */
    model: z.object({
      verdicts: z.number().int(),
      /** A human let it be tried. */
      agreed: z.number().int(),
      rejected: z.number().int(),
      /** It proved itself and decides now. */
      promoted: z.number().int(),
      demoted: z.number().int(),
    }),
  }),
  repeatable: true,
});

/** A deed of the healer, with the incident that it was done for. */
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
  summary: 'What the healer did, newest first',
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

/** How the last run of an experiment on a target went, by the incidents that carry its label. */
const experimentResult = z.object({
  /** `billing`; null for an experiment without one. */
  target: z.string().nullable(),
  at: timestampSchema,
  outcome: z.enum(['healed', 'escalated', 'open']),
  incident_id: idSchema('incident'),
  /** From the last good sign of life. */
  detect_ms: z.number().nullable(),
  /** From the moment when it was observed. */
  heal_ms: z.number().nullable(),
});

export const experimentSchema = z.object({
  object: z.literal('experiment'),
  name: z.string(),
  does: z.string(),
  targets: z.enum(['services', 'database-users', 'nats', 'postgres', 'redis', 'nobody']),
  blast_radius: z.string(),
  /** Newest first, one for each target; empty when none was seen. A run that made no incident leaves nothing here. */
  results: z.array(experimentResult),
});
experimentSchema.register(NAMED_SCHEMAS, { id: 'Experiment' });

export const listExperiments = defineRequest({
  subject: 'rpc.healer.experiment.list',
  summary: 'The chaos experiments, how far each reaches, and how its last runs went',
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

/** Read by monitor for the public status. */
export const getHealingSummary = defineRequest({
  subject: 'rpc.healer.healing.summary',
  summary: 'Healing of 30 days in figures that anybody may see, and how many incidents are open',
  permission: 'internal',
  callers: ['monitor'],
  input: z.strictObject({}),
  output: z.object({
    observed_at: timestampSchema,
    auto_resolved: z.number().int(),
    escalated: z.number().int(),
    success_rate: z.number().min(0).max(1).nullable(),
    /** That affected partners, and was resolved without a human. */
    last_healed: serviceIncidentSchema.nullable(),
    /** Of the latest fifty resolved incidents those that affected partners, newest first. */
    past: z.array(serviceIncidentSchema),
    /** That affect partners now. */
    open: z.array(serviceIncidentSchema),
    open_incidents: z.number().int(),
    escalated_open: z.number().int(),
    pauses: z.number().int(),
  }),
  repeatable: true,
});

/** Read by monitor for the overview. The live figures are there while PostgreSQL is away. */
export const countHealing = defineRequest({
  subject: 'rpc.healer.healing.count',
  summary: 'How many incidents are open, what was healed today, and what waits for a decision',
  permission: 'internal',
  callers: ['monitor'],
  input: z.strictObject({}),
  output: z.object({
    observed_at: timestampSchema,
    /** Not resolved, those that wait for a human among them. */
    open_incidents: z.number().int(),
    /** Of the open ones those that wait for a human. */
    escalated_incidents: z.number().int(),
    /** The newest that waits for a human, else the newest open one. */
    latest_open: incidentSchema.pick({ id: true, title: true, status: true }).nullable(),
    /** In force. */
    pauses: z.number().int(),
    /** Whether one of them stops everything. */
    all_paused: z.boolean(),
    /** Null while the history cannot be read. */
    history: z
      .object({
        /** Opened since midnight, UTC, and resolved. */
        resolved_today: z.number().int(),
        /** Of these, those that no human was asked about. */
        auto_resolved_today: z.number().int(),
        /** Verdicts of the model that nobody has decided. */
        open_verdicts: z.number().int(),
      })
      .nullable(),
  }),
  repeatable: true,
});
