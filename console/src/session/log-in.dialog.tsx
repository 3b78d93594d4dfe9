import type { ReactNode } from 'react';
import { queryClient } from '../api/query-client.ts';
import { Dialog } from '../ui/dialog.tsx';
import { closeLogInDialog } from './log-in-again.ts';
import { LogInForm } from './log-in-form.tsx';
import { type Person, SESSION_KEY } from './session.ts';

/**
 * Shown over the page when a call found the session ended. The page keeps its state, and the call is
 * repeated.
 */
export default function LogInDialog(): ReactNode {
  const known = queryClient.getQueryData<Person | null>(SESSION_KEY)?.user.email;
  return (
    <Dialog title="Log in again" onClose={() => closeLogInDialog(false)}>
      <p className="text-muted">
        Your session has ended. Nothing on this page is lost: log in, and continue where you were.
      </p>
      <LogInForm email={known} onDone={() => closeLogInDialog(true)} />
    </Dialog>
  );
}
