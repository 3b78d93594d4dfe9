import type { AppError } from '@gridworks/contracts';
import { BODY_MALFORMED } from './gateway.errors.ts';
import type { ProblemDetails } from './problem-details.ts';

export const SCIM_TYPE = 'application/scim+json; charset=utf-8';
const SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:Error';

/** The error body of RFC 7644, 3.12. */
export interface ScimError {
  readonly schemas: readonly [typeof SCHEMA];
  readonly status: string;
  readonly scimType?: string;
  readonly detail: string;
}

export const isScimAddress = (url: string): boolean => /^\/scim(?:[/?]|$)/.test(url);

/** An error of the catalogue for a SCIM client: the same status and detail as in the problem document. */
export function scimError(error: AppError, { status, detail }: ProblemDetails): ScimError {
  const given = error.details?.scim_type;
  const scimType =
    typeof given === 'string' ? given : error.code === BODY_MALFORMED.code ? 'invalidSyntax' : undefined;
  return { schemas: [SCHEMA], status: String(status), ...(scimType ? { scimType } : {}), detail };
}
