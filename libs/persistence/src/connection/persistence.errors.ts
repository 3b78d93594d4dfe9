import { AppError, DEADLINE_EXCEEDED, defineError, UNAVAILABLE } from '@gridworks/contracts';
import { GuardError } from '@gridworks/resilience';
import {
  QueryFailedError,
  QueryRunnerAlreadyReleasedError,
  QueryRunnerProviderAlreadyReleasedError,
} from 'typeorm';

export const OUTSIDE_TRANSACTION = defineError({
  code: 'PERSISTENCE.OUTSIDE_TRANSACTION',
  kind: 'internal',
  title: 'A query was made outside of the open transaction',
});
export const TRANSACTION_ABORTED = defineError({
  code: 'PERSISTENCE.TRANSACTION_ABORTED',
  kind: 'internal',
  title: 'A statement of the transaction failed and its error was ignored',
});

// SQLSTATEs that report a temporary state of the server, not a fault of the statement. Two letters stand for
// the whole class.
const AWAY_STATES = new Set([
  '08', // connection exceptions
  '53', // out of connections, memory or disk
  '57P01', // admin shutdown, also pg_terminate_backend
  '57P02', // crash shutdown
  '57P03', // starting up or shutting down
  '57P05', // idle session timeout
  '57014', // statement timeout
  '55P03', // lock timeout
  '25P03', // idle in transaction for too long
  '25006', // read only: a standby that is about to take over
  '40001', // serialization failure, after all retries
  '40P01', // deadlock, after all retries
]);
const LOST_STATES = new Set(['08', '57P01', '57P02', '57P03', '57P05', '25P03']);
const UNFIT_STATES = new Set(['53']);
const SOCKET_CODES = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'ENOENT'],
  ...['EHOSTUNREACH', 'ENETUNREACH', 'ENETDOWN', 'ENOTFOUND', 'EAI_AGAIN'],
]);
/** The server responds, and the schema of the service is not migrated yet. */
export class SchemaNotReadyError extends Error {
  override readonly name = 'SchemaNotReadyError';
}

// node-postgres and its pool have no codes for these errors.
const LOST_MESSAGE = /^(Connection terminated|Client has encountered a connection error|Client was closed)/;
const TIMEOUT_MESSAGE = /^(Query read timeout|timeout exceeded when trying to connect|timeout expired)/;
const CLOSED_MESSAGE = /^Cannot use a pool after calling end/;

interface DriverError {
  readonly code?: string;
  readonly message: string;
}

/** The error of PostgreSQL or of the socket inside an error of TypeORM. */
function driverErrorOf(error: unknown): DriverError {
  if (error instanceof QueryFailedError) return error.driverError as DriverError;
  // Recognised by its form, since errors of sockets may come from another realm.
  const { code, message } = Object(error) as { code?: unknown; message?: unknown };
  if (typeof message !== 'string') return new Error(String(error));
  return typeof code === 'string' || code === undefined ? (error as DriverError) : { message };
}

/**
 * The error that broke a connection. TypeORM releases a connection that breaks between two queries, and then
 * reports for the next query only that the connection was released. Parameters of the query, and rows that
 * PostgreSQL quotes, are removed: they contain personal data, and errors end up in logs.
 */
export function errorOnConnection(error: unknown, wasReleased: boolean): unknown {
  hideValues(error);
  if (error instanceof QueryFailedError) {
    Object.assign(error, { parameters: undefined });
    hideValues(error.driverError);
  }
  const refused =
    error instanceof QueryRunnerAlreadyReleasedError ||
    error instanceof QueryRunnerProviderAlreadyReleasedError;
  return refused && wasReleased
    ? Object.assign(new Error('Connection terminated between two queries', { cause: error }), {
        code: '08006',
      })
    : error;
}

/** The fields of a PostgreSQL error that contain rows, keys and parameters literally. */
const VALUE_FIELDS = ['detail', 'where', 'internalQuery'] as const;

/**
 * Removes values from an error of PostgreSQL. A `data_exception` (class 22) quotes the value in its message.
 */
function hideValues(error: unknown): void {
  if (!(error instanceof Error) || !('severity' in error)) return;
  for (const field of VALUE_FIELDS) if (field in error) Object.assign(error, { [field]: undefined });
  const { code, message, stack } = error as Error & { code?: unknown };
  if (typeof code !== 'string' || !code.startsWith('22')) return;
  error.message = message.replace(/".*"/s, '"…"');
  if (stack) error.stack = stack.replace(message, () => error.message);
}

/** This process cut the connection: the actual fault is that no response came in time. */
export function cutAtDeadline(cause: unknown): Error {
  const message = 'Query read timeout: cut shortly before the deadline of the call';
  return Object.assign(new Error(message, { cause }), { code: 'ETIMEDOUT' });
}

const stateIn = (states: Set<string>, code: string | undefined): boolean =>
  code !== undefined && /^[0-9A-Z]{5}$/.test(code) && (states.has(code) || states.has(code.slice(0, 2)));

/**
 * The connection broke. False when this process gave up waiting: then the connection may be healthy and only
 * slow.
 */
export function isConnectionLost(error: unknown): boolean {
  const { code, message } = driverErrorOf(error);
  return stateIn(LOST_STATES, code) || SOCKET_CODES.has(code ?? '') || LOST_MESSAGE.test(message);
}

/** The server is away, too slow or too busy; the same call may work a moment later. */
export function isAway(error: unknown): boolean {
  const { code, message } = driverErrorOf(error);
  return (
    isConnectionLost(error) ||
    stateIn(AWAY_STATES, code) ||
    TIMEOUT_MESSAGE.test(message) ||
    CLOSED_MESSAGE.test(message)
  );
}

/** PostgreSQL rolled the whole transaction back because of another one: repeating it is safe and may work. */
export function isConflict(error: unknown): boolean {
  const { code } = driverErrorOf(error);
  return code === '40001' || code === '40P01';
}

/** `in_failed_sql_transaction`: an earlier statement failed, and the work continued. */
export const isInFailedTransaction = (error: unknown): boolean => driverErrorOf(error).code === '25P02';

/** The statement waited longer than `lock_timeout` for a lock of another transaction. */
export const isLockTimeout = (error: unknown): boolean => driverErrorOf(error).code === '55P03';

/** During COMMIT only: whether the change may have been committed without a confirmation. */
export function isOutcomeUnknown(error: unknown): boolean {
  return isConnectionLost(error) || TIMEOUT_MESSAGE.test(driverErrorOf(error).message);
}

const lostDuringCommit = new WeakSet<object>();

/** Marks an error that ended a COMMIT in a way that `isOutcomeUnknown`. */
export function markLostDuringCommit(error: unknown): void {
  if (typeof error === 'object' && error !== null) lostDuringCommit.add(error);
}

/** COMMIT was sent and its outcome is unknown. After every other failure PostgreSQL rolls back. */
export function isLostDuringCommit(error: unknown): boolean {
  return typeof error === 'object' && error !== null && lostDuringCommit.has(error);
}

/**
 * An error that a service returns to its caller on purpose. A raw error of the driver, even of a constraint,
 * is none.
 */
export const isBusinessError = (error: unknown): boolean =>
  error instanceof AppError && error.kind !== 'internal';

/** The server responds: it stopped a statement that took too long. */
export const isStatementTimeout = (error: unknown): boolean => driverErrorOf(error).code === '57014';

/**
 * The server responds on this connection, and does not accept writes any more: new connections lead to its
 * successor.
 */
export const isDemoted = (error: unknown): boolean => driverErrorOf(error).code === '25006';

/** The server responds, and refuses to write: it is read-only (25006), or its disk is full (53100). */
export const isWriteRefused = (error: unknown): boolean =>
  ['25006', '53100'].includes(driverErrorOf(error).code ?? '');

/**
 * The server responds, and reports that it cannot work: no disk space, no memory, no connection left, or no
 * writes.
 */
export const isUnfit = (error: unknown): boolean =>
  isDemoted(error) || stateIn(UNFIT_STATES, driverErrorOf(error).code);

/**
 * `UNAVAILABLE` (nothing was changed; try again after a second) for a server that is away, slow or busy.
 * Every other error is returned unchanged: a violated constraint, a bug, an `AppError`.
 */
export function toAppError(error: unknown): unknown {
  if (error instanceof GuardError) return unavailable(error);
  if (error instanceof AppError || !isAway(error)) return error;
  return unavailable(error);
}

export function unavailable(error: unknown): AppError {
  const cause = driverErrorOf(error);
  return new AppError(UNAVAILABLE, {
    detail: 'The database does not respond at the moment. Nothing was changed; try again shortly.',
    retryAfterMs: 1000,
    cause,
  });
}

/** The connection broke during COMMIT: the change may or may not have been committed. */
export function outcomeUnknown(cause: unknown): AppError {
  return new AppError(DEADLINE_EXCEEDED, {
    detail:
      'The database did not confirm whether the change was committed. Check before you repeat the request.',
    cause,
  });
}
