import { defineError } from '../values/app-error.ts';

/** The password was right. `details.challenge` is what the second request of the log-in needs. */
export const SECOND_FACTOR_REQUIRED = defineError({
  code: 'AUTH.SECOND_FACTOR_REQUIRED',
  kind: 'unauthenticated',
  title: 'This account also needs a second factor',
});
export const SECOND_FACTOR_REFUSED = defineError({
  code: 'AUTH.SECOND_FACTOR_REFUSED',
  kind: 'unauthenticated',
  title: 'The code or passkey is wrong, or was used before',
});
/** Like `AUTH.SECOND_FACTOR_REFUSED`, for a person who is logged in and stays so. */
export const PROOF_REFUSED = defineError({
  code: 'AUTH.PROOF_REFUSED',
  kind: 'forbidden',
  title: 'The password, code or passkey is wrong, or was used before',
});
export const CHALLENGE_ENDED = defineError({
  code: 'AUTH.CHALLENGE_ENDED',
  kind: 'conflict',
  title: 'This challenge was used or is over; begin again',
});
export const STEP_UP_REQUIRED = defineError({
  code: 'AUTH.STEP_UP_REQUIRED',
  kind: 'forbidden',
  title: 'Prove again who you are: the last proof is more than ten minutes old',
});
export const SECOND_FACTOR_MISSING = defineError({
  code: 'AUTH.SECOND_FACTOR_MISSING',
  kind: 'forbidden',
  title: 'An admin here needs a second factor: add one, or log in with it',
});
export const TOTP_EXISTS = defineError({
  code: 'AUTH.TOTP_EXISTS',
  kind: 'conflict',
  title: 'An authenticator app is on file; remove it before you add another one',
});
export const TOTP_NOT_FOUND = defineError({
  code: 'AUTH.TOTP_NOT_FOUND',
  kind: 'not_found',
  title: 'There is no authenticator app on file',
});
export const PASSKEY_NOT_FOUND = defineError({
  code: 'AUTH.PASSKEY_NOT_FOUND',
  kind: 'not_found',
  title: 'There is no such passkey',
});
export const PASSKEY_INVALID = defineError({
  code: 'AUTH.PASSKEY_INVALID',
  kind: 'conflict',
  title: 'The passkey does not fit the challenge, or is on file already',
});
export const TOO_MANY_PASSKEYS = defineError({
  code: 'AUTH.TOO_MANY_PASSKEYS',
  kind: 'conflict',
  title: 'Twenty passkeys are on file; remove one before you add another one',
});
export const NO_SECOND_FACTOR = defineError({
  code: 'AUTH.NO_SECOND_FACTOR',
  kind: 'conflict',
  title: 'There is no second factor that recovery codes could replace',
});
export const TOO_FEW_WAYS = defineError({
  code: 'AUTH.TOO_FEW_WAYS',
  kind: 'conflict',
  title: 'Without a password an account needs two other ways to log in',
});
