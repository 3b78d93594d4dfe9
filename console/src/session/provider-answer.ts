/** What a log-in provider put into the address of this page (RFC 6749, RFC 9207). */
export interface ProviderAnswer {
  readonly state: string;
  readonly code?: string;
  readonly iss?: string;
  readonly error?: string;
}

const MEMBERS = ['state', 'code', 'iss', 'error'] as const;

/**
 * Reads the answer, and takes it out of the address, so that it is in no history, no bookmark and no `Referer`. Null when
 * there is none.
 */
export function takeAnswer(): ProviderAnswer | null {
  const query = new URLSearchParams(location.search);
  const answer = Object.fromEntries(
    MEMBERS.flatMap((name) => {
      const value = query.get(name);
      return value === null ? [] : [[name, value]];
    }),
  );
  if (location.search !== '') history.replaceState(history.state, '', location.pathname);
  return answer.state === undefined ? null : (answer as unknown as ProviderAnswer);
}
