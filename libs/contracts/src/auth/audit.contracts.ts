import { z } from 'zod';
import { AUDIT_ACTIONS } from '../contract/audit-declaration.ts';
import {
  defineEvent,
  defineRequest,
  type EventContract,
  SERVICES,
  type ServiceName,
} from '../contract/define-contract.ts';
import { listOf, listQuery, oneCursor } from '../contract/list.ts';
import { NAMED_SCHEMAS } from '../contract/named-schemas.ts';
import { PRINCIPAL_ROLES } from '../contract/permissions.ts';
import { idSchema, timestampSchema } from '../values/identifiers.ts';
import { isWellFormed, NOT_WELL_FORMED } from '../values/text.ts';
import { AUDIT_ENTRY_NOT_FOUND } from './auth.errors.ts';

/** The chain of what belongs to no partner. */
export const PLATFORM_CHAIN = 'platform';

const digest = z.string().regex(/^[0-9a-f]{64}$/);
const facts = z.record(z.string(), z.unknown()).nullable();

/** Who acted. */
export const auditActorSchema = z.object({
  kind: z.enum(['person', 'api_key', 'service_account', 'scim_token', 'anonymous', 'service']),
  /** The person, key, service account or SCIM token. Null for a caller without a credential whose account is not known. */
  id: z.string().nullable(),
  role: z.enum(PRINCIPAL_ROLES),
  /** The person of GridWorks who acted in the name of the partner; null for everybody else. */
  impersonator: z.string().nullable(),
});
auditActorSchema.register(NAMED_SCHEMAS, { id: 'AuditActor' });

/** An act with consequence, as the service reports it in which it happened. */
export const actSchema = z.object({
  service: z.enum(SERVICES),
  at: timestampSchema,
  /** Null: the act belongs to the platform. */
  partner_id: idSchema('partner').nullable(),
  actor: auditActorSchema,
  action: z.enum(AUDIT_ACTIONS),
  /** Null when a refusal names no object. */
  object_id: z.string().max(200).nullable(),
  /** What changed, redacted. Null where nothing is shown. */
  before: facts,
  after: facts,
  outcome: z.enum(['done', 'refused']),
  /** The code of a refusal. */
  code: z.string().nullable(),
  request_id: z.string().max(200),
  /** The /24 of an IPv4 address, the /48 of an IPv6 address. */
  network: z.string().max(64).nullable(),
  user_agent: z.string().max(300).nullable(),
});
actSchema.register(NAMED_SCHEMAS, { id: 'Act' });
export type Act = z.output<typeof actSchema>;

/** The services that serve writes. */
export const ACTING_SERVICES = SERVICES.filter((service) => service !== 'gateway');

/**
 * Published by each service about the acts in it, from its outbox. Each event has a durable consumer of its own, since
 * NATS 2.9 has one filter per consumer.
 */
export const actRecorded: Readonly<Record<string, EventContract<typeof actSchema>>> = Object.freeze(
  Object.fromEntries(
    ACTING_SERVICES.map((service) => [
      service,
      defineEvent({
        subject: `event.${service}.act.recorded`,
        summary: `An act with consequence in ${service}, for the audit log`,
        payload: actSchema,
        consumers: [`auth_record-${service}-acts`],
      }),
    ]),
  ),
);
/** The event in which a service reports its acts. */
export const actRecordedIn = (service: ServiceName): EventContract<typeof actSchema> => {
  const contract = actRecorded[service];
  if (!contract) throw new Error(`${service} serves no writes`);
  return contract;
};

/** An entry of the audit log. */
export const auditEntrySchema = actSchema.extend({
  object: z.literal('audit_entry'),
  id: idSchema('auditEntry'),
  /** The kind of the object: `api_key`. */
  object_kind: z.string(),
  /** The chain of the entry: the partner, or `platform`. */
  chain: z.string(),
  /** Its number in the chain: 1, 2, 3, without gaps. */
  sequence: z.number().int().min(1),
  recorded_at: timestampSchema,
  /** SHA-256 of the hash before and of the entry, which makes a changed, missing or moved entry visible. */
  hash: digest,
  previous_hash: digest,
});
auditEntrySchema.register(NAMED_SCHEMAS, { id: 'AuditEntry' });
export type AuditEntry = z.output<typeof auditEntrySchema>;

/** The end of a chain, stored outside of PostgreSQL as well. */
export const auditHeadSchema = z.object({
  chain: z.string(),
  sequence: z.number().int().min(0),
  hash: digest,
  /** The entry before the oldest that is kept: older ones went with their month. 0 while all are kept. */
  anchor_sequence: z.number().int().min(0),
  anchor_hash: digest,
});
auditHeadSchema.register(NAMED_SCHEMAS, { id: 'AuditHead' });
export type AuditHead = z.output<typeof auditHeadSchema>;

/** Tells consoles that a list of entries is out of date. */
export const auditAppended = defineEvent({
  subject: 'event.auth.audit.appended',
  summary: 'An entry was appended to a chain of the audit log; the event names the new end of the chain',
  payload: z.object({
    id: idSchema('auditEntry'),
    action: z.enum(AUDIT_ACTIONS),
    chain: z.string(),
    sequence: z.number().int(),
    hash: digest,
    at: timestampSchema,
  }),
  listeners: ['gateway'],
});

const text = z
  .string()
  .trim()
  .min(1)
  .max(120)
  .refine(isWellFormed, NOT_WELL_FORMED)
  .refine((value) => !value.includes('\0'), 'has a NUL');

const filters = {
  actor: text
    .optional()
    .describe('The whole id of a person or key.')
    .meta({ examples: ['usr_0UQ3kZ1aB7dEfGhIjKlMnO'] }),
  action: z.enum(AUDIT_ACTIONS).optional(),
  object_id: text
    .optional()
    .describe('The whole id of an object.')
    .meta({ examples: ['key_0UQ3kZ1aB7dEfGhIjKlMnO'] }),
  query: text
    .optional()
    .describe('A part of any text of an entry, in upper or lower case.')
    .meta({ examples: ['198.51.100'] }),
  from: z.iso.datetime().optional().describe('Recorded at this moment or later.'),
  to: z.iso.datetime().optional().describe('Recorded before this moment.'),
};
const ofAdmins = {
  ...filters,
  chain: text
    .optional()
    .describe('A partner, or `platform`.')
    .meta({ examples: ['platform'] }),
};

export const listAudit = defineRequest({
  subject: 'rpc.auth.audit.list',
  summary: 'What was done in the name of this partner, newest first',
  http: { method: 'GET', path: '/v1/audit', status: 200 },
  permission: 'audit:read',
  input: z
    .strictObject({ ...listQuery(idSchema('auditEntry')), ...filters })
    .refine(oneCursor.check, oneCursor.message),
  output: listOf(auditEntrySchema),
  repeatable: true,
});

export const listAllAudit = defineRequest({
  subject: 'rpc.auth.audit.list-all',
  summary: 'What was done in the name of every partner and of GridWorks, newest first',
  http: { method: 'GET', path: '/v1/admin/audit', status: 200 },
  permission: 'audit:read-all',
  input: z
    .strictObject({ ...listQuery(idSchema('auditEntry')), ...ofAdmins })
    .refine(oneCursor.check, oneCursor.message),
  output: listOf(auditEntrySchema),
  repeatable: true,
});

export const getAuditEntry = defineRequest({
  subject: 'rpc.auth.audit.get',
  summary: 'One entry of the audit log of this partner',
  http: { method: 'GET', path: '/v1/audit/:id', status: 200 },
  permission: 'audit:read',
  input: z.strictObject({ id: idSchema('auditEntry') }),
  output: auditEntrySchema,
  errors: [AUDIT_ENTRY_NOT_FOUND],
  repeatable: true,
});

const exportInput = {
  format: z
    .enum(['ndjson', 'csv'])
    .default('ndjson')
    .describe('`ndjson`: one entry as JSON a line; `csv`: a table for a spreadsheet.'),
  /** Set by the gateway, which reads one batch after another. */
  after: idSchema('auditEntry').optional(),
};
/** One batch of an export. The gateway sends the entries of all batches as lines. */
export const auditExportSchema = z.object({ has_more: z.boolean(), data: z.array(auditEntrySchema) });
auditExportSchema.register(NAMED_SCHEMAS, { id: 'AuditExport' });

export const exportAudit = defineRequest({
  subject: 'rpc.auth.audit.export',
  summary: 'All entries of the audit log of this partner that fit, newest first, as a file',
  http: { method: 'GET', path: '/v1/audit-export', status: 200, filledMembers: ['after'] },
  permission: 'audit:read',
  input: z.strictObject({ ...filters, ...exportInput }),
  output: auditExportSchema,
  repeatable: true,
});

export const exportAllAudit = defineRequest({
  subject: 'rpc.auth.audit.export-all',
  summary: 'All entries of all audit logs that fit, newest first, as a file',
  http: { method: 'GET', path: '/v1/admin/audit-export', status: 200, filledMembers: ['after'] },
  permission: 'audit:read-all',
  input: z.strictObject({ ...ofAdmins, ...exportInput }),
  output: auditExportSchema,
  repeatable: true,
});
