import { causeSignalSchema, incidentSchema, targetSchema, timestampSchema } from '@gridworks/contracts';
import { z } from 'zod';
import { captureStateSchema } from './capture-state.ts';

/**
 * The one mail of an incident. It is claimed by compare-and-set before it is sent, so that two healers never
 * claim it.
 */
export const mailClaimSchema = z.object({
  /**
   * `recurring`: the incident is over for now and keeps coming back. The message id is derived from the kind
   * and the incident's id: a mail sent again after a crash has the same message id.
   */
  kind: z.enum(['resolved', 'recurring', 'escalated']),
  claimed_by: z.string(),
  /** Time of the last attempt. When it is minutes old another healer may take the mail over. */
  attempted_at: timestampSchema,
  sent: z.boolean(),
});
export type MailClaim = z.output<typeof mailClaimSchema>;

/** What is being treated now: the cause, or a dependent that did not recover with it. */
export const treatedTargetSchema = z.object({ signal: causeSignalSchema, target: targetSchema });
export type TreatedTarget = z.output<typeof treatedTargetSchema>;

/** The record of an incident in NATS KV: the public incident, and its place in the ladder. */
export const incidentRecordSchema = z.object({
  incident: incidentSchema,
  /**
   * The incident is not published before this time: a soft symptom waits for its cause to be detected. Null
   * once public.
   */
  hold_until: timestampSchema.nullable(),
  treating: treatedTargetSchema,
  /** Index into the ladder of the rule for `treating`. */
  rung: z.number().int(),
  /** The action that was taken on this rung; null before it. */
  rung_action: z.string().nullable(),
  /** The ladder has come to its end or a guard refused: a human was paged, and the healer only observes. */
  gave_up: z.boolean(),
  /** The incident that this one turned out to be a part of. It has the mail for both. */
  merged_into: z.string().nullable(),
  /** Of the first symptom: all later work on the incident runs in its trace. */
  traceparent: z.string().nullable(),
  mail: mailClaimSchema.nullable(),
  /** For an incident that began with errors caught by a process; null for all others. */
  captured: captureStateSchema.nullable().default(null),
  /** The errors of dependents that the timeline reports already, as `<service>|<dependency>|<kind>`. */
  joined_errors: z.array(z.string()).default([]),
  /**
   * Place in the list of incidents: the revision of the write that made the incident public, which is the
   * order of the bucket. Null until the next write after that one.
   */
  list_position: z.number().int().nullable().default(null),
  /** Random, new at every write: shows whether a write happened although its response was lost. */
  write_id: z.string(),
});
export type IncidentRecord = z.output<typeof incidentRecordSchema>;

/**
 * The incident began with errors that a process caught. The healer never acts on it, and only reports and
 * escalates it.
 */
export const isOfCaptures = ({ incident }: IncidentRecord): boolean =>
  incident.cause.signal === 'errors.captured';
