import { AppError, SCIM_REQUEST_REFUSED, SCIM_TAKEN } from '@gridworks/contracts';

/** What is wrong with a request, in the words of RFC 7644, table 9. */
export type ScimType =
  | 'invalidFilter'
  | 'invalidPath'
  | 'invalidSyntax'
  | 'invalidValue'
  | 'noTarget'
  | 'tooMany';

/** The error of a request that is not valid. */
export const refusal = (scimType: ScimType, detail: string): AppError =>
  new AppError(SCIM_REQUEST_REFUSED, { detail, details: { scim_type: scimType } });

/** The error of a name that another user or group of the partner has. */
export const taken = (detail: string): AppError =>
  new AppError(SCIM_TAKEN, { detail, details: { scim_type: 'uniqueness' } });
