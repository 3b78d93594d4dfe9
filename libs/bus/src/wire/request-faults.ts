import { AppError } from '@gridworks/contracts';

/**
 * The reason why a request failed, by the usual names and codes of such faults: the cause of the AppError
 * that the caller gets, and the input of the classifier. Each cause is one shared object; the details of a
 * request are in its AppError.
 */
const fault = (name: string, message: string, properties: Record<string, unknown> = {}): Error =>
  Object.freeze(Object.assign(new Error(message), { name, ...properties }));

/** The server reported at once that no instance takes the request: nothing was done. */
export const NO_RESPONDERS = fault('NoRespondersError', 'no responders', { code: '503' });
/** No response until the deadline: the work may have been done. */
export const NO_RESPONSE = fault('TimeoutError', 'timeout', { code: 'TIMEOUT' });
/** The request was sent, and the connection broke before the response came: the work may have been done. */
export const CONNECTION_BROKE = fault('ConnectionError', 'disconnected', { code: 'DISCONNECT' });
/** An instance took the request, and then no instance was there any more: the work may have been done. */
export const SERVICE_GONE = fault('ConnectionError', 'connection reset: the service has gone', {
  code: 'ECONNRESET',
});
/** The request was not sent: there was no connection. */
export const NOT_CONNECTED = fault('ConnectionError', 'disconnected', { code: 'DISCONNECT' });
/** The server does not permit this service to send the request. */
export const NOT_PERMITTED = fault('PermissionViolationError', 'Permissions Violation', {
  code: 'PERMISSIONS_VIOLATION',
});
/** The other service responded that a dependency of its own is away. */
export const UNAVAILABLE_RESPONSE = fault('ServiceUnavailableError', 'answered: unavailable', {
  status: 503,
});
/** The other service responded that it ran out of time itself. */
export const LATE_RESPONSE = fault('TimeoutError', 'answered: deadline exceeded', { code: 'TIMEOUT' });
/** The other service sent an invalid response. */
export const MALFORMED_RESPONSE = fault('InternalError', 'answered: junk');

/** Nothing responded. */
const UNANSWERED: ReadonlySet<unknown> = new Set([
  NO_RESPONDERS,
  NO_RESPONSE,
  CONNECTION_BROKE,
  SERVICE_GONE,
  NOT_CONNECTED,
  NOT_PERMITTED,
]);
/** A response that reports a fault which may be gone at the next attempt. */
const RESPONSE_FAULTS: ReadonlySet<unknown> = new Set([
  UNAVAILABLE_RESPONSE,
  LATE_RESPONSE,
  MALFORMED_RESPONSE,
]);

/** Something responded, with success or an error. */
export const hasResponse = (error: AppError): boolean => !UNANSWERED.has(error.cause);
/** An error that is the right response to the request: nothing is wrong. */
export const isBusinessError = (error: unknown): boolean =>
  error instanceof AppError && hasResponse(error) && !RESPONSE_FAULTS.has(error.cause);
