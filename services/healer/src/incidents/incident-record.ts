import { causeSignalSchema, incidentSchema, targetSchema, timestampSchema } from '@gridworks/contracts';
import { z } from 'zod';
import { captureStateSchema } from './capture-state.ts';

/** The one mail of an incident. Claimed by compare-and-set before it is sent, so that nobody claims it twice. */
export const mailClaimSchema = z.object({
  /** `recurring`: it is over for now and keeps coming back. The message id follows from it and the incident's id: a mail sent again after a crash is the same mail. */
  kind: z.enum(['resolved', 'recurring', 'escalated']),
  claimed_by: z.string(),
  /** Of the last attempt. An attempt that is minutes old may be taken over. */
  attempted_at: timestampSchema,
  sent: z.boolean(),
});
export type MailClaim = z.output<typeof mailClaimSchema>;

/** What is being treated now: the cause, or a dependent that did not become well with it. */
export const treatedTargetSchema = z.object({ signal: causeSignalSchema, target: targetSchema });
export type TreatedTarget = z.output<typeof treatedTargetSchema>;

/** What the healer keeps of an incident in NATS KV: the public incident, and where it stands in its ladder. */
export const incidentRecordSchema = z.object({
  incident: incidentSchema,
  /** Nobody is told before this moment: a soft symptom waits for its cause to show itself. Null once public. */
  hold_until: timestampSchema.nullable(),
  treating: treatedTargetSchema,
  /** Index into the ladder of the patient's rule. */
  rung: z.number().int(),
  /** Action that was taken on this rung; null before it. */
  rung_action: z.string().nullable(),
  /** The ladder has come to its end or a guard refused: a human is asked, and the healer only looks on. */
  gave_up: z.boolean(),
  /** It turned out to be a part of this incident, which has the mail for both. */
  merged_into: z.string().nullable(),
  /** Of the first symptom: everything that follows runs in its trace. */
  traceparent: z.string().nullable(),
  mail: mailClaimSchema.nullable(),
  /** Of an incident that began with errors that a process caught; null for all others. */
  captured: captureStateSchema.nullable().default(null),
  /** Which errors of dependents are told here already, as `<service>|<dependency>|<kind>`. */
  joined_errors: z.array(z.string()).default([]),
  /**
   * Place in the list of incidents: the revision of the write that made it public, which is an order of the bucket's
   * own. Null until the next write after that one.
   */
  list_position: z.number().int().nullable().default(null),
  /** Random, new at every write: tells whether a write whose answer was lost did happen. */
  write_id: z.string(),
});
export type IncidentRecord = z.output<typeof incidentRecordSchema>;

/** It began with errors that a process caught. Nothing is ever done about it but to tell and to ask a human. */
export const isOfCaptures = ({ incident }: IncidentRecord): boolean =>
  incident.cause.signal === 'errors.captured';
