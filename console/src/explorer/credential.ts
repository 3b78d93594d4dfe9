import { canBeTried } from '../reference/offered.ts';
import { type Operation, operationsOf, type RawDocument } from '../reference/open-api.ts';
import { mayDo, type Permission } from '../session/may-do.ts';
import type { Person } from '../session/session.ts';

/** What the explorer sends with a call: a test key of its own, the session of this browser, or nothing. */
export type Credential = 'key' | 'session' | 'none';

/** An operation that a person can call, and with what. */
export interface Offer {
  readonly operation: Operation;
  readonly credential: Credential;
}

/** How this person would call an operation; null when it is not offered to them. A test key comes first: it costs nothing. */
export function credentialFor(
  document: RawDocument,
  operation: Operation,
  person: Person,
): Credential | null {
  if (!canBeTried(document, operation)) return null;
  const { credentials, permission } = operation;
  if (permission === 'public') return 'none';
  if (person.partner !== null && credentials.includes('api_key')) return 'key';
  return mayDo(person, permission as Permission) ? 'session' : null;
}

const ORDER: readonly Credential[] = ['key', 'none', 'session'];

/** Everything that this person can call: first what a test key opens, last what acts on their own account. */
export function offersFor(document: RawDocument, person: Person): Offer[] {
  return operationsOf(document)
    .flatMap((operation): Offer[] => {
      const credential = credentialFor(document, operation, person);
      return credential ? [{ operation, credential }] : [];
    })
    .toSorted((a, b) => ORDER.indexOf(a.credential) - ORDER.indexOf(b.credential));
}

/** Whether the explorer asks before it sends: what deletes, and every write with a session, which is the person's own account. */
export const asksFirst = ({ method }: Operation, credential: Credential): boolean =>
  method === 'DELETE' || (credential === 'session' && method !== 'GET');
