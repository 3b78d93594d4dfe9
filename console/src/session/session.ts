import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { create } from 'zustand';
import { type Api, portal } from '../api/portal.ts';
import { queryClient } from '../api/query-client.ts';
import { matchPage } from '../navigation/page-match.ts';
import { storePreferences } from '../ui/preferences.ts';
import { mayDo, type Permission } from './may-do.ts';
import { hasSessionHint, keepSessionHint } from './session-hint.ts';

export const SESSION_KEY = ['session'] as const;
const UNAUTHENTICATED = 401;
const CHECKED_EVERY_MS = 5 * 60_000;

/** A logged-in user: user, role, partner, and the ends of the session. */
export type Person = Awaited<ReturnType<Api['browserSessions']['get']>>;

/**
 * The logged-in user; null for none. Not through `api`, since this request must not open the log-in dialog.
 */
async function load(): Promise<Person | null> {
  // Browsers show each 401 as an error in their developer tools. Visitors of the log-in page have done nothing wrong.
  if (matchPage(location.pathname)?.page.frame === 'plain' && !hasSessionHint()) return null;
  try {
    const person = await portal.browserSessions.get();
    keepSessionHint(true);
    return person;
  } catch (error) {
    if ((error as { status?: number }).status !== UNAUTHENTICATED) throw error;
    keepSessionHint(false);
    return null;
  }
}

export const sessionQuery = {
  queryKey: SESSION_KEY,
  queryFn: load,
  staleTime: CHECKED_EVERY_MS,
  refetchOnWindowFocus: 'always' as const,
};

export const useSession = (): UseQueryResult<Person | null, Error> => useQuery(sessionQuery);

export const useMay = (permission: Permission): boolean => mayDo(useSession().data, permission);

type SessionChange = { readonly kind: 'in' | 'out' | 'switched'; readonly user: string | null };
const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('gridworks.session');
channel?.addEventListener('message', ({ data }: MessageEvent<SessionChange>) => {
  if (data.kind === 'switched') location.reload();
  else if (data.kind === 'out') forgetEverything();
  else void onLogIn(data.user);
});

/**
 * Logs in, in all tabs of this browser. Rejects with the error of the API, which has a `challenge` when a second factor
 * completes the log-in.
 */
export async function logIn(email: string, password: string): Promise<void> {
  await portal.browserSessions.create({ email, password });
  await enter();
}

export type FactorProof = Parameters<Api['browserSessions']['complete']>[0]['proof'];

/** Completes a log-in with a second factor, or with a passkey alone. */
export async function completeLogIn(challenge: string, proof: FactorProof): Promise<void> {
  await portal.browserSessions.complete({ challenge, proof });
  await enter();
}

/** Logs in to an account without a password whose passkeys are lost. */
export async function recoverLogIn(email: string, recoveryCode: string): Promise<void> {
  await portal.browserSessions.recover({ email, recovery_code: recoveryCode });
  await enter();
}

/** Reads who is logged in now, in all tabs. */
export async function enter(): Promise<Person | null> {
  keepSessionHint(true);
  const person = await queryClient.fetchQuery({ ...sessionQuery, staleTime: 0 });
  const user = person?.user.id ?? null;
  await onLogIn(user);
  channel?.postMessage({ kind: 'in', user } satisfies SessionChange);
  return person;
}

/**
 * Acts for another partner of the user: this browser gets another session, and all its tabs begin anew, so that
 * no page shows the data of one partner under the name of another. Rejects with the error of the API.
 */
export async function actFor(partnerId: string): Promise<void> {
  await portal.browserSessions.switch({ partner_id: partnerId });
  channel?.postMessage({ kind: 'switched', user: null } satisfies SessionChange);
  location.assign('/home');
}

/** Whether the user has logged out, so that no log-in dialog opens over a page. */
const useEnding = create<{ readonly loggedOut: boolean }>(() => ({ loggedOut: false }));
export const useLoggedOut = (): boolean => useEnding((state) => state.loggedOut);
export const setLoggedOut = (loggedOut: boolean): void => useEnding.setState({ loggedOut });

let lastUser: string | null = null;
const listeners = new Set<() => void>();
/** Calls `listener` when a user has logged in, in this tab or another. */
export const onLoggedIn = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** Drops data that another user had loaded. */
async function onLogIn(user: string | null): Promise<void> {
  if (lastUser !== null && lastUser !== user) forgetEverything();
  lastUser = user;
  setLoggedOut(false);
  await queryClient.invalidateQueries({ queryKey: SESSION_KEY });
  for (const listener of listeners) listener();
}

/** Remembers the user, so that data is dropped when another user logs in later. */
export const rememberUser = (user: string | null): void => {
  lastUser = user;
};

/** Logs out, in all tabs. */
export async function logOut(): Promise<void> {
  await portal.browserSessions.end();
  // The response clears the storage of this origin. The appearance is no secret: the log-in page keeps it.
  storePreferences();
  channel?.postMessage({ kind: 'out', user: null } satisfies SessionChange);
  forgetEverything();
}

const forgetters = new Set<() => void>();
/** Called when a person has gone, so that nothing of theirs stays in the memory of the page. */
export const onForgotten = (forget: () => void): void => void forgetters.add(forget);

function forgetEverything(): void {
  for (const forget of forgetters) forget();
  lastUser = null;
  setLoggedOut(true);
  for (const name of Object.keys(sessionStorage)) {
    if (name.startsWith('gridworks.draft.')) sessionStorage.removeItem(name);
  }
  queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== SESSION_KEY[0] });
  queryClient.setQueryData(SESSION_KEY, null);
}
