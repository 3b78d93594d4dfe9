import { z } from 'zod';
import { defineRequest } from '../contract/define-contract.ts';
import { listOf, listQuery, oneCursor } from '../contract/list.ts';
import { NAMED_SCHEMAS } from '../contract/named-schemas.ts';
import { PRINCIPAL_ROLES } from '../contract/permissions.ts';
import { idSchema, timestampSchema } from '../values/identifiers.ts';
import { isWellFormed, NOT_WELL_FORMED, storedText } from '../values/text.ts';
import { givenPasswordSchema, newPasswordSchema } from './account-texts.ts';
import { apiKeySchema } from './api-keys.contracts.ts';
import { partnerSchema, userSchema } from './auth.contracts.ts';
import { LOGIN_REFUSED, PARTNER_NOT_FOUND, PASSWORD_BREACHED, TOO_MANY_LOGINS } from './auth.errors.ts';
import { memberRoleSchema } from './members.contracts.ts';
import { suspensionSchema } from './suspension.contracts.ts';

/** A time zone that this machine knows: `Europe/Berlin`. */
const zone = z
  .string()
  .max(64)
  .refine(isZone, 'is no time zone of the IANA database')
  .meta({ examples: ['Europe/Berlin'] });

function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

export const updateIdentity = defineRequest({
  subject: 'rpc.auth.identity.update',
  summary: 'Change your name, and the language, time zone and colours of the console',
  http: { method: 'PATCH', path: '/v1/me', status: 200 },
  permission: 'identity:write',
  audit: { action: 'user.changed', object: 'caller', shows: ['name', 'locale', 'zone', 'theme'] },
  input: z.strictObject({
    name: storedText(120).nullable().optional(),
    /** BCP 47. */
    locale: z
      .string()
      .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/)
      .meta({ examples: ['en-GB'] })
      .nullable()
      .optional(),
    zone: zone.nullable().optional(),
    theme: z.enum(['light', 'dark', 'system']).nullable().optional(),
  }),
  output: userSchema,
  repeatable: true,
});

export const changePassword = defineRequest({
  subject: 'rpc.auth.identity.change-password',
  summary: 'Set another password; all other sessions and the explorer keys of this person end',
  http: { method: 'PUT', path: '/v1/me/password', status: 200, addressMember: 'client_ip' },
  permission: 'identity:write',
  audit: { action: 'user.password_changed', object: 'caller', refusals: [LOGIN_REFUSED.code] },
  input: z.strictObject({
    old_password: givenPasswordSchema,
    new_password: newPasswordSchema,
    /** Set by the gateway. */
    client_ip: z.string().max(64).optional(),
  }),
  output: z.object({
    object: z.literal('password_change'),
    changed_at: timestampSchema,
    ended_sessions: z.number().int(),
  }),
  errors: [LOGIN_REFUSED, PASSWORD_BREACHED, TOO_MANY_LOGINS],
});

export const getOnboarding = defineRequest({
  subject: 'rpc.auth.onboarding.get',
  summary: 'The first steps of a partner, and when each was done',
  http: { method: 'GET', path: '/v1/onboarding', status: 200 },
  permission: 'onboarding:read',
  input: z.strictObject({}),
  output: z.object({
    object: z.literal('onboarding'),
    /** In their order. */
    steps: z.array(
      z.object({
        step: z.enum(['account', 'confirm_email', 'api_key', 'first_call', 'first_ticket']),
        /** An optional step, which a partner may leave out. */
        optional: z.boolean(),
        /** `unknown` while the service that has the information does not respond. */
        state: z.enum(['done', 'open', 'unknown']),
        done_at: timestampSchema.nullable(),
      }),
    ),
    /** Whether all steps but the optional ones are done. */
    complete: z.boolean(),
    observed_at: timestampSchema,
  }),
  repeatable: true,
});

/** A partner as people of GridWorks see it in a list. */
export const adminPartnerSchema = partnerSchema.extend({
  users: z.number().int(),
  /** Keys of programs that are valid now. */
  api_keys: z.number().int(),
  /** Null while billing does not respond. */
  use: z
    .object({
      plan: z.object({ id: z.string(), name: z.string(), included_calls: z.number().int() }),
      /** Live calls of this month, UTC. */
      used_calls: z.number().int(),
      last_call_at: timestampSchema.nullable(),
      observed_at: timestampSchema,
    })
    .nullable(),
  /** Neither resolved nor closed; null while support does not respond. */
  open_tickets: z.number().int().nullable(),
  /** Null while the partner is not suspended. */
  suspension: suspensionSchema.nullable(),
});
adminPartnerSchema.register(NAMED_SCHEMAS, { id: 'AdminPartner' });

const query = z
  .string()
  .trim()
  .min(1)
  .max(120)
  .refine(isWellFormed, NOT_WELL_FORMED)
  .refine((text) => !text.includes('\0'), 'has a NUL')
  .optional()
  .describe('A part of the name or address, in upper or lower case; or a whole id.')
  .meta({ examples: ['ada'] });

export const listPartners = defineRequest({
  subject: 'rpc.auth.partner.list',
  summary: 'Partners, newest first, with their plan, use and open tickets',
  http: { method: 'GET', path: '/v1/admin/partners', status: 200 },
  permission: 'partners:read',
  input: z
    .strictObject({
      ...listQuery(idSchema('partner')),
      query,
      from: z.iso.datetime().optional().describe('Registered at this moment or later.'),
    })
    .refine(oneCursor.check, oneCursor.message),
  output: listOf(adminPartnerSchema),
  repeatable: true,
});

/** A person of a partner as people of GridWorks see it. */
export const adminMemberSchema = userSchema.extend({ ...memberRoleSchema.shape, joined_at: timestampSchema });
adminMemberSchema.register(NAMED_SCHEMAS, { id: 'AdminMember' });

export const getPartner = defineRequest({
  subject: 'rpc.auth.partner.get',
  summary: 'A partner with its people and newest keys',
  http: { method: 'GET', path: '/v1/admin/partners/:id', status: 200 },
  permission: 'partners:read',
  input: z.strictObject({ id: idSchema('partner') }),
  output: adminPartnerSchema.extend({
    /** The first hundred. */
    people: z.array(adminMemberSchema),
    /** The newest hundred, whatever their state. */
    keys: z.array(apiKeySchema),
  }),
  errors: [PARTNER_NOT_FOUND],
  repeatable: true,
});

export const adminUserSchema = userSchema.extend({
  /** The partners that the person belongs to, the first joined first. */
  memberships: z.array(
    z.object({ partner_id: idSchema('partner'), partner_name: z.string(), ...memberRoleSchema.shape }),
  ),
  /** Sessions that have not ended. */
  sessions: z.number().int(),
});
adminUserSchema.register(NAMED_SCHEMAS, { id: 'AdminUser' });

export const listUsers = defineRequest({
  subject: 'rpc.auth.user.list',
  summary: 'Persons that can log in, newest first',
  http: { method: 'GET', path: '/v1/admin/users', status: 200 },
  permission: 'partners:read',
  input: z
    .strictObject({
      ...listQuery(idSchema('user')),
      query,
      role: z.enum(PRINCIPAL_ROLES).optional(),
      partner_id: idSchema('partner').optional(),
    })
    .refine(oneCursor.check, oneCursor.message),
  output: listOf(adminUserSchema),
  repeatable: true,
});

/** Read by monitor for the overview. */
export const countAccounts = defineRequest({
  subject: 'rpc.auth.account.count',
  summary: 'How many partners, people and keys there are, and how many are new',
  permission: 'internal',
  callers: ['monitor'],
  input: z.strictObject({}),
  output: z.object({
    partners: z.number().int(),
    /** Registered in the last seven days, UTC, including today. */
    new_partners: z.number().int(),
    /** Registered in the last 30 days, UTC, including today. */
    new_partners_30_days: z.number().int(),
    users: z.number().int(),
    active_keys: z.number().int(),
    observed_at: timestampSchema,
  }),
  repeatable: true,
});
