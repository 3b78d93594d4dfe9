import type { Bus } from '@gridworks/bus';
import {
  AppError,
  CREDENTIAL_REFUSED,
  PARTNER_SUSPENDED,
  type Principal,
  verifyCredential,
} from '@gridworks/contracts';
import type { Watcher } from './open-streams.ts';

/**
 * Returns the digests of those sessions that are over, or that act for another partner or with other permissions than when
 * their stream began. Most of that arrives as an event; an expiry does not, and an event may be lost. This check does not
 * count as use of a session, so that an open stream does not prolong its session. While auth is away no session is known to
 * be over.
 */
export async function findEnded(
  bus: Pick<Bus, 'request'>,
  watchers: readonly Watcher[],
): Promise<ReadonlySet<string>> {
  const ended = new Set<string>();
  for (const [digest, { principal }] of new Map(watchers.map((watcher) => [watcher.digest, watcher]))) {
    try {
      const found = await bus.request(verifyCredential, { kind: 'session', digest, passive: true });
      if (rightsOf(found.principal) !== rightsOf(principal)) ended.add(digest);
    } catch (error) {
      const isOver = [CREDENTIAL_REFUSED, PARTNER_SUSPENDED].some(
        ({ code }) => error instanceof AppError && error.code === code,
      );
      if (isOver) ended.add(digest);
    }
  }
  return ended;
}

const rightsOf = ({ partner_id, role, permissions }: Principal): string =>
  JSON.stringify([partner_id, role, [...(permissions ?? [])].sort()]);
