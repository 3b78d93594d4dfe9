import type { Onboarding } from '@gridworks/sdk';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { api } from '../api/portal.ts';
import { useAction } from '../api/use-action.ts';
import { Link } from '../navigation/navigation.tsx';
import { Button, buttonClass } from '../ui/button.tsx';
import { CopySecret } from '../ui/copy-secret.tsx';
import { Moment } from '../ui/moment.tsx';
import { Panel } from '../ui/panel.tsx';

type Step = Onboarding['steps'][number];
const REFETCH_MS = 5000;

const WORDS: Readonly<Record<Step['step'], { readonly title: string; readonly what: string }>> = {
  account: { title: 'Create an account', what: 'You are here.' },
  confirm_email: {
    title: 'Confirm your email address',
    what: 'We sent you a mail with a link. Look for it among unwanted mail, too.',
  },
  api_key: {
    title: 'Make an API key',
    what: 'In test mode, to begin with: it is free and counts against nothing.',
  },
  first_call: {
    title: 'Send your first call',
    what: 'Paste this into a terminal, with your key. It shows up here a moment later.',
  },
  first_ticket: { title: 'Ask us something', what: 'When you are stuck: people read it.' },
};

/** The steps to the first call; the portal ticks the finished ones. Hidden when all steps are finished. */
export function FirstSteps(): ReactNode {
  const onboarding = useQuery({
    queryKey: ['onboarding'],
    queryFn: () => api.onboarding.get(),
    // A call from a terminal ticks its step while this page is open.
    refetchInterval: ({ state }) => (state.data?.complete ? false : REFETCH_MS),
  });
  if (onboarding.data?.complete) return null;
  return (
    <Panel query={onboarding} title="First steps" lines={5}>
      {({ steps }) => {
        // Nothing waits for the address: its button is there beside that of the next step.
        const next = steps.find(
          ({ step, state, optional }) => state !== 'done' && !optional && step !== 'confirm_email',
        )?.step;
        return (
          <ol className="flex flex-col">
            {steps.map((step) => (
              <StepRow
                key={step.step}
                {...step}
                isNext={step.step === next || (step.step === 'confirm_email' && step.state === 'open')}
              />
            ))}
          </ol>
        );
      }}
    </Panel>
  );
}

function StepRow({ step, optional, state, done_at, isNext }: Step & { readonly isNext: boolean }): ReactNode {
  const { title, what } = WORDS[step];
  return (
    <li className="flex gap-3 border-t border-line py-3 first:border-t-0">
      <Tick state={state} isNext={isNext} />
      <div className="min-w-0 flex-1">
        <p className={state === 'done' ? 'text-muted' : 'font-medium'}>
          {title}
          {optional && state !== 'done' && <span className="font-normal text-faint"> · optional</span>}
          {done_at && (
            <span className="text-sm font-normal text-faint">
              {' '}
              · <Moment at={done_at} />
            </span>
          )}
        </p>
        {state !== 'done' && (isNext || optional) && <p className="mt-0.5 text-sm text-muted">{what}</p>}
        {isNext && <Do step={step} />}
      </div>
      {step === 'first_ticket' && state !== 'done' && (
        <Link to="/support/new" className={buttonClass('secondary', 'sm')}>
          New ticket
        </Link>
      )}
    </li>
  );
}

function Do({ step }: { readonly step: Step['step'] }): ReactNode {
  if (step === 'confirm_email') return <SendAgain />;
  if (step === 'api_key')
    return (
      <Link to="/keys?new=1" className={`${buttonClass('primary')} mt-2.5`}>
        Create a key
      </Link>
    );
  if (step === 'first_call')
    return (
      <div className="mt-2.5 max-w-3xl">
        <CopySecret
          label="Your first call"
          secret={`curl ${location.origin}/v1/plans -H "authorization: Bearer $YOUR_KEY"`}
        />
      </div>
    );
  return null;
}

function SendAgain(): ReactNode {
  const send = useAction({
    run: () => api.emails.requestConfirmation(),
    done: 'The mail is on its way',
    failed: 'No mail was sent',
    refresh: [['onboarding']],
  });
  return (
    <Button size="sm" className="mt-2.5" busy={send.isPending} onClick={() => send.mutate()}>
      Send the mail again
    </Button>
  );
}

const TICKS = {
  done: { mark: '✓', word: 'Done', look: 'bg-pass-mark text-surface border-pass-mark' },
  open: { mark: '', word: 'To do', look: 'border-line-strong' },
  unknown: { mark: '?', word: 'Not known right now', look: 'border-line-strong text-unknown' },
} as const;

function Tick({ state, isNext }: { readonly state: Step['state']; readonly isNext: boolean }): ReactNode {
  const { mark, word, look } = TICKS[state];
  return (
    <span
      className={`mt-px inline-flex size-5 shrink-0 items-center justify-center rounded-full border-2 text-xs font-bold ${look} ${isNext ? 'border-accent' : ''}`}
    >
      <span aria-hidden>{mark}</span>
      <span className="sr-only">{word}</span>
    </span>
  );
}
