import { z } from 'zod';
import { defineEvent, defineRequest } from '../contract/define-contract.ts';
import { listOf, listQuery, oneCursor } from '../contract/list.ts';
import { NAMED_SCHEMAS } from '../contract/named-schemas.ts';
import { PARTNER_ROLES } from '../contract/permissions.ts';
import { idSchema, timestampSchema } from '../values/identifiers.ts';
import { storedText } from '../values/text.ts';
import { partnerSchema } from './auth.contracts.ts';
import { ABOVE_OWN_ROLE, LAST_OWNER, MEMBER_NOT_FOUND, ROLE_NOT_FOUND } from './auth.errors.ts';
import { CREDENTIAL_KINDS } from './credential.ts';

/** The role of a member: one of the fixed ones, or one that the partner made. */
export const memberRoleSchema = z.object({
  /** `custom` for a role that the partner made. */
  role: z.enum([...PARTNER_ROLES, 'custom']),
  /** The role that the partner made; null for the fixed ones. */
  custom_role: z.object({ id: idSchema('role'), name: z.string() }).nullable(),
});

/** The role to give: a fixed one, or the id of one that the partner made. */
export const givenRoleSchema = z
  .union([z.enum(PARTNER_ROLES), idSchema('role')])
  .describe('One of the fixed roles, or the id of a role that the partner made.')
  .meta({ examples: ['developer'] });

/** A person in a partner. */
export const memberSchema = z.object({
  object: z.literal('member'),
  id: idSchema('member'),
  user_id: idSchema('user'),
  email: z.string(),
  /** The name that the person chose; null until then. */
  name: z.string().nullable(),
  ...memberRoleSchema.shape,
  joined_at: timestampSchema,
  /** The newest use of a session for this partner that has not ended. Null when there is none. */
  last_active_at: timestampSchema.nullable(),
});
memberSchema.register(NAMED_SCHEMAS, { id: 'Member' });

export const listMembers = defineRequest({
  subject: 'rpc.auth.member.list',
  summary: 'The people of the partner and their roles, newest first',
  http: { method: 'GET', path: '/v1/members', status: 200 },
  permission: 'members:read',
  input: z.strictObject(listQuery(idSchema('member'))).refine(oneCursor.check, oneCursor.message),
  output: listOf(memberSchema),
  repeatable: true,
});

export const changeMemberRole = defineRequest({
  subject: 'rpc.auth.member.change-role',
  summary: 'Give a member another role. It holds within a second',
  http: { method: 'PATCH', path: '/v1/members/:id', status: 200 },
  permission: 'members:write',
  audit: { action: 'member.role_changed', object: 'input.id', shows: ['role'] },
  input: z.strictObject({ id: idSchema('member'), role: givenRoleSchema }),
  output: memberSchema,
  errors: [MEMBER_NOT_FOUND, ROLE_NOT_FOUND, ABOVE_OWN_ROLE, LAST_OWNER],
  repeatable: true,
});

export const removeMember = defineRequest({
  subject: 'rpc.auth.member.remove',
  summary: 'Remove a person from the partner. Their sessions for the partner end; keys that they made stay',
  http: { method: 'DELETE', path: '/v1/members/:id', status: 200 },
  permission: 'members:write',
  audit: { action: 'member.removed', object: 'input.id' },
  criticality: 'critical',
  input: z.strictObject({ id: idSchema('member') }),
  output: z.object({ object: z.literal('member'), id: idSchema('member'), removed: z.literal(true) }),
  errors: [MEMBER_NOT_FOUND, ABOVE_OWN_ROLE, LAST_OWNER],
});

export const transferOwnership = defineRequest({
  subject: 'rpc.auth.ownership.transfer',
  summary: 'Make another member the owner. You become an admin',
  http: { method: 'POST', path: '/v1/ownership-transfers', status: 200 },
  permission: 'ownership:write',
  audit: { action: 'ownership.transferred', object: 'input.member_id' },
  input: z.strictObject({ member_id: idSchema('member') }),
  output: z.object({
    object: z.literal('ownership_transfer'),
    owner: memberSchema,
    previous_owner: memberSchema,
  }),
  errors: [MEMBER_NOT_FOUND],
  repeatable: true,
});

export const updatePartner = defineRequest({
  subject: 'rpc.auth.partner.update',
  summary: 'Give the partner another name',
  http: { method: 'PATCH', path: '/v1/partner', status: 200 },
  permission: 'partner:write',
  audit: { action: 'partner.changed', object: 'output.id', shows: ['name'] },
  input: z.strictObject({ name: storedText(120).meta({ examples: ['Ada Energy'] }) }),
  output: partnerSchema,
  repeatable: true,
});

/** A partner that the calling person belongs to. */
export const membershipSchema = z.object({
  object: z.literal('membership'),
  id: idSchema('member'),
  partner: partnerSchema,
  ...memberRoleSchema.shape,
  joined_at: timestampSchema,
  /** Whether this session acts for the partner. */
  current: z.boolean(),
});
membershipSchema.register(NAMED_SCHEMAS, { id: 'Membership' });

export const listMemberships = defineRequest({
  subject: 'rpc.auth.membership.list',
  summary: 'The partners that you belong to, the first joined first, at most 100',
  http: { method: 'GET', path: '/v1/me/memberships', status: 200 },
  permission: 'memberships:read',
  input: z.strictObject({}),
  output: listOf(membershipSchema),
  repeatable: true,
});

export const createMembership = defineRequest({
  subject: 'rpc.auth.membership.create',
  summary: 'Register another partner, whose owner you are',
  http: { method: 'POST', path: '/v1/me/memberships', status: 201, idempotent: true },
  permission: 'memberships:write',
  audit: { action: 'partner.registered', object: 'output.id', shows: ['name'] },
  input: z.strictObject({ name: storedText(120).meta({ examples: ['Ada Energy North'] }) }),
  output: membershipSchema,
});

export const leavePartner = defineRequest({
  subject: 'rpc.auth.membership.leave',
  summary: 'Leave a partner. Your sessions for it end; keys that you made for it stay',
  http: { method: 'DELETE', path: '/v1/me/memberships/:id', status: 200 },
  permission: 'memberships:write',
  audit: { action: 'member.left', object: 'input.id' },
  criticality: 'critical',
  input: z.strictObject({ id: idSchema('member') }),
  output: z.object({ object: z.literal('membership'), id: idSchema('member'), removed: z.literal(true) }),
  errors: [MEMBER_NOT_FOUND, LAST_OWNER],
});

/** The gateway verifies this credential anew at its next call. */
export const credentialChanged = defineEvent({
  subject: 'event.auth.credential.changed',
  summary: 'What the holder of a key or session may do has changed',
  payload: z.object({ kind: z.enum(CREDENTIAL_KINDS), id: z.string(), digest: z.string() }),
  listeners: ['gateway'],
});
