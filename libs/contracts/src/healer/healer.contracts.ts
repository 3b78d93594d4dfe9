import { z } from 'zod';
import { defineEvent, defineRequest } from '../contract/define-contract.ts';
import { listOf, listQuery, oneCursor } from '../contract/list.ts';
import { NAMED_SCHEMAS } from '../contract/named-schemas.ts';
import { errorCaptureSchema } from '../instance/instance-events.contracts.ts';
import { symptomSchema, targetSchema } from '../monitor/monitor.contracts.ts';
import { CAUSE_SIGNALS } from '../monitor/signals.ts';
import { defineError } from '../values/app-error.ts';
import { idSchema, processNameSchema, timestampSchema } from '../values/identifiers.ts';
import { storedText } from '../values/text.ts';
import { REMEDY_NAMES } from './remedies.ts';

export const INCIDENT_NOT_FOUND = defineError({
  code: 'HEALER.INCIDENT_NOT_FOUND',
  kind: 'not_found',
  title: 'There is no such incident',
});
export const PAUSE_NOT_FOUND = defineError({
  code: 'HEALER.PAUSE_NOT_FOUND',
  kind: 'not_found',
  title: 'There is no such pause',
});

export const remedySchema = z.enum(REMEDY_NAMES);

export const actionSchema = z.object({
  id: z.string(),
  remedy: remedySchema,
  target: targetSchema,
  /**
   * `intended` is written before anything is done. `unknown`: the healer ended in between and did not repeat
   * the action.
   */
  state: z.enum(['intended', 'done', 'failed', 'unknown', 'suggested']),
  /** Fencing epoch of the lease under which the action was done. */
  epoch: z.number().int(),
  intended_at: timestampSchema,
  ended_at: timestampSchema.nullable(),
  outcome: z.string().nullable(),
});
actionSchema.register(NAMED_SCHEMAS, { id: 'IncidentAction' });
export type IncidentAction = z.output<typeof actionSchema>;

export const timelineEntrySchema = z.object({
  at: timestampSchema,
  what: z.enum([
    'began',
    'observed',
    'joined', // a further symptom of the same cause
    'decided',
    'guarded', // a guard refused or downgraded
    'intended',
    'acted',
    'verifying',
    'verified',
    'not-verified',
    'resolved',
    'escalated',
    'notified',
    'reopened',
  ]),
  text: z.string(),
});
timelineEntrySchema.register(NAMED_SCHEMAS, { id: 'TimelineEntry' });

export const causeSignalSchema = z.enum(CAUSE_SIGNALS);

/** Errors that a process caught, as an incident shows them: the decision, the steps, the outcome. */
export const incidentErrorSchema = errorCaptureSchema
  .omit({ id: true, error: true })
  .extend({ process: processNameSchema, error: errorCaptureSchema.shape.error.omit({ stack: true }) });
incidentErrorSchema.register(NAMED_SCHEMAS, { id: 'IncidentError' });
export type IncidentError = z.output<typeof incidentErrorSchema>;

export const INCIDENT_STATUSES = ['open', 'acting', 'verifying', 'resolved', 'escalated'] as const;

export const incidentSchema = z.object({
  object: z.literal('incident'),
  id: idSchema('incident'),
  /**
   * `resolved` and `escalated` are final for the mail: an escalated incident can still become resolved,
   * without a second mail.
   */
  status: z.enum(INCIDENT_STATUSES),
  title: z.string(),
  cause: z.object({ signal: causeSignalSchema, target: targetSchema }),
  began_at: timestampSchema,
  observed_at: timestampSchema,
  resolved_at: timestampSchema.nullable(),
  /**
   * `rule`: a rule of the classifier decided, inside the process; `playbook`: a rule of the healer's playbook
   * decided.
   */
  decided_by: z.enum(['pattern', 'rule', 'playbook', 'model', 'human']).nullable(),
  /** Name of the rule or pattern that decided. */
  rule: z.string().nullable(),
  actions: z.array(actionSchema),
  symptoms: z.array(symptomSchema),
  /** The worst and the most recent ones first; errors beyond the maximum are counted in the timeline. */
  errors: z.array(incidentErrorSchema).max(20).default([]),
  timeline: z.array(timelineEntrySchema),
  mailed_at: timestampSchema.nullable(),
  /** W3C trace id of the trace that runs from the symptom to the verification. */
  trace_id: z.string().nullable(),
  /** Set when the incident happened during a labelled chaos run. */
  experiment: z.string().nullable(),
  /**
   * The process keeps failing within minutes: each restart heals the symptom, not the cause. One mail asks a
   * human.
   */
  recurring: z.boolean().default(false),
  revision: z.number().int(),
});
incidentSchema.register(NAMED_SCHEMAS, { id: 'Incident' });
export type Incident = z.output<typeof incidentSchema>;

/** The whole incident after each change; the latest revision wins. */
export const incidentChanged = defineEvent({
  subject: 'event.healer.incident.changed',
  summary: 'An incident was opened or changed',
  payload: incidentSchema,
  consumers: ['healer_record-incident'],
  listeners: ['gateway'],
});

export const listIncidents = defineRequest({
  subject: 'rpc.healer.incident.list',
  summary: 'Incidents, newest first',
  http: { method: 'GET', path: '/v1/admin/incidents', status: 200 },
  permission: 'incidents:read',
  input: z
    .strictObject({
      ...listQuery(idSchema('incident')),
      status: z
        .enum([...INCIDENT_STATUSES, 'unresolved'])
        .optional()
        .describe('`unresolved`: every status but `resolved`.'),
      from: z.iso.datetime().optional().describe('Opened at this moment or later.'),
      to: z.iso.datetime().optional().describe('Opened before this moment.'),
      service: targetSchema.shape.name.optional().describe('Service or server of the cause.'),
      signal: causeSignalSchema.optional(),
      decider: incidentSchema.shape.decided_by.unwrap().optional(),
    })
    .refine(oneCursor.check, oneCursor.message),
  output: listOf(incidentSchema).extend({
    partial: z
      .boolean()
      .describe(
        'True when the live state or the history could not be read, so that incidents may be missing: try again.',
      ),
  }),
  repeatable: true,
});

export const getIncident = defineRequest({
  subject: 'rpc.healer.incident.get',
  summary: 'One incident with its whole timeline',
  http: { method: 'GET', path: '/v1/admin/incidents/:id', status: 200 },
  permission: 'incidents:read',
  input: z.strictObject({ id: idSchema('incident') }),
  output: incidentSchema,
  errors: [INCIDENT_NOT_FOUND],
  repeatable: true,
});

/** A pause stops actions; a label marks a maintenance, deploy or chaos period. */
export const pauseSchema = z.object({
  object: z.literal('pause'),
  id: idSchema('pause'),
  /** `all`, `service:billing`, `server:postgres` or `remedy:platform.restart`. */
  scope: z
    .string()
    .regex(/^(all|(service|server):[a-z-]+|remedy:[a-z.-]+)$/)
    .meta({ examples: ['service:billing'] }),
  /**
   * `pause`: no action is done, and a human is paged. `label`: actions continue, and incidents carry the
   * label (chaos).
   */
  effect: z.enum(['pause', 'label']),
  reason: z.string(),
  /** For a label: whether errors during the period train patterns. */
  trains: z.boolean().default(false),
  created_by: z.string(),
  created_at: timestampSchema,
  expires_at: timestampSchema,
});
pauseSchema.register(NAMED_SCHEMAS, { id: 'Pause' });
export type Pause = z.output<typeof pauseSchema>;

export const createPause = defineRequest({
  subject: 'rpc.healer.pause.create',
  summary: 'Stop the healer from acting on everything, a service, a server or with a remedy, until a time',
  http: { method: 'POST', path: '/v1/admin/pauses', status: 201, idempotent: true },
  permission: 'pauses:write',
  audit: { action: 'pause.created', object: 'output.id', shows: ['scope', 'effect', 'reason', 'seconds'] },
  input: z.strictObject({
    scope: pauseSchema.shape.scope,
    effect: z.enum(['pause', 'label']).default('pause'),
    reason: storedText(500).meta({ examples: ['The database is being moved'] }),
    trains: z.boolean().default(false),
    /** At most 24 hours. */
    seconds: z.number().int().min(1).max(86_400).default(3600),
  }),
  output: pauseSchema,
});
export const listPauses = defineRequest({
  subject: 'rpc.healer.pause.list',
  summary: 'The pauses and labels in force',
  http: { method: 'GET', path: '/v1/admin/pauses', status: 200 },
  permission: 'pauses:read',
  input: z.strictObject({}),
  output: listOf(pauseSchema),
  repeatable: true,
});
export const removePause = defineRequest({
  subject: 'rpc.healer.pause.remove',
  summary: 'End a pause before its end time',
  http: { method: 'DELETE', path: '/v1/admin/pauses/:id', status: 200 },
  permission: 'pauses:write',
  audit: { action: 'pause.removed', object: 'input.id' },
  input: z.strictObject({ id: idSchema('pause') }),
  output: pauseSchema,
  errors: [PAUSE_NOT_FOUND],
});
