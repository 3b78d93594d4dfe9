import { defineError } from '../values/app-error.ts';

export const SSO_NOT_FOUND = defineError({
  code: 'AUTH.SSO_NOT_FOUND',
  kind: 'not_found',
  title: 'There is no single sign-on here',
});
/** The partner enforces single sign-on for the persons of its domains. */
export const SSO_REQUIRED = defineError({
  code: 'AUTH.SSO_REQUIRED',
  kind: 'forbidden',
  title: 'This partner wants you to log in with single sign-on (SSO)',
});
export const SSO_REFUSED = defineError({
  code: 'AUTH.SSO_REFUSED',
  kind: 'forbidden',
  title: 'Single sign-on does not log this person in',
});
export const SSO_NOT_TESTED = defineError({
  code: 'AUTH.SSO_NOT_TESTED',
  kind: 'conflict',
  title: 'Test the present settings of the connection first',
});
export const SSO_WITHOUT_DOMAIN = defineError({
  code: 'AUTH.SSO_WITHOUT_DOMAIN',
  kind: 'conflict',
  title: 'Verify a domain at /settings/domains first: single sign-on is for the persons of verified domains',
});
export const SSO_ENFORCED_ALREADY = defineError({
  code: 'AUTH.SSO_ENFORCED_ALREADY',
  kind: 'conflict',
  title: 'Another connection is enforced: stop that one first',
});
export const TOO_MANY_SSO_CONNECTIONS = defineError({
  code: 'AUTH.TOO_MANY_SSO_CONNECTIONS',
  kind: 'conflict',
  title: 'A partner has at most ten connections of single sign-on',
});
