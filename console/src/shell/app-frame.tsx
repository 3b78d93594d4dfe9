import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react';
import { lazyPage } from '../navigation/lazy-page.tsx';
import { Redirect, usePathname, useSearch } from '../navigation/navigation.tsx';
import { askForLogIn, useLogInDialog } from '../session/log-in-again.ts';
import { PersonContext } from '../session/person.tsx';
import { type Person, rememberUser, useLoggedOut, useSession } from '../session/session.ts';
import { useStepUpDialog } from '../session/step-up.ts';
import { Failed, Waiting } from '../ui/panel.tsx';
import { Logo } from './logo.tsx';

/** The program of the shell loads while the session is requested. */
const shell = lazyPage(() => import('./app-shell.tsx'));
const LogInDialog = lazy(() => import('../session/log-in.dialog.tsx'));
const StepUpDialog = lazy(() => import('../session/step-up.dialog.tsx'));

/**
 * The frame of every page for a logged-in user. Without a log-in the visitor goes to the log-in page; a user
 * whose session ends gets a dialog.
 */
export function AppFrame({ children }: { readonly children: ReactNode }): ReactNode {
  useEffect(() => shell.preload(), []);
  const session = useSession();
  const path = usePathname();
  const search = useSearch();
  const loggedOut = useLoggedOut();
  const isDialogOpen = useLogInDialog((state) => state.open);
  const isStepUpOpen = useStepUpDialog((state) => state.open);
  const [last, setLast] = useState<Person | null>(null);
  const { data, error } = session;
  if (data && data !== last) setLast(data);
  const person = data ?? (loggedOut ? null : last);
  const hasEnded = data === null && person !== null;
  useEffect(() => rememberUser(data?.user?.id ?? null), [data]);
  useEffect(() => {
    if (hasEnded) askForLogIn();
  }, [hasEnded]);

  if (person)
    return (
      <PersonContext value={person}>
        <Suspense fallback={<Opening />}>
          <shell.Page>{children}</shell.Page>
        </Suspense>
        {isStepUpOpen && (
          <Suspense>
            <StepUpDialog />
          </Suspense>
        )}
        {isDialogOpen && (
          <Suspense>
            <LogInDialog />
          </Suspense>
        )}
      </PersonContext>
    );
  if (data === null) {
    const here = encodeURIComponent(path + search);
    return <Redirect to={loggedOut ? '/login' : `/login?next=${here}`} />;
  }
  if (!error && session.fetchStatus !== 'paused') return <Opening onRetry={() => void session.refetch()} />;
  return (
    <Blank>
      {error ? (
        <Failed error={error} onRetry={() => void session.refetch()} busy={session.isFetching} />
      ) : (
        <Waiting offline onRetry={() => void session.refetch()} />
      )}
    </Blank>
  );
}

/** Shown for a moment while the session is requested. */
function Opening({ onRetry }: { readonly onRetry?: () => void }): ReactNode {
  return (
    <Blank>
      <Waiting lines={3} {...(onRetry ? { onRetry } : {})} />
    </Blank>
  );
}

function Blank({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <main className="mx-auto flex min-h-dvh max-w-sm flex-col justify-center gap-4 p-4">
      <Logo size={28} />
      <h1 className="sr-only">GridWorks</h1>
      {children}
    </main>
  );
}
