import { AppError } from '@gridworks/contracts';

/**
 * Why a request went wrong, by the names and codes that such faults have everywhere: the cause of the AppError that
 * the caller gets, and what the classifier goes by. Made once; what differs stands in the AppError.
 */
const fault = (name: string, message: string, properties: Record<string, unknown> = {}): Error =>
  Object.freeze(Object.assign(new Error(message), { name, ...properties }));

/** The server said at once that nobody takes it: nothing was done. */
export const NO_RESPONDERS = fault('NoRespondersError', 'no responders', { code: '503' });
/** Silence until the deadline: it may have been done. */
export const NO_RESPONSE = fault('TimeoutError', 'timeout', { code: 'TIMEOUT' });
/** It was sent, and the connection broke before the answer came: it may have been done. */
export const CONNECTION_BROKE = fault('ConnectionError', 'disconnected', { code: 'DISCONNECT' });
/** It was taken, and then nobody was there any more: it may have been done. */
export const SERVICE_GONE = fault('ConnectionError', 'connection reset: the service has gone', {
  code: 'ECONNRESET',
});
/** It was not sent: there was no connection. */
export const NOT_CONNECTED = fault('ConnectionError', 'disconnected', { code: 'DISCONNECT' });
/** The server does not let this service ask that. */
export const NOT_PERMITTED = fault('PermissionViolationError', 'Permissions Violation', {
  code: 'PERMISSIONS_VIOLATION',
});
/** The other service answered that something which it needs is away. */
export const UNAVAILABLE_RESPONSE = fault('ServiceUnavailableError', 'answered: unavailable', {
  status: 503,
});
/** The other service answered that it ran out of time itself. */
export const LATE_RESPONSE = fault('TimeoutError', 'answered: deadline exceeded', { code: 'TIMEOUT' });
/** The other service answered something that is no answer. */
export const MALFORMED_RESPONSE = fault('InternalError', 'answered: junk');

/** Nobody answered. */
const UNANSWERED: ReadonlySet<unknown> = new Set([
  NO_RESPONDERS,
  NO_RESPONSE,
  CONNECTION_BROKE,
  SERVICE_GONE,
  NOT_CONNECTED,
  NOT_PERMITTED,
]);
/** An answer that tells of a fault which may be gone when it is asked for again. */
const RESPONSE_FAULTS: ReadonlySet<unknown> = new Set([
  UNAVAILABLE_RESPONSE,
  LATE_RESPONSE,
  MALFORMED_RESPONSE,
]);

/** Somebody answered, whatever it was. */
export const hasResponse = (error: AppError): boolean => !UNANSWERED.has(error.cause);
/** An error that is what was asked for: nothing is wrong. */
export const isBusinessError = (error: unknown): boolean =>
  error instanceof AppError && hasResponse(error) && !RESPONSE_FAULTS.has(error.cause);
