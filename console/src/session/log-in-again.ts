import { create } from 'zustand';
import { onLoggedOut } from '../api/portal.ts';
import { queryClient } from '../api/query-client.ts';
import { onLoggedIn, SESSION_KEY, setLoggedOut } from './session.ts';

/** Calls that wait for a log-in, and what to tell them. */
let waiting: ((loggedIn: boolean) => void)[] = [];

export const useLogInDialog = create<{ readonly open: boolean }>(() => ({ open: false }));

/** Ends the dialog. Without a log-in the calls that wait fail with their 401. */
export function closeLogInDialog(loggedIn: boolean): void {
  const calls = waiting;
  waiting = [];
  useLogInDialog.setState({ open: false });
  if (!loggedIn) {
    setLoggedOut(true);
    queryClient.setQueryData(SESSION_KEY, null);
  }
  for (const resolve of calls) resolve(loggedIn);
}

/** Opens the dialog over the page, when the session is known to have ended before a call found it out. */
export const askForLogIn = (): void => useLogInDialog.setState({ open: true });

// All calls of a page that find the session ended share one dialog. A log-in in another tab ends it here, too.
onLoggedOut(
  () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      useLogInDialog.setState({ open: true });
    }),
);
onLoggedIn(() => {
  if (useLogInDialog.getState().open) closeLogInDialog(true);
});
