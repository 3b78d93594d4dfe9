import { type ReactNode, useEffect } from 'react';
import * as z from 'zod/mini';
import { go, Link } from '../navigation/navigation.tsx';
import { usePageSearch } from '../navigation/page-search.ts';
import { firstPageOf } from '../shell/navigation-groups.ts';
import { LogInForm } from './log-in-form.tsx';
import { nextPath } from './next-path.ts';
import { ProviderButtons } from './provider-buttons.tsx';
import { useSession } from './session.ts';
import { SsoLogIn } from './sso-log-in.tsx';

const search = z.object({ next: z.optional(z.string()) });

export default function LogInPage(): ReactNode {
  const [{ next }] = usePageSearch(search);
  const { data } = useSession();
  const home = firstPageOf(data);
  const returnTo = next === undefined ? undefined : nextPath(next, home);
  useEffect(() => {
    if (data) go(nextPath(next, home), { replace: true });
  }, [data, next, home]);
  return (
    <div className="flex flex-col gap-5">
      <h1 className="text-xl font-semibold tracking-tight">Log in</h1>
      <LogInForm onDone={() => undefined} />
      <ProviderButtons returnTo={returnTo} />
      <SsoLogIn returnTo={returnTo} />
      <p className="text-muted">
        <Link to="/forgot-password" className="link">
          Forgot your password?
        </Link>
      </p>
      <p className="text-muted">
        New here?{' '}
        <Link to="/signup" className="link">
          Sign up
        </Link>
      </p>
    </div>
  );
}
