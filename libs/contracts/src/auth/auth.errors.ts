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
  title: 'A key of the API explorer cannot be replaced: it ends by itself',
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
