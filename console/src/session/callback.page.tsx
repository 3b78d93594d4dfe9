import { type ReactNode, useEffect, useState } from 'react';
import { api, portal } from '../api/portal.ts';
import { go, Link } from '../navigation/navigation.tsx';
import { firstPageOf } from '../shell/navigation-groups.ts';
import { ErrorNote } from '../ui/error-note.tsx';
import { nextPath } from './next-path.ts';
import { type ProviderAnswer, takeAnswer } from './provider-answer.ts';
import SecondFactorForm, { type LogInChallenge } from './second-factor-form.tsx';
import { enter } from './session.ts';
import { type SignUpOffer, SignUpWithProvider } from './sign-up-with-provider.tsx';
import { type SsoTest, SsoTestResult } from './sso-test-result.tsx';
import { tellProved } from './step-up-channel.ts';

type Step =
  | { readonly at: 'waiting' }
  | { readonly at: 'sign-up'; readonly offer: SignUpOffer }
  | { readonly at: 'second-factor'; readonly challenge: LogInChallenge }
  | { readonly at: 'tested'; readonly test: SsoTest }
  | { readonly at: 'proved' }
  | { readonly at: 'failed'; readonly error: unknown };

/** Where log-in providers send browsers back to. What they put into the address counts once, and leaves it at once. */
export default function CallbackPage(): ReactNode {
  const [answer] = useState(takeAnswer);
  const [step, setStep] = useState<Step>({ at: 'waiting' });
  useEffect(() => {
    if (answer) void finish(answer, setStep);
  }, [answer]);
  if (!answer)
    return (
      <Outcome title="Nothing to complete here">
        <p className="text-muted">This page is for log-ins at a provider. Begin on the log-in page.</p>
      </Outcome>
    );
  switch (step.at) {
    case 'waiting':
      return <h1 className="text-xl font-semibold tracking-tight">Logging in …</h1>;
    case 'proved':
      return <h1 className="text-xl font-semibold tracking-tight">Thank you. You can close this window.</h1>;
    case 'tested':
      return <SsoTestResult test={step.test} />;
    case 'sign-up':
      return <SignUpWithProvider offer={step.offer} state={answer.state} />;
    case 'second-factor':
      return (
        <div className="flex flex-col gap-5">
          <h1 className="text-xl font-semibold tracking-tight">Log in</h1>
          <SecondFactorForm
            challenge={step.challenge}
            intro="The provider has confirmed who you are. This account also needs a second factor."
            onDone={() => go('/login', { replace: true })}
            onBack={() => go('/login', { replace: true })}
          />
        </div>
      );
    case 'failed':
      return (
        <Outcome title="The log-in did not work">
          <ErrorNote error={step.error} />
        </Outcome>
      );
  }
}

function Outcome({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactNode {
  return (
    <div className="flex flex-col gap-4">
      <h1 className="text-xl font-semibold tracking-tight">{title}</h1>
      {children}
      <p>
        <Link to="/login" className="link">
          Back to the log-in page
        </Link>
      </p>
    </div>
  );
}

/** Each purpose has its own request: the first letters of the state tell it. */
async function finish(answer: ProviderAnswer, show: (step: Step) => void): Promise<void> {
  try {
    const purpose = answer.state.slice(0, 3);
    // Writes of a logged-in person need the token of the session, which this page has not read yet.
    if (purpose !== 'lia') await portal.browserSessions.get();
    switch (purpose) {
      case 'lnk':
        await api.externalIdentities.link(answer);
        go('/settings/security', { replace: true });
        return;
      case 'tst':
        show({ at: 'tested', test: await api.ssoConnections.completeTest(answer) });
        return;
      case 'prv':
        await portal.externalProofs.complete(answer);
        show({ at: 'proved' });
        tellProved();
        return;
      default:
        await finishLogIn(answer, show);
    }
  } catch (error) {
    const { challenge } = error as { challenge?: LogInChallenge | null };
    show(challenge ? { at: 'second-factor', challenge } : { at: 'failed', error });
  }
}

async function finishLogIn(answer: ProviderAnswer, show: (step: Step) => void): Promise<void> {
  const { sign_up: offer, return_to: returnTo } = await portal.logInAttempts.complete(answer);
  if (offer) {
    show({ at: 'sign-up', offer });
    return;
  }
  const person = await enter();
  go(nextPath(returnTo ?? undefined, firstPageOf(person)), { replace: true });
}
