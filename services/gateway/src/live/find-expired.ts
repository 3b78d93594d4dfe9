import type { Bus } from '@gridworks/bus';
import { AppError, CREDENTIAL_REFUSED, PARTNER_SUSPENDED, verifyCredential } from '@gridworks/contracts';

/**
 * Returns those of the given sessions that are over. A log-out arrives as an event; an expiry does not. This
 * check does not count as use of a session, so that an open stream does not prolong its session. While auth is
 * away no session is known to be over.
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
      const isOver = [CREDENTIAL_REFUSED, PARTNER_SUSPENDED].some(
        ({ code }) => error instanceof AppError && error.code === code,
      );
      if (isOver) expired.add(digest);
    }
  }
  return expired;
}
