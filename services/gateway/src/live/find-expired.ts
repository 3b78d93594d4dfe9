import type { Bus } from '@gridworks/bus';
import { AppError, CREDENTIAL_REFUSED, verifyCredential } from '@gridworks/contracts';

/**
 * Those of some sessions that are over. An end by log-out arrives as an event; that a session has expired does not. Asking is
 * no use of the session, so that an open stream keeps nobody logged in. While auth is away none is known to be over.
 * @param digests lower-case hex SHA-256 of the sessions' tokens
 */
export async function findExpired(
  bus: Pick<Bus, 'request'>,
  digests: Iterable<string>,
): Promise<ReadonlySet<string>> {
  const expired = new Set<string>();
  for (const digest of new Set(digests)) {
    try {
      await bus.request(verifyCredential, { kind: 'session', digest, passive: true });
    } catch (error) {
      if (error instanceof AppError && error.code === CREDENTIAL_REFUSED.code) expired.add(digest);
    }
  }
  return expired;
}
