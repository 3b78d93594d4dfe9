import { AppError } from '@gridworks/contracts';

const CANNOT_CONNECT_NOW = '57P03';

/**
 * The error to throw inside of a call that waits in the queue while PostgreSQL is away. The transaction has reported
 * already why PostgreSQL does not accept the rows, such as a full disk. Here the reason does not matter: the rows have
 * to wait. So every reason becomes one error, without the cause, which would otherwise decide the strategy. Another
 * error is returned unchanged.
 */
export function waitsForPostgres(error: unknown): unknown {
  const away =
    error instanceof AppError && (error.kind === 'unavailable' || error.kind === 'deadline_exceeded');
  if (!away) return error;
  return Object.assign(new Error(`PostgreSQL does not take the rows now: ${error.message}`), {
    code: CANNOT_CONNECT_NOW,
  });
}
