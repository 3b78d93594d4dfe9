import { defineError } from '../values/app-error.ts';

export const EMAIL_TAKEN = defineError({
  code: 'AUTH.EMAIL_TAKEN',
  kind: 'conflict',
  title: 'An account with this email address exists',
});
export const LOGIN_REFUSED = defineError({
  code: 'AUTH.LOGIN_REFUSED',
  kind: 'unauthenticated',
  title: 'Email address or password is wrong',
});
export const TOO_MANY_LOGINS = defineError({
  code: 'AUTH.TOO_MANY_LOGINS',
  kind: 'rate_limited',
  title: 'Too many login attempts',
  retryable: true,
});
export const TOO_MANY_REGISTRATIONS = defineError({
  code: 'AUTH.TOO_MANY_REGISTRATIONS',
  kind: 'rate_limited',
  title: 'Too many registrations from one network',
  retryable: true,
});
export const CREDENTIAL_REFUSED = defineError({
  code: 'AUTH.CREDENTIAL_REFUSED',
  kind: 'unauthenticated',
  title: 'The key or session is not valid',
});
export const SESSION_NOT_FOUND = defineError({
  code: 'AUTH.SESSION_NOT_FOUND',
  kind: 'not_found',
  title: 'There is no such session',
});
export const API_KEY_NOT_FOUND = defineError({
  code: 'AUTH.API_KEY_NOT_FOUND',
  kind: 'not_found',
  title: 'There is no such API key',
});
export const API_KEY_ENDED = defineError({
  code: 'AUTH.API_KEY_ENDED',
  kind: 'conflict',
  title: 'The API key was revoked, has expired or was replaced already',
});
export const API_KEY_NOT_ROTATABLE = defineError({
  code: 'AUTH.API_KEY_NOT_ROTATABLE',
  kind: 'conflict',
  title: 'A key of the API explorer is neither replaced nor changed: it ends by itself',
});
export const API_KEY_TAKEN = defineError({
  code: 'AUTH.API_KEY_TAKEN',
  kind: 'conflict',
  title: 'A key of the list exists already; none was imported',
});
export const NETWORK_NOT_ALLOWED = defineError({
  code: 'AUTH.NETWORK_NOT_ALLOWED',
  kind: 'forbidden',
  title: 'This key is not accepted from this network',
});
export const PARTNER_NOT_FOUND = defineError({
  code: 'AUTH.PARTNER_NOT_FOUND',
  kind: 'not_found',
  title: 'There is no such partner',
});
export const AUDIT_ENTRY_NOT_FOUND = defineError({
  code: 'AUTH.AUDIT_ENTRY_NOT_FOUND',
  kind: 'not_found',
  title: 'There is no such entry in the audit log',
});
export const PARTNER_SUSPENDED = defineError({
  code: 'AUTH.PARTNER_SUSPENDED',
  kind: 'forbidden',
  title: 'GridWorks has suspended this partner; write to its support to be resumed. Your data is kept',
});
export const SUPPORT_ACCESS_NOT_FOUND = defineError({
  code: 'AUTH.SUPPORT_ACCESS_NOT_FOUND',
  kind: 'not_found',
  title: 'There is no such support access',
});
export const NO_SUPPORT_ACCESS = defineError({
  code: 'AUTH.NO_SUPPORT_ACCESS',
  kind: 'forbidden',
  title: 'The partner has not granted support access: an owner does so at /support-access',
});
export const MEMBER_NOT_FOUND = defineError({
  code: 'AUTH.MEMBER_NOT_FOUND',
  kind: 'not_found',
  title: 'The partner has no such member',
});
export const ALREADY_MEMBER = defineError({
  code: 'AUTH.ALREADY_MEMBER',
  kind: 'conflict',
  title: 'This person is a member of the partner already',
});
export const LAST_OWNER = defineError({
  code: 'AUTH.LAST_OWNER',
  kind: 'conflict',
  title: 'A partner has at least one owner: make another person the owner first',
});
export const ABOVE_OWN_ROLE = defineError({
  code: 'AUTH.ABOVE_OWN_ROLE',
  kind: 'forbidden',
  title: 'Nobody gives or takes a role that may do more than their own',
});
export const ROLE_NOT_FOUND = defineError({
  code: 'AUTH.ROLE_NOT_FOUND',
  kind: 'not_found',
  title: 'The partner has no such role',
});
export const ROLE_NAME_TAKEN = defineError({
  code: 'AUTH.ROLE_NAME_TAKEN',
  kind: 'conflict',
  title: 'The partner has a role with this name already',
});
export const ROLE_IN_USE = defineError({
  code: 'AUTH.ROLE_IN_USE',
  kind: 'conflict',
  title: 'Members or invitations have this role: give them another one first',
});
export const INVITATION_NOT_FOUND = defineError({
  code: 'AUTH.INVITATION_NOT_FOUND',
  kind: 'not_found',
  title: 'There is no such open invitation',
});
export const ALREADY_INVITED = defineError({
  code: 'AUTH.ALREADY_INVITED',
  kind: 'conflict',
  title: 'This address has an open invitation already: resend or revoke it',
});
export const TOO_MANY_INVITATIONS = defineError({
  code: 'AUTH.TOO_MANY_INVITATIONS',
  kind: 'rate_limited',
  title: 'The partner has too many open invitations, or has sent too many lately',
  retryable: true,
});
export const LINK_REFUSED = defineError({
  code: 'AUTH.LINK_REFUSED',
  kind: 'invalid_input',
  title: 'The link is wrong, was used already, or has expired: request another one',
});
export const INVITED_ANOTHER = defineError({
  code: 'AUTH.INVITED_ANOTHER',
  kind: 'forbidden',
  title: 'The invitation is for another address: log in as that person',
});
export const PLATFORM_PERSON = defineError({
  code: 'AUTH.PLATFORM_PERSON',
  kind: 'conflict',
  title: 'People of GridWorks belong to no partner, and people of a partner have no role of GridWorks',
});
export const PASSWORD_BREACHED = defineError({
  code: 'AUTH.PASSWORD_BREACHED',
  kind: 'invalid_input',
  title: 'This password is in lists of stolen passwords: choose another one',
});
export const TOO_MANY_MAILS = defineError({
  code: 'AUTH.TOO_MANY_MAILS',
  kind: 'rate_limited',
  title: 'Too many mails were requested for this address',
  retryable: true,
});
export const NOT_A_BROWSER = defineError({
  code: 'AUTH.NOT_A_BROWSER',
  kind: 'conflict',
  title:
    'Only the session of a browser is switched: log in with partner_id to get a token for another partner',
});
