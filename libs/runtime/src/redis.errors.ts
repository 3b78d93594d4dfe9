import { AppError, DEADLINE_EXCEEDED, UNAVAILABLE } from '@gridworks/contracts';

const retryAfterMs = 500;
/** Replies of a server that is there but cannot work yet; the command was refused. */
const notNow = /^(LOADING|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|READONLY|NOREPLICAS)\b/;
/** The client's errors, by class, for a command that was never sent. */
const notSent = ['ClientOfflineError', 'ClientClosedError'];
/** And for one that was sent, on a connection that then broke. */
const brokeUnderWay = [
  'SocketClosedUnexpectedlyError',
  'DisconnectsClientError',
  'SocketTimeoutError',
  'AbortError',
];

/** Redis is away: nothing was sent. */
export function redisAway(cause?: unknown): AppError {
  return new AppError(UNAVAILABLE, { detail: 'Redis is away', retryAfterMs, ...(cause ? { cause } : {}) });
}

/** What a failed command means for the caller. Other errors, such as Redis' own replies, stay as they are. */
export function explainRedisError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof AppError) return error;
  const kind = error.constructor.name;
  if (notNow.test(error.message) || notSent.includes(kind)) return redisAway(error);
  if (!brokeUnderWay.includes(kind)) return error;
  return new AppError(DEADLINE_EXCEEDED, { detail: 'the connection to Redis broke', cause: error });
}
