import type { Subscription } from '@gridworks/sdk';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { api } from '../api/portal.ts';
import { useAction } from '../api/use-action.ts';
import { Link } from '../navigation/navigation.tsx';
import { useMay } from '../session/session.ts';
import { Button, buttonClass } from '../ui/button.tsx';
import { ConfirmDialog } from '../ui/confirm.dialog.tsx';
import { Moment } from '../ui/moment.tsx';
import { Panel } from '../ui/panel.tsx';
import { StatusMark } from '../ui/status-mark.tsx';
import { SUBSCRIPTION_STATUSES } from './subscription-words.ts';

export const SUBSCRIPTION_KEY = ['subscription'] as const;
/** What is out of date once a subscription has changed. */
export const CHANGED_BY_SUBSCRIPTION = [SUBSCRIPTION_KEY, ['invoices'], ['usage']] as const;

type Step = 'cancel' | 'pause' | 'resume';

/** The plan that the partner has, what happens with it next, and what can be done. */
export function SubscriptionPanel(): ReactNode {
  const subscription = useQuery({ queryKey: SUBSCRIPTION_KEY, queryFn: () => api.subscriptions.get() });
  return (
    <Panel query={subscription} title="Plan" lines={5}>
      {(data) => <Shown subscription={data} />}
    </Panel>
  );
}

function Shown({ subscription }: { readonly subscription: Subscription }): ReactNode {
  const { plan, status, allowed, trial_end } = subscription;
  const mayWrite = useMay('billing:write');
  const [asked, setAsked] = useState<Step | null>(null);
  const mayChange = allowed.includes('change') || allowed.includes('schedule_change');
  const mayCancel = allowed.includes('cancel_at_period_end') && !subscription.cancel_at_period_end;
  return (
    <>
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="text-2xl font-semibold tracking-tight">{plan.name}</span>
        <StatusMark {...SUBSCRIPTION_STATUSES[status]} />
      </p>
      <p className="mt-2 text-muted">
        <NextStep subscription={subscription} />
      </p>
      {status === 'trialing' && trial_end !== null && (
        <p className="mt-1 text-sm text-muted">
          The trial ends <Moment at={trial_end} precision="day" />. Nothing is charged before.
        </p>
      )}
      {mayWrite && (
        <div className="mt-4 flex flex-wrap gap-2">
          {mayChange && (
            <Link to="/billing/plans" className={buttonClass('primary')}>
              Change plan
            </Link>
          )}
          {allowed.includes('resume') && <Button onClick={() => setAsked('resume')}>Resume</Button>}
          {allowed.includes('pause') && <Button onClick={() => setAsked('pause')}>Pause</Button>}
          {mayCancel && <Button onClick={() => setAsked('cancel')}>Cancel subscription</Button>}
        </div>
      )}
      {asked && <StepDialog step={asked} subscription={subscription} onClose={() => setAsked(null)} />}
    </>
  );
}

function NextStep({ subscription }: { readonly subscription: Subscription }): ReactNode {
  const { status, cancel_at_period_end, pending_change, period, paused_at } = subscription;
  const end = <Moment at={period.to} precision="day" />;
  if (status === 'canceled') return 'It is over. The limits are those of the first plan.';
  if (status === 'paused')
    return (
      <>
        Paused since <Moment at={paused_at} precision="day" />. Nothing is charged, and the limits are those
        of the first plan.
      </>
    );
  if (cancel_at_period_end) return <>It ends on {end}, and the limits are then those of the first plan.</>;
  if (pending_change !== null)
    return (
      <>
        On {end} it becomes <strong className="font-medium text-text">{pending_change.name}</strong>.
      </>
    );
  return (
    <>
      This period ends <Moment at={period.to} precision="day" />, and the next one follows by itself.
    </>
  );
}

function StepDialog({
  step,
  subscription,
  onClose,
}: {
  readonly step: Step;
  readonly subscription: Subscription;
  readonly onClose: () => void;
}): ReactNode {
  const { plan, period, status } = subscription;
  const steps = {
    cancel: {
      title: `Cancel ${plan.name}?`,
      action: 'Cancel subscription',
      done: 'The subscription ends with its period',
      run: () => api.subscriptions.cancel({ when: 'period_end' }),
      text: (
        <p>
          You keep {plan.name} until <Moment at={period.to} precision="day" />. Then the limits are those of
          the first plan: calls above them are refused. Until that day you can take this back.
        </p>
      ),
    },
    pause: {
      title: `Pause ${plan.name}?`,
      action: 'Pause',
      done: 'The subscription is paused',
      run: () => api.subscriptions.pause(),
      text: (
        <p>
          From now on the limits are those of the first plan, and nothing is charged. What is left of the paid
          period is set off when you resume.
        </p>
      ),
    },
    resume: {
      title: status === 'paused' ? `Resume ${plan.name}?` : `Keep ${plan.name}?`,
      action: status === 'paused' ? 'Resume' : 'Keep the plan',
      done: `You have ${plan.name}`,
      run: () => api.subscriptions.resume(),
      text:
        status === 'paused' ? (
          <p>A new period begins now and is charged, less what was left of the last one.</p>
        ) : (
          <p>What was to happen at the end of the period is taken back.</p>
        ),
    },
  } as const;
  const chosen = steps[step];
  const run = useAction({
    run: () => chosen.run(),
    done: chosen.done,
    refresh: CHANGED_BY_SUBSCRIPTION,
  });
  return (
    <ConfirmDialog
      title={chosen.title}
      action={chosen.action}
      danger={step === 'cancel'}
      onConfirm={() => run.mutateAsync()}
      onClose={onClose}
    >
      {chosen.text}
    </ConfirmDialog>
  );
}
