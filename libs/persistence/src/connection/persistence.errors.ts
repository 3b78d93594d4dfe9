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
  title: 'A query was made beside the transaction that is open',
});
export const TRANSACTION_ABORTED = defineError({
  code: 'PERSISTENCE.TRANSACTION_ABORTED',
  kind: 'internal',
  title: 'A statement of the transaction failed and its error was swallowed',
});

// SQLSTATEs that say "not now" about the server, not about the statement. Two letters stand for the whole class.
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
// node-postgres and its pool have no codes for these.
const LOST_MESSAGE = /^(Connection terminated|Client has encountered a connection error|Client was closed)/;
const TIMEOUT_MESSAGE = /^(Query read timeout|timeout exceeded when trying to connect|timeout expired)/;
const CLOSED_MESSAGE = /^Cannot use a pool after calling end/;

interface DriverError {
  readonly code?: string;
  readonly message: string;
}

/** The error of PostgreSQL or the socket beneath what TypeORM throws. */
function driverErrorOf(error: unknown): DriverError {
  if (error instanceof QueryFailedError) return error.driverError as DriverError;
  // By its form, since errors of sockets may come from another realm.
  const { code, message } = Object(error) as { code?: unknown; message?: unknown };
  if (typeof message !== 'string') return new Error(String(error));
  return typeof code === 'string' || code === undefined ? (error as DriverError) : { message };
}

/**
 * What went wrong on a connection. TypeORM lets go of a connection that breaks between two queries, and then says
 * of the next query only that it was let go. Parameters of the query, and rows that PostgreSQL quotes, are taken out:
 * they hold personal data, and errors end up in logs.
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

/** What PostgreSQL tells of an error beside its message: rows, keys and parameters, literally. */
const VALUE_FIELDS = ['detail', 'where', 'internalQuery'] as const;

/** Takes values out of an error of PostgreSQL. A `data_exception` (class 22) quotes the value in its message. */
function hideValues(error: unknown): void {
  if (!(error instanceof Error) || !('severity' in error)) return;
  for (const field of VALUE_FIELDS) if (field in error) Object.assign(error, { [field]: undefined });
  const { code, message, stack } = error as Error & { code?: unknown };
  if (typeof code !== 'string' || !code.startsWith('22')) return;
  error.message = message.replace(/".*"/s, '"…"');
  if (stack) error.stack = stack.replace(message, () => error.message);
}

/** The connection was lost because we cut it: what happened is that no answer came in time. */
export function cutAtDeadline(cause: unknown): Error {
  const message = 'Query read timeout: cut shortly before the deadline of the call';
  return Object.assign(new Error(message, { cause }), { code: 'ETIMEDOUT' });
}

const stateIn = (states: Set<string>, code: string | undefined): boolean =>
  code !== undefined && /^[0-9A-Z]{5}$/.test(code) && (states.has(code) || states.has(code.slice(0, 2)));

/** The connection broke under us. Not so when we gave up waiting: then it may be well and only slow. */
export function isConnectionLost(error: unknown): boolean {
  const { code, message } = driverErrorOf(error);
  return stateIn(LOST_STATES, code) || SOCKET_CODES.has(code ?? '') || LOST_MESSAGE.test(message);
}

/** The server is away, too slow or too busy; the same call may work in a moment. */
export function isAway(error: unknown): boolean {
  const { code, message } = driverErrorOf(error);
  return (
    isConnectionLost(error) ||
    stateIn(AWAY_STATES, code) ||
    TIMEOUT_MESSAGE.test(message) ||
    CLOSED_MESSAGE.test(message)
  );
}

/** PostgreSQL rolled the whole transaction back because of another one: doing it again is safe and may work. */
export function isConflict(error: unknown): boolean {
  const { code } = driverErrorOf(error);
  return code === '40001' || code === '40P01';
}

/** Waited longer than `lock_timeout` for somebody else's lock. */
export const isLockTimeout = (error: unknown): boolean => driverErrorOf(error).code === '55P03';

/** During COMMIT only: whether it may have been kept although we were not told so. */
export function isOutcomeUnknown(error: unknown): boolean {
  return isConnectionLost(error) || TIMEOUT_MESSAGE.test(driverErrorOf(error).message);
}

const lostDuringCommit = new WeakSet<object>();

/** Notes that this error ended a COMMIT in a way that `isOutcomeUnknown`. */
export function markLostDuringCommit(error: unknown): void {
  if (typeof error === 'object' && error !== null) lostDuringCommit.add(error);
}

/** COMMIT was sent and nobody said whether it was done. After every other failure PostgreSQL rolls back. */
export function isLostDuringCommit(error: unknown): boolean {
  return typeof error === 'object' && error !== null && lostDuringCommit.has(error);
}

/** What a service answers its caller on purpose. A raw error of the driver, even a constraint, is none. */
export const isBusinessError = (error: unknown): boolean =>
  error instanceof AppError && error.kind !== 'internal';

/** The server answered: it stopped a statement that took too long. */
export const isStatementTimeout = (error: unknown): boolean => driverErrorOf(error).code === '57014';

/** The server answers on this connection, and takes no writes any more: others lead to its successor. */
export const isDemoted = (error: unknown): boolean => driverErrorOf(error).code === '25006';

/** The server answers, and refuses to write: it is read-only (25006), or its disk is full (53100). */
export const isWriteRefused = (error: unknown): boolean =>
  ['25006', '53100'].includes(driverErrorOf(error).code ?? '');

/** The server answers, and says that it cannot work: no room, no memory, no connection left, or no writes. */
export const isUnfit = (error: unknown): boolean =>
  isDemoted(error) || stateIn(UNFIT_STATES, driverErrorOf(error).code);

/**
 * `UNAVAILABLE` (nothing was changed; try again after a second) for a server that is away, slow or busy. Every
 * other error as it is: a broken constraint, a bug, an `AppError`.
 */
export function toAppError(error: unknown): unknown {
  if (error instanceof GuardError) return unavailable(error);
  if (error instanceof AppError || !isAway(error)) return error;
  return unavailable(error);
}

export function unavailable(error: unknown): AppError {
  const cause = driverErrorOf(error);
  return new AppError(UNAVAILABLE, {
    detail: 'The database does not answer at the moment. Nothing was changed; try again shortly.',
    retryAfterMs: 1000,
    cause,
  });
}

/** The connection broke while COMMIT was under way: the change may have been kept or not. */
export function outcomeUnknown(cause: unknown): AppError {
  return new AppError(DEADLINE_EXCEEDED, {
    detail: 'The database did not say whether the change was kept. Look before you repeat it.',
    cause,
  });
}
