import { defineError } from '../values/app-error.ts';

export const APPLICATION_NOT_FOUND = defineError({
  code: 'AUTH.APPLICATION_NOT_FOUND',
  kind: 'not_found',
  title: 'There is no such application',
});
export const APPLICATION_ENDED = defineError({
  code: 'AUTH.APPLICATION_ENDED',
  kind: 'conflict',
  title: 'The application was revoked',
});
export const APPLICATION_WITHOUT_SECRET = defineError({
  code: 'AUTH.APPLICATION_WITHOUT_SECRET',
  kind: 'conflict',
  title: 'An application on the devices of its users has no secret',
});
export const TOO_MANY_APPLICATIONS = defineError({
  code: 'AUTH.TOO_MANY_APPLICATIONS',
  kind: 'conflict',
  title: 'The partner has as many applications as it can have: revoke one first',
});
export const AUTHORIZATION_NOT_FOUND = defineError({
  code: 'AUTH.AUTHORIZATION_NOT_FOUND',
  kind: 'not_found',
  title: 'There is no such request of an application in this browser, or it is over',
});
export const OTHER_PARTNERS_APPLICATION = defineError({
  code: 'AUTH.OTHER_PARTNERS_APPLICATION',
  kind: 'forbidden',
  title: 'The application does not belong to the partner that you act for',
});
