import { AppError, DEADLINE_EXCEEDED, UNAVAILABLE } from '@gridworks/contracts';
import { GuardError } from '@gridworks/resilience';

const RETRY_AFTER_MS = 500;
/** Replies of a server that runs but cannot work yet; the command was refused. */
const NOT_NOW = /^(LOADING|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|READONLY|NOREPLICAS)\b/;
/** The client's errors, by class, for a command that was never sent. */
const NOT_SENT = ['ClientOfflineError', 'ClientClosedError'];
/** The client's errors for a command that was sent, on a connection that then broke. */
const BROKE_UNDER_WAY = [
  'SocketClosedUnexpectedlyError',
  'DisconnectsClientError',
  'SocketTimeoutError',
  'AbortError',
];

/**
 * The server's reply when it refuses one command. Without `MultiErrorReply`: some of its commands were done.
 */
const REPLIES = ['ErrorReply', 'SimpleError', 'BlobError'];
/**
 * Replies to a command that counts: the entry under the key is no number, or no string at all. In a script
 * the code is not at the start.
 */
const NOT_A_COUNT = /\bWRONGTYPE\b|value is not an integer|value is not a valid float/;

/** No response in time. The command may have been done. */
export class RedisTimeoutError extends Error {
  override readonly name = 'TimeoutError';
  constructor(afterMs: number) {
    super(`Redis did not respond within ${afterMs} ms`);
  }
}

/**
 * The entry under the key does not have the form that this code writes: the entry is deleted and created
 * again.
 */
export class PoisonedEntryError extends Error {
  override readonly name = 'PoisonedEntryError';
  /**
   * Redis uses this code only for an entry of another type; a text in place of a number counts as a bad
   * argument.
   */
  readonly code = 'WRONGTYPE';
  constructor(reply: string) {
    super(`the entry under the key is corrupt: ${reply}`);
  }
}

/**
 * The same error, or a PoisonedEntryError when the reply to a command on a key of our own shows a corrupt
 * entry.
 */
export const asPoisoned = (error: unknown): unknown =>
  error instanceof Error && NOT_A_COUNT.test(error.message) ? new PoisonedEntryError(error.message) : error;

/** Whether the server sent this error: then it responds, and other calls need not be refused. */
export const isReply = (error: unknown): boolean =>
  error instanceof PoisonedEntryError || (error instanceof Error && REPLIES.includes(error.constructor.name));

/**
 * Whether the command certainly had no effect: refused by the server, or never sent. A script that fails may
 * have done a part of its work.
 */
export function leftNothing(error: unknown): boolean {
  if (error instanceof GuardError) return error.code !== 'RESILIENCE.DEADLINE_EXCEEDED';
  if (error instanceof PoisonedEntryError) return true;
  if (!(error instanceof Error)) return false;
  const kind = error.constructor.name;
  return NOT_SENT.includes(kind) || (REPLIES.includes(kind) && !/ script: /.test(error.message));
}

/** The server refuses writes: it is a replica, perhaps since a moment ago. */
export const isDemoted = (error: unknown): boolean =>
  error instanceof Error && /^(READONLY|MASTERDOWN)\b/.test(error.message);

/** Redis is away: nothing was sent. */
function redisAway(cause?: unknown): AppError {
  return new AppError(UNAVAILABLE, {
    detail: 'Redis is away',
    retryAfterMs: RETRY_AFTER_MS,
    ...(cause ? { cause } : {}),
  });
}

/**
 * The error of a failed command for the caller. Other errors, such as Redis' own replies, are returned
 * unchanged.
 */
export function explainRedisError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof AppError) return error;
  if (error instanceof RedisTimeoutError)
    return new AppError(DEADLINE_EXCEEDED, { detail: error.message, cause: error });
  const kind = error.constructor.name;
  if (error instanceof GuardError || NOT_NOW.test(error.message) || NOT_SENT.includes(kind))
    return redisAway(error);
  if (!BROKE_UNDER_WAY.includes(kind)) return error;
  return new AppError(DEADLINE_EXCEEDED, { detail: 'the connection to Redis broke', cause: error });
}
