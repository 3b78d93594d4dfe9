import { AppError, DEADLINE_EXCEEDED, UNAVAILABLE } from '@gridworks/contracts';
import { GuardError } from '@gridworks/resilience';

const RETRY_AFTER_MS = 500;
/** Replies of a server that is there but cannot work yet; the command was refused. */
const NOT_NOW = /^(LOADING|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|READONLY|NOREPLICAS)\b/;
/** The client's errors, by class, for a command that was never sent. */
const NOT_SENT = ['ClientOfflineError', 'ClientClosedError'];
/** And for one that was sent, on a connection that then broke. */
const BROKE_UNDER_WAY = [
  'SocketClosedUnexpectedlyError',
  'DisconnectsClientError',
  'SocketTimeoutError',
  'AbortError',
];

/** The server's answer to one command that it refuses. Not `MultiErrorReply`: some of its commands were done. */
const REPLIES = ['ErrorReply', 'SimpleError', 'BlobError'];
/** Of a command that counts: the entry under the key is no number, or no string at all. In a script, not at the start. */
const NOT_A_COUNT = /\bWRONGTYPE\b|value is not an integer|value is not a valid float/;

/** No answer in time. The command may have been carried out. */
export class RedisTimeoutError extends Error {
  override readonly name = 'TimeoutError';
  constructor(afterMs: number) {
    super(`Redis did not answer within ${afterMs} ms`);
  }
}

/** What stands under the key is not what this code writes there: it is thrown away and made anew. */
export class PoisonedEntryError extends Error {
  override readonly name = 'PoisonedEntryError';
  /** Redis says so only of an entry of another type, and calls a text where a number was due a bad argument. */
  readonly code = 'WRONGTYPE';
  constructor(reply: string) {
    super(`the entry is not what is written there: ${reply}`);
  }
}

/** The same error, or that the entry is poisoned, where the reply of a command on a key of our own says so. */
export const asPoisoned = (error: unknown): unknown =>
  error instanceof Error && NOT_A_COUNT.test(error.message) ? new PoisonedEntryError(error.message) : error;

/** Whether the server said this: then it answers, and nobody need be kept from it. */
export const isReply = (error: unknown): boolean =>
  error instanceof PoisonedEntryError || (error instanceof Error && REPLIES.includes(error.constructor.name));

/** Whether it surely did nothing: refused by the server, or never sent. A script that fails may have done a part. */
export function leftNothing(error: unknown): boolean {
  if (error instanceof GuardError) return error.code !== 'RESILIENCE.DEADLINE_EXCEEDED';
  if (error instanceof PoisonedEntryError) return true;
  if (!(error instanceof Error)) return false;
  const kind = error.constructor.name;
  return NOT_SENT.includes(kind) || (REPLIES.includes(kind) && !/ script: /.test(error.message));
}

/** The server takes no writes: a replica, perhaps since a moment ago. */
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

/** What a failed command means for the caller. Other errors, such as Redis' own replies, stay as they are. */
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
