import { z } from 'zod';
import { defineEvent, defineRequest } from '../contract/define-contract.ts';
import { idSchema, timestampSchema } from '../values/identifiers.ts';
import { clientIpSchema, emailSchema, linkTokenSchema, newPasswordSchema } from './account-texts.ts';
import { LINK_REFUSED, PASSWORD_BREACHED, TOO_MANY_MAILS } from './auth.errors.ts';

export const confirmEmail = defineRequest({
  subject: 'rpc.auth.email.confirm',
  summary: 'Confirm an email address with the secret of the link in the mail',
  http: { method: 'POST', path: '/v1/email-confirmations', status: 200 },
  permission: 'public',
  audit: { action: 'user.email_confirmed', object: 'caller' },
  input: z.strictObject({ token: linkTokenSchema }),
  output: z.object({
    object: z.literal('email_confirmation'),
    email: z.string(),
    confirmed_at: timestampSchema,
  }),
  errors: [LINK_REFUSED],
  repeatable: true,
});

export const requestEmailConfirmation = defineRequest({
  subject: 'rpc.auth.email.request-confirmation',
  summary: 'Send the mail that confirms your address again. The old link stops working',
  http: { method: 'POST', path: '/v1/me/email-confirmation', status: 202 },
  permission: 'identity:write',
  audit: { none: 'it sends a mail to the own address and changes nothing' },
  input: z.strictObject({}),
  output: z.object({
    object: z.literal('email_confirmation'),
    email: z.string(),
    /** Null while the address is not confirmed. Then a mail is on its way. */
    confirmed_at: timestampSchema.nullable(),
  }),
  errors: [TOO_MANY_MAILS],
});

export const requestPasswordReset = defineRequest({
  subject: 'rpc.auth.password.request-reset',
  summary: 'Send a link to set another password. The response is the same for an unknown address',
  http: { method: 'POST', path: '/v1/password-resets', status: 202, addressMember: 'client_ip' },
  permission: 'public',
  audit: { none: 'anybody may ask; the mail goes to the owner of the address, and nothing changes' },
  criticality: 'critical',
  input: z.strictObject({ email: emailSchema, client_ip: clientIpSchema }),
  output: z.object({ object: z.literal('password_reset'), requested: z.literal(true) }),
  errors: [TOO_MANY_MAILS],
});

export const resetPassword = defineRequest({
  subject: 'rpc.auth.password.reset',
  summary: 'Set another password with the secret of the link. All sessions of the person end',
  http: { method: 'POST', path: '/v1/password-resets/complete', status: 200 },
  permission: 'public',
  audit: { action: 'user.password_reset', object: 'caller' },
  criticality: 'critical',
  input: z.strictObject({
    token: linkTokenSchema,
    new_password: newPasswordSchema,
  }),
  output: z.object({
    object: z.literal('password_change'),
    email: z.string(),
    changed_at: timestampSchema,
    ended_sessions: z.number().int(),
  }),
  errors: [LINK_REFUSED, PASSWORD_BREACHED],
});

/** The mails that auth sends to persons. */
export const ACCOUNT_MAILS = [
  'confirm-email',
  'reset-password',
  'password-changed',
  'invitation',
  'role-changed',
  'member-removed',
  'factor-added',
  'factor-removed',
  'recovery-code-used',
  'key-leaked',
  'domain-lapsed',
  'provisioned',
  'payment-received',
  'payment-refunded',
  'payment-failed',
  'payment-action-required',
  'payment-last-warning',
  'payment-overdue',
  'credit-expiring',
  'credit-low',
  'budget-alert',
  'auto-top-up-off',
] as const;
export type AccountMail = (typeof ACCOUNT_MAILS)[number];

/**
 * Names the mail and its occasion, never the secret of its link: the consumer makes that while it composes the
 * mail, so that no stream and no table holds it.
 */
export const accountMailRequested = defineEvent({
  subject: 'event.auth.account-mail.requested',
  summary: 'A mail to a person is to be sent',
  payload: z.object({
    mail: z.enum(ACCOUNT_MAILS),
    user_id: idSchema('user').nullable(),
    /** For a new password: the address that somebody gave, whether it has an account or not. */
    email: z.string().nullable(),
    invitation_id: idSchema('invitation').nullable(),
    /** Words that the mail shows: the partner's name, the role. */
    words: z.record(z.string(), z.string()),
  }),
  consumers: ['auth_send-account-mail'],
});
