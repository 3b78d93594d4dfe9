import {
  type AppError,
  BUDGET_REACHED,
  type ErrorKind,
  type InputProblem,
  SECOND_FACTOR_REQUIRED,
} from '@gridworks/contracts';
import { redactText } from '@gridworks/redaction';
import {
  BODY_TOO_LARGE,
  EXPECTATION_FAILED,
  HEADERS_TOO_LARGE,
  MEDIA_TYPE_UNSUPPORTED,
  METHOD_NOT_ALLOWED,
  QUOTA_EXCEEDED,
  REQUEST_TIMED_OUT,
} from './gateway.errors.ts';

export const PROBLEM_TYPE = 'application/problem+json';

/** RFC 9457 with additional members. `retry_after` is in whole seconds, like the header of the same name. */
export interface ProblemDetails {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
  readonly code: string;
  readonly request_id: string;
  readonly errors?: readonly InputProblem[];
  readonly retry_after?: number;
  readonly 'violated-policies'?: readonly string[];
  /** With `AUTH.SECOND_FACTOR_REQUIRED`: a `LogInChallenge` of the contracts. */
  readonly challenge?: unknown;
}

const STATUS_BY_KIND: Readonly<Record<ErrorKind, number>> = {
  invalid_input: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  unprocessable: 422,
  rate_limited: 429,
  unavailable: 503,
  deadline_exceeded: 503,
  internal: 500,
};

/** Codes with a more specific HTTP status than their kind. */
const statusByCode: ReadonlyMap<string, number> = new Map([
  [BUDGET_REACHED.code, 402],
  [METHOD_NOT_ALLOWED.code, 405],
  [REQUEST_TIMED_OUT.code, 408],
  [BODY_TOO_LARGE.code, 413],
  [MEDIA_TYPE_UNSUPPORTED.code, 415],
  [EXPECTATION_FAILED.code, 417],
  [HEADERS_TOO_LARGE.code, 431],
]);

const REGISTRY = 'https://iana.org/assignments/http-problem-types';

/** The HTTP status of an error of the catalogue. An outage is always 503, never 500. */
export function statusOf(error: { code: string; kind: ErrorKind }): number {
  return statusByCode.get(error.code) ?? STATUS_BY_KIND[error.kind];
}

/**
 * The problem type: the one that IANA registered for 429 and 503, else the page of the code at this gateway.
 */
export function problemTypeOf(error: { code: string; kind: ErrorKind }): string {
  const status = statusOf(error);
  if (status === 503) return `${REGISTRY}#temporary-reduced-capacity`;
  if (error.code === QUOTA_EXCEEDED.code) return `${REGISTRY}#quota-exceeded`;
  if (status === 429) return `${REGISTRY}#abnormal-usage-detected`;
  return `/problems/${error.code}`;
}

/**
 * Makes an error into the response body for the caller. `instance` is the path of the request. The detail of
 * an internal error is not sent: it names parts of the system. Secrets in the request are not sent back.
 */
export function problemDetails(
  error: AppError,
  occurrence: { requestId: string; instance: string },
): ProblemDetails {
  const status = statusOf(error);
  const violated = error.details?.['violated-policies'];
  return {
    type: problemTypeOf(error),
    title: error.title,
    status,
    detail: detailOf(error),
    instance: redactText(occurrence.instance),
    code: error.code,
    request_id: occurrence.requestId,
    ...(error.problems?.length ? { errors: error.problems.map(withoutSecrets) } : {}),
    ...retryAfter(error, status),
    ...(Array.isArray(violated) ? { 'violated-policies': violated as string[] } : {}),
    ...(error.code === SECOND_FACTOR_REQUIRED.code ? { challenge: error.details?.challenge } : {}),
  };
}

const withoutSecrets = ({ detail, pointer }: InputProblem): InputProblem => ({
  detail: redactText(detail),
  pointer: redactText(pointer),
});

function detailOf(error: AppError): string {
  switch (error.kind) {
    case 'internal':
      return 'Quote the request id when you contact support.';
    case 'unavailable':
      return 'Nothing was done. Try again after the time in retry_after.';
    case 'deadline_exceeded':
      return 'The call may have been done all the same. Try again after the time in retry_after.';
    default:
      return redactText(error.message);
  }
}

function retryAfter(error: AppError, status: number): { retry_after?: number } {
  if (error.retryAfterMs !== undefined)
    return { retry_after: Math.max(1, Math.ceil(error.retryAfterMs / 1000)) };
  return status === 503 || status === 429 ? { retry_after: 1 } : {};
}
