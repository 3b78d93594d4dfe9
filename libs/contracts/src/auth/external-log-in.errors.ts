import { defineError } from '../values/app-error.ts';

export const PROVIDER_NOT_FOUND = defineError({
  code: 'AUTH.PROVIDER_NOT_FOUND',
  kind: 'not_found',
  title: 'There is no such log-in provider',
});
/** For an unknown, used and expired one, and for one of another browser: nobody learns which. */
export const ATTEMPT_ENDED = defineError({
  code: 'AUTH.ATTEMPT_ENDED',
  kind: 'conflict',
  title: 'This log-in was used, is over, or began in another browser; begin again',
});
export const PROVIDER_REFUSED = defineError({
  code: 'AUTH.PROVIDER_REFUSED',
  kind: 'forbidden',
  title: 'The log-in provider did not confirm who you are; begin again',
});
export const PROVIDER_UNAVAILABLE = defineError({
  code: 'AUTH.PROVIDER_UNAVAILABLE',
  kind: 'unavailable',
  title: 'The log-in provider does not respond as it should',
  retryable: true,
});
export const ADDRESS_UNVERIFIED = defineError({
  code: 'AUTH.ADDRESS_UNVERIFIED',
  kind: 'forbidden',
  title: 'The log-in provider has not verified your email address',
});
/** An account of the address exists, and one of both sides has not verified that the address is the person's. */
export const LINK_REQUIRED = defineError({
  code: 'AUTH.LINK_REQUIRED',
  kind: 'conflict',
  title:
    'An account with this email address exists: log in to it, then add this log-in at /settings/security',
});
export const IDENTITY_TAKEN = defineError({
  code: 'AUTH.IDENTITY_TAKEN',
  kind: 'conflict',
  title: 'This log-in belongs to another account already',
});
export const IDENTITY_NOT_FOUND = defineError({
  code: 'AUTH.IDENTITY_NOT_FOUND',
  kind: 'not_found',
  title: 'Your account has no such log-in',
});
