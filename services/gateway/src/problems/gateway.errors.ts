import { defineError, type ErrorDefinition } from '@gridworks/contracts';

/** Errors that the gateway itself responds with, before it sends a request to a service. */
export const ROUTE_NOT_FOUND = defineError({
  code: 'GATEWAY.ROUTE_NOT_FOUND',
  kind: 'not_found',
  title: 'There is nothing at this address',
});
export const METHOD_NOT_ALLOWED = defineError({
  code: 'GATEWAY.METHOD_NOT_ALLOWED',
  kind: 'invalid_input',
  title: 'This address does not take that method',
});
export const BODY_MALFORMED = defineError({
  code: 'GATEWAY.BODY_MALFORMED',
  kind: 'invalid_input',
  title: 'The body could not be read as JSON',
});
export const BODY_TOO_LARGE = defineError({
  code: 'GATEWAY.BODY_TOO_LARGE',
  kind: 'invalid_input',
  title: 'The body is larger than this address takes',
});
export const MEDIA_TYPE_UNSUPPORTED = defineError({
  code: 'GATEWAY.MEDIA_TYPE_UNSUPPORTED',
  kind: 'invalid_input',
  title: 'Only application/json is taken',
});
export const REQUEST_MALFORMED = defineError({
  code: 'GATEWAY.REQUEST_MALFORMED',
  kind: 'invalid_input',
  title: 'The request is malformed',
});
export const EXPECTATION_FAILED = defineError({
  code: 'GATEWAY.EXPECTATION_FAILED',
  kind: 'invalid_input',
  title: 'The only expectation that is met is 100-continue',
});
export const UNKNOWN_VERSION = defineError({
  code: 'GATEWAY.UNKNOWN_VERSION',
  kind: 'invalid_input',
  title: 'This server does not speak that Portal-Version',
});
export const HEADERS_TOO_LARGE = defineError({
  code: 'GATEWAY.HEADERS_TOO_LARGE',
  kind: 'invalid_input',
  title: 'The header fields are too large',
});
export const REQUEST_TIMED_OUT = defineError({
  code: 'GATEWAY.REQUEST_TIMED_OUT',
  kind: 'invalid_input',
  title: 'The request did not arrive in time',
  retryable: true,
});
export const QUOTA_EXCEEDED = defineError({
  code: 'GATEWAY.QUOTA_EXCEEDED',
  kind: 'rate_limited',
  title: 'The request quota is used up',
  retryable: true,
});
export const TOO_MANY_OPEN_REQUESTS = defineError({
  code: 'GATEWAY.TOO_MANY_OPEN_REQUESTS',
  kind: 'rate_limited',
  title: 'This caller has too many requests open at once',
  retryable: true,
});
export const OVERLOADED = defineError({
  code: 'GATEWAY.OVERLOADED',
  kind: 'unavailable',
  title: 'More calls are under way than can be served in time',
  retryable: true,
});
export const METERING_UNAVAILABLE = defineError({
  code: 'GATEWAY.METERING_UNAVAILABLE',
  kind: 'unavailable',
  title: 'Metered calls cannot be recorded now',
  retryable: true,
});
export const METERING_FAILED = defineError({
  code: 'GATEWAY.METERING_FAILED',
  kind: 'deadline_exceeded',
  title: 'The call was made and could not be recorded',
  retryable: true,
});
export const CROSS_SITE = defineError({
  code: 'GATEWAY.CROSS_SITE',
  kind: 'forbidden',
  title: 'A session by cookie is for pages of this origin only',
});
export const CSRF_TOKEN_WRONG = defineError({
  code: 'GATEWAY.CSRF_TOKEN',
  kind: 'forbidden',
  title: 'The CSRF-Token of this session is missing or wrong',
});
export const SCANNER_REFUSED = defineError({
  code: 'GATEWAY.SCANNER_REFUSED',
  kind: 'forbidden',
  title: 'The report is not signed by a known secret scanner',
});
export const TOO_MANY_STREAMS = defineError({
  code: 'GATEWAY.TOO_MANY_STREAMS',
  kind: 'unavailable',
  title: 'Too many event streams are open',
  retryable: true,
});

export const GATEWAY_ERRORS: readonly ErrorDefinition[] = [
  ROUTE_NOT_FOUND,
  METHOD_NOT_ALLOWED,
  BODY_MALFORMED,
  BODY_TOO_LARGE,
  MEDIA_TYPE_UNSUPPORTED,
  REQUEST_MALFORMED,
  EXPECTATION_FAILED,
  UNKNOWN_VERSION,
  HEADERS_TOO_LARGE,
  REQUEST_TIMED_OUT,
  QUOTA_EXCEEDED,
  TOO_MANY_OPEN_REQUESTS,
  OVERLOADED,
  METERING_UNAVAILABLE,
  METERING_FAILED,
  CROSS_SITE,
  CSRF_TOKEN_WRONG,
  SCANNER_REFUSED,
  TOO_MANY_STREAMS,
];
