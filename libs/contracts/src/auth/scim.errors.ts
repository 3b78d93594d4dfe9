import { defineError } from '../values/app-error.ts';

export const SCIM_TOKEN_NOT_FOUND = defineError({
  code: 'AUTH.SCIM_TOKEN_NOT_FOUND',
  kind: 'not_found',
  title: 'There is no such SCIM token',
});
export const TOO_MANY_SCIM_TOKENS = defineError({
  code: 'AUTH.TOO_MANY_SCIM_TOKENS',
  kind: 'conflict',
  title: 'A partner has at most 5 SCIM tokens: revoke one first',
});
export const SCIM_USER_NOT_FOUND = defineError({
  code: 'AUTH.SCIM_USER_NOT_FOUND',
  kind: 'not_found',
  title: 'There is no such user',
});
export const SCIM_GROUP_NOT_FOUND = defineError({
  code: 'AUTH.SCIM_GROUP_NOT_FOUND',
  kind: 'not_found',
  title: 'There is no such group',
});
/** Its detail says which member and why; `details.scim_type` is the keyword of RFC 7644, table 9. */
export const SCIM_REQUEST_REFUSED = defineError({
  code: 'AUTH.SCIM_REQUEST_REFUSED',
  kind: 'invalid_input',
  title: 'The SCIM request is not valid',
});
/** `details.scim_type` is `uniqueness`. */
export const SCIM_TAKEN = defineError({
  code: 'AUTH.SCIM_TAKEN',
  kind: 'conflict',
  title: 'There is such a user or group already',
});
export const SCIM_DOMAIN_UNVERIFIED = defineError({
  code: 'AUTH.SCIM_DOMAIN_UNVERIFIED',
  kind: 'forbidden',
  title: 'The domain of the address is not a verified domain of the partner',
});
export const SCIM_OWNER_UNTOUCHED = defineError({
  code: 'AUTH.SCIM_OWNER_UNTOUCHED',
  kind: 'forbidden',
  title: 'An owner is made and removed in the console, not by SCIM',
});
/** `details.scim_type` is `mutability`. */
export const SCIM_ACCOUNT_UNTOUCHED = defineError({
  code: 'AUTH.SCIM_ACCOUNT_UNTOUCHED',
  kind: 'conflict',
  title: 'The account was not made by this directory: only its membership is managed by SCIM',
});
