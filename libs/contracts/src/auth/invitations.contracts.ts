import { z } from 'zod';
import { defineRequest } from '../contract/define-contract.ts';
import { listOf, listQuery, oneCursor } from '../contract/list.ts';
import { NAMED_SCHEMAS } from '../contract/named-schemas.ts';
import { PARTNER_ROLES, PLATFORM_ROLES } from '../contract/permissions.ts';
import { idSchema, timestampSchema } from '../values/identifiers.ts';
import { storedText } from '../values/text.ts';
import { emailSchema, linkTokenSchema, newPasswordSchema } from './account-texts.ts';
import { userSchema } from './auth.contracts.ts';
import {
  ABOVE_OWN_ROLE,
  ALREADY_INVITED,
  ALREADY_MEMBER,
  EMAIL_TAKEN,
  INVITATION_NOT_FOUND,
  INVITED_ANOTHER,
  LINK_REFUSED,
  PASSWORD_BREACHED,
  PLATFORM_PERSON,
  ROLE_NOT_FOUND,
  TOO_MANY_INVITATIONS,
} from './auth.errors.ts';
import { givenRoleSchema, membershipSchema } from './members.contracts.ts';

/** An invitation that was neither accepted nor revoked. */
export const invitationSchema = z.object({
  object: z.literal('invitation'),
  id: idSchema('invitation'),
  email: z.string(),
  role: z.enum([...PARTNER_ROLES, 'custom', ...PLATFORM_ROLES]),
  custom_role: z.object({ id: idSchema('role'), name: z.string() }).nullable(),
  invited_by: z.object({ user_id: idSchema('user'), email: z.string() }),
  created_at: timestampSchema,
  expires_at: timestampSchema,
  expired: z.boolean(),
  /** When a mail server took the newest mail with the link. Null until then. */
  sent_at: timestampSchema.nullable(),
});
invitationSchema.register(NAMED_SCHEMAS, { id: 'Invitation' });

const expiresInDays = z
  .number()
  .int()
  .min(1)
  .max(30)
  .default(7)
  .describe('For how many days the link works.');

export const createInvitation = defineRequest({
  subject: 'rpc.auth.invitation.create',
  summary: 'Invite a person to the partner by mail',
  http: { method: 'POST', path: '/v1/invitations', status: 201, idempotent: true },
  permission: 'members:write',
  audit: { action: 'invitation.created', object: 'output.id', shows: ['role'] },
  input: z.strictObject({ email: emailSchema, role: givenRoleSchema, expires_in_days: expiresInDays }),
  output: invitationSchema,
  errors: [ALREADY_INVITED, ALREADY_MEMBER, ROLE_NOT_FOUND, ABOVE_OWN_ROLE, TOO_MANY_INVITATIONS],
});

export const listInvitations = defineRequest({
  subject: 'rpc.auth.invitation.list',
  summary: 'The open invitations of the partner, newest first',
  http: { method: 'GET', path: '/v1/invitations', status: 200 },
  permission: 'members:read',
  input: z.strictObject(listQuery(idSchema('invitation'))).refine(oneCursor.check, oneCursor.message),
  output: listOf(invitationSchema),
  repeatable: true,
});

export const resendInvitation = defineRequest({
  subject: 'rpc.auth.invitation.resend',
  summary: 'Send the mail again, with a new link and a new term. The old link stops working',
  http: { method: 'POST', path: '/v1/invitations/:id/resend', status: 200 },
  permission: 'members:write',
  audit: { action: 'invitation.resent', object: 'input.id' },
  input: z.strictObject({ id: idSchema('invitation'), expires_in_days: expiresInDays }),
  output: invitationSchema,
  errors: [INVITATION_NOT_FOUND, ABOVE_OWN_ROLE, TOO_MANY_INVITATIONS],
});

export const revokeInvitation = defineRequest({
  subject: 'rpc.auth.invitation.revoke',
  summary: 'Revoke an open invitation. Its link stops working at once',
  http: { method: 'DELETE', path: '/v1/invitations/:id', status: 200 },
  permission: 'members:write',
  audit: { action: 'invitation.revoked', object: 'input.id' },
  input: z.strictObject({ id: idSchema('invitation') }),
  output: z.object({ object: z.literal('invitation'), id: idSchema('invitation'), revoked: z.literal(true) }),
  errors: [INVITATION_NOT_FOUND],
});

/** By the holder of the link, who has shown to read the mail of that address. */
export const readInvitation = defineRequest({
  subject: 'rpc.auth.invitation.read',
  summary: 'What an invitation is for, by the secret of its link',
  http: { method: 'POST', path: '/v1/invitations/read', status: 200 },
  permission: 'public',
  audit: { none: 'it only shows the invitation to who has its link' },
  input: z.strictObject({ token: linkTokenSchema }),
  output: z.object({
    object: z.literal('invitation_letter'),
    email: z.string(),
    /** Null for an invitation to GridWorks itself. */
    partner_name: z.string().nullable(),
    role_name: z.string(),
    invited_by: z.string(),
    expires_at: timestampSchema,
    /** Whether the address has an account: the person logs in to join. Otherwise a password makes one. */
    has_account: z.boolean(),
  }),
  errors: [LINK_REFUSED],
  repeatable: true,
});

export const acceptInvitation = defineRequest({
  subject: 'rpc.auth.invitation.accept',
  summary: 'Accept an invitation with a new account. The address counts as confirmed',
  http: { method: 'POST', path: '/v1/invitations/accept', status: 201 },
  permission: 'public',
  audit: { action: 'invitation.accepted', object: 'output.user.id' },
  input: z.strictObject({
    token: linkTokenSchema,
    password: newPasswordSchema,
    name: storedText(120).optional(),
  }),
  output: z.object({ object: z.literal('accepted_invitation'), user: userSchema }),
  errors: [LINK_REFUSED, EMAIL_TAKEN, PASSWORD_BREACHED],
});

export const joinPartner = defineRequest({
  subject: 'rpc.auth.invitation.join',
  summary: 'Accept an invitation with the account that you are logged in with',
  http: { method: 'POST', path: '/v1/invitations/join', status: 200 },
  permission: 'memberships:write',
  audit: { action: 'invitation.accepted', object: 'caller' },
  input: z.strictObject({ token: linkTokenSchema }),
  output: membershipSchema,
  errors: [LINK_REFUSED, INVITED_ANOTHER, ALREADY_MEMBER, PLATFORM_PERSON],
});

export const invitePlatformPerson = defineRequest({
  subject: 'rpc.auth.platform-invitation.create',
  summary: 'Invite a person to GridWorks with a role of the platform',
  http: { method: 'POST', path: '/v1/admin/invitations', status: 201, idempotent: true },
  permission: 'platform-people:write',
  audit: { action: 'invitation.created', object: 'output.id', shows: ['role'] },
  input: z.strictObject({
    email: emailSchema,
    role: z.enum(PLATFORM_ROLES).meta({ examples: ['platform_sre'] }),
    expires_in_days: expiresInDays,
  }),
  output: invitationSchema,
  errors: [ALREADY_INVITED, EMAIL_TAKEN, TOO_MANY_INVITATIONS],
});

export const changePlatformRole = defineRequest({
  subject: 'rpc.auth.platform-role.change',
  summary: 'Give a person of GridWorks another role of the platform, or none: their sessions end',
  http: { method: 'PATCH', path: '/v1/admin/users/:id', status: 200 },
  permission: 'platform-people:write',
  audit: { action: 'user.platform_role_changed', object: 'input.id', shows: ['platform_role'] },
  input: z.strictObject({
    id: idSchema('user'),
    platform_role: z
      .enum(PLATFORM_ROLES)
      .nullable()
      .meta({ examples: ['platform_sre'] }),
  }),
  output: userSchema,
  errors: [PLATFORM_PERSON],
  repeatable: true,
});
