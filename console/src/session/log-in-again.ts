import { create } from 'zustand';
import { onLoggedOut } from '../api/portal.ts';
import { queryClient } from '../api/query-client.ts';
import { onLoggedIn, SESSION_KEY, setLoggedOut } from './session.ts';

/** Callbacks of the calls that wait for a log-in. */
let waiting: ((loggedIn: boolean) => void)[] = [];

export const useLogInDialog = create<{ readonly open: boolean }>(() => ({ open: false }));

/** Closes the dialog. Without a log-in the waiting calls fail with their 401. */
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

/** Opens the dialog when the session is known to have ended before a call failed. */
export const askForLogIn = (): void => useLogInDialog.setState({ open: true });

// All calls of a page that find the session ended share one dialog. A log-in in another tab closes it, too.
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
