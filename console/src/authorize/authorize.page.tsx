import { useQuery } from '@tanstack/react-query';
import { Check, Minus } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import * as z from 'zod/mini';
import { type Api, api } from '../api/portal.ts';
import { SCOPE_WORDS } from '../keys/scope-words.ts';
import { usePageSearch } from '../navigation/page-search.ts';
import { LogInForm } from '../session/log-in-form.tsx';
import type { KeyScope } from '../session/may-do.ts';
import { useSession } from '../session/session.ts';
import { Button } from '../ui/button.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { troubleOf } from '../ui/problem.ts';

type Asked = Awaited<ReturnType<Api['authorizations']['get']>>;

const search = z.object({ uid: z.optional(z.string()), error: z.optional(z.string()) });

/** Why the provider has sent a browser here without a request; by the codes of OAuth. */
const ERROR_WORDS: Readonly<Record<string, string>> = {
  invalid_client: 'The application is not known, or was revoked.',
  invalid_redirect_uri: 'The application wants you sent back to an address that is not registered for it.',
  invalid_request: 'The application has sent an incomplete or wrong request.',
  session_not_found: 'The request is over, or was begun in another browser.',
};

/** Asks a person what an application may do for them. The application has sent the browser here. */
export default function AuthorizePage(): ReactNode {
  const [{ uid, error }] = usePageSearch(search);
  const { data: person, isPending } = useSession();
  const asked = useQuery({
    queryKey: ['authorization', uid, person?.id],
    queryFn: () => api.authorizations.get({ uid: uid ?? '' }),
    enabled: uid !== undefined && Boolean(person),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (error !== undefined || uid === undefined)
    return (
      <Stopped>
        {ERROR_WORDS[error ?? 'invalid_request'] ?? 'The application has sent a request that is refused.'}
      </Stopped>
    );
  if (isPending) return <Note title="One moment …" />;
  if (!person)
    return (
      <div className="flex flex-col gap-5">
        <Note title="Log in to go on">
          An application asks for access. You see for what after the log-in.
        </Note>
        <LogInForm onDone={() => undefined} />
      </div>
    );
  if (asked.error) return <Refused error={asked.error} partner={person.partner?.name ?? null} />;
  if (!asked.data) return <Note title="One moment …" />;
  return <Question asked={asked.data} email={person.user.email} />;
}

function Question({ asked, email }: { readonly asked: Asked; readonly email: string }): ReactNode {
  const { application, partner, scopes, granted, identity, remembered, returns_to: host } = asked;
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState<'accept' | 'refuse' | null>(null);
  const decide = async (accept: boolean) => {
    setBusy(accept ? 'accept' : 'refuse');
    setError(null);
    try {
      const decision = await api.authorizations.decide({ uid: asked.uid, accept });
      location.assign(decision.redirect_to);
    } catch (reason) {
      setError(reason);
      setBusy(null);
    }
  };
  // What was accepted before is not asked again.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for a request
  useEffect(() => {
    if (remembered) void decide(true);
  }, [asked.uid]);
  if (remembered && error === null)
    return <Note title={`Going back to ${application.name} …`}>You have accepted this before.</Note>;
  return (
    <div className="flex flex-col gap-5">
      <Note title={`${application.name} asks for access`}>
        It is an application of <span className="font-medium text-text">{partner.name}</span>, and wants to
        act for you, <span className="break-words">{email}</span>.
      </Note>
      <ul className="flex flex-col gap-2" aria-label="What it asks for">
        {identity && <Line isGranted>Know that it is you, by your id</Line>}
        {scopes.map((scope) => (
          <Line key={scope} isGranted={granted.includes(scope)}>
            {SCOPE_WORDS[scope as KeyScope] ?? scope}
          </Line>
        ))}
        {scopes.length === 0 && !identity && <li className="text-muted">Nothing that it may have.</li>}
      </ul>
      <p className="text-sm text-muted">
        You go back to <span className="font-medium break-all text-text">{host}</span>. You can remove the
        access at any time, on the page Security.
      </p>
      {error !== null && <ErrorNote error={error} />}
      <div className="flex flex-col gap-2">
        <Button
          variant="primary"
          className="h-9"
          busy={busy === 'accept'}
          disabled={busy !== null || (granted.length === 0 && !identity)}
          onClick={() => void decide(true)}
        >
          Accept
        </Button>
        <Button
          className="h-9"
          busy={busy === 'refuse'}
          disabled={busy !== null}
          onClick={() => void decide(false)}
        >
          Refuse
        </Button>
      </div>
    </div>
  );
}

/** One thing that is asked for; what the person may not do is not given. */
function Line({ isGranted, children }: { readonly isGranted: boolean; readonly children: ReactNode }) {
  const Icon = isGranted ? Check : Minus;
  return (
    <li className="flex items-start gap-2">
      <Icon aria-hidden className={isGranted ? 'mt-1 size-4 text-pass' : 'mt-1 size-4 text-faint'} />
      <span className={isGranted ? '' : 'text-faint'}>
        {children}
        {!isGranted && <span className="block text-sm">You may not do this, so it may not either.</span>}
      </span>
    </li>
  );
}

function Refused({ error, partner }: { readonly error: Error; readonly partner: string | null }): ReactNode {
  const { code } = troubleOf(error);
  if (code === 'AUTH.OTHER_PARTNERS_APPLICATION')
    return (
      <Stopped>
        {partner
          ? `You act for ${partner}, and the application belongs to another partner. Change to that partner in the portal, then begin again in the application.`
          : 'The application belongs to a partner, and you act for none.'}
      </Stopped>
    );
  if (code === 'AUTH.AUTHORIZATION_NOT_FOUND') return <Stopped>{ERROR_WORDS.session_not_found}</Stopped>;
  return (
    <Stopped>
      <ErrorNote error={error} />
    </Stopped>
  );
}

const Stopped = ({ children }: { readonly children?: ReactNode }): ReactNode => (
  <Note title="Nothing was accepted">
    {children}
    <p className="mt-3">Go back to the application and begin again.</p>
  </Note>
);

function Note({ title, children }: { readonly title: string; readonly children?: ReactNode }): ReactNode {
  return (
    <div>
      <h1 className="text-xl font-semibold tracking-tight break-words">{title}</h1>
      {children && <div className="mt-1 text-muted">{children}</div>}
    </div>
  );
}
