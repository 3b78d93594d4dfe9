import { z } from 'zod';
import { defineRequest } from '../contract/define-contract.ts';
import { listOf } from '../contract/list.ts';
import { NAMED_SCHEMAS } from '../contract/named-schemas.ts';
import { idSchema, timestampSchema } from '../values/identifiers.ts';
import { storedText } from '../values/text.ts';
import { partnerSchema } from './auth.contracts.ts';
import {
  NO_SUPPORT_ACCESS,
  PARTNER_NOT_FOUND,
  SESSION_NOT_FOUND,
  SUPPORT_ACCESS_NOT_FOUND,
} from './auth.errors.ts';

/** The longest support access, in hours. */
export const MAX_SUPPORT_HOURS = 24;
const access = z.enum(['read', 'write']);

/** That people of GridWorks may act in the name of a partner until a time. */
export const supportAccessSchema = z.object({
  object: z.literal('support_access'),
  id: idSchema('supportAccess'),
  /** `read`: they see what an owner sees, and change nothing. */
  access,
  granted_by: idSchema('user'),
  granted_at: timestampSchema,
  expires_at: timestampSchema,
  /** When the partner ended it before its time. */
  revoked_at: timestampSchema.nullable(),
  /** Whether it holds now. */
  active: z.boolean(),
  /** Who used it, when and why, newest first, at most 20. */
  impersonations: z.array(
    z.object({
      impersonator: idSchema('user'),
      reason: z.string(),
      started_at: timestampSchema,
      ended_at: timestampSchema.nullable(),
    }),
  ),
});
supportAccessSchema.register(NAMED_SCHEMAS, { id: 'SupportAccess' });
export type SupportAccess = z.output<typeof supportAccessSchema>;

export const grantSupportAccess = defineRequest({
  subject: 'rpc.auth.support-access.grant',
  summary:
    'Let people of GridWorks act in the name of this partner for some hours; they can only read unless it says more',
  http: { method: 'POST', path: '/v1/support-access', status: 201, idempotent: true },
  permission: 'support-access:write',
  audit: { action: 'support_access.granted', object: 'output.id', shows: ['access', 'hours'] },
  input: z.strictObject({
    access: access.default('read'),
    hours: z.number().int().min(1).max(MAX_SUPPORT_HOURS).default(4),
  }),
  output: supportAccessSchema,
});

export const listSupportAccess = defineRequest({
  subject: 'rpc.auth.support-access.list',
  summary: 'The support accesses of this partner, and who used them, newest first, at most 100',
  http: { method: 'GET', path: '/v1/support-access', status: 200 },
  permission: 'support-access:read',
  input: z.strictObject({}),
  output: listOf(supportAccessSchema),
  repeatable: true,
});

export const revokeSupportAccess = defineRequest({
  subject: 'rpc.auth.support-access.revoke',
  summary: 'End a support access at once, with every session that uses it',
  http: { method: 'DELETE', path: '/v1/support-access/:id', status: 200 },
  permission: 'support-access:write',
  audit: { action: 'support_access.revoked', object: 'input.id' },
  criticality: 'critical',
  input: z.strictObject({ id: idSchema('supportAccess') }),
  output: supportAccessSchema,
  errors: [SUPPORT_ACCESS_NOT_FOUND],
  repeatable: true,
});

/** A session of a person of GridWorks in the name of a partner. */
export const impersonationSchema = z.object({
  object: z.literal('impersonation'),
  /** The id of the session. */
  id: idSchema('session'),
  partner: partnerSchema,
  access,
  reason: z.string(),
  /** It ends by itself then, also in use. */
  expires_at: timestampSchema,
  /** The token of the session, shown once. Null for a browser, which has it in its cookie. */
  token: z.string().nullable(),
});
impersonationSchema.register(NAMED_SCHEMAS, { id: 'Impersonation' });

export const startImpersonation = defineRequest({
  subject: 'rpc.auth.impersonation.start',
  summary:
    'Act in the name of a partner that has granted support access: a session of its own, for an hour at most',
  http: { method: 'POST', path: '/v1/admin/impersonations', status: 201, filledMembers: ['session_digest'] },
  permission: 'impersonations:write',
  audit: { action: 'impersonation.started', object: 'output.id', shows: ['reason'] },
  input: z.strictObject({
    partner_id: idSchema('partner'),
    reason: storedText(500).meta({ examples: ['Ticket about missing calls'] }),
    /** Lower-case hex SHA-256 of the token. Only the gateway, which makes the token, has the token itself. */
    session_digest: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .optional(),
  }),
  output: impersonationSchema,
  errors: [PARTNER_NOT_FOUND, NO_SUPPORT_ACCESS],
});

export const endImpersonation = defineRequest({
  subject: 'rpc.auth.impersonation.end',
  summary: 'Stop acting in the name of a partner: ends the session that makes this call',
  http: { method: 'DELETE', path: '/v1/impersonations/current', status: 200 },
  permission: 'impersonations:end',
  audit: { action: 'impersonation.ended', object: 'credential' },
  criticality: 'critical',
  input: z.strictObject({}),
  output: z.object({
    object: z.literal('impersonation'),
    id: idSchema('session'),
    ended_at: timestampSchema,
  }),
  errors: [SESSION_NOT_FOUND],
  repeatable: true,
});
