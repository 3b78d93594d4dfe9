import type { Plan, Subscription } from '@gridworks/sdk';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { api } from '../api/portal.ts';
import { useAction } from '../api/use-action.ts';
import { go, Link } from '../navigation/navigation.tsx';
import { buttonClass } from '../ui/button.tsx';
import { ConfirmDialog } from '../ui/confirm.dialog.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { SelectField } from '../ui/field.tsx';
import { Moment } from '../ui/moment.tsx';
import { formatCount, formatMoney } from '../ui/numbers.ts';
import { Loaded } from '../ui/panel.tsx';
import { troubleOf } from '../ui/problem.ts';
import { AmountList } from './amount-list.tsx';
import { CHANGED_BY_SUBSCRIPTION } from './subscription-panel.tsx';

type When = 'now' | 'period_end';
type Preview = Awaited<ReturnType<typeof api.subscriptions.preview>>;

/** What the change to a plan costs and when, then the change. */
export function ChangePlanDialog({
  plan,
  subscription,
  onClose,
}: {
  readonly plan: Plan;
  readonly subscription: Subscription;
  readonly onClose: () => void;
}): ReactNode {
  const choices: readonly When[] = [
    ...(subscription.allowed.includes('change') ? (['now'] as const) : []),
    ...(subscription.allowed.includes('schedule_change') ? (['period_end'] as const) : []),
  ];
  const [when, setWhen] = useState<When>(choices[0] ?? 'now');
  const preview = useQuery({
    queryKey: ['subscription', 'preview', plan.id, when],
    queryFn: () => api.subscriptions.preview({ plan: plan.id, when }),
    retry: false,
  });
  const change = useAction({
    run: () => api.subscriptions.change({ plan: plan.id, when }),
    done: when === 'now' ? `You have ${plan.name}` : `${plan.name} follows at the end of the period`,
    refresh: CHANGED_BY_SUBSCRIPTION,
    onDone: () => go('/billing'),
  });
  const title = `Change to ${plan.name}`;
  if (preview.error && troubleOf(preview.error).code === 'BILLING.PROFILE_INCOMPLETE')
    return (
      <Dialog
        title={title}
        onClose={onClose}
        actions={
          <Link to="/billing/profile" className={buttonClass('primary')}>
            Complete the profile
          </Link>
        }
      >
        <p className="text-muted">
          An invoice needs your company, its address and an email address. Complete the billing profile first,
          then come back.
        </p>
      </Dialog>
    );
  return (
    <ConfirmDialog
      title={title}
      action={actionOf(when, preview.data)}
      onConfirm={() => (preview.data ? change.mutateAsync() : Promise.reject(preview.error))}
      onClose={onClose}
    >
      {choices.length > 1 && (
        <SelectField
          label="When"
          value={when}
          options={[
            { value: 'now', label: 'Now: the rest of the period is set off' },
            { value: 'period_end', label: 'At the end of the period' },
          ]}
          onChange={({ target }) => setWhen(target.value as When)}
        />
      )}
      <Limits plan={plan} />
      <Loaded query={preview} lines={5}>
        {(data) => <Costs preview={data} />}
      </Loaded>
    </ConfirmDialog>
  );
}

function actionOf(when: When, preview: Preview | undefined): string {
  if (when === 'period_end') return 'Change at the end of the period';
  if (!preview?.invoice) return 'Change now';
  return `Change and pay ${formatMoney(preview.invoice.due, preview.invoice.currency)}`;
}

function Limits({ plan }: { readonly plan: Plan }): ReactNode {
  return (
    <p>
      {formatCount(plan.included_calls)} calls a month are included,{' '}
      {formatCount(plan.limits.burst_per_minute)} a minute and {formatCount(plan.limits.daily)} a day are
      permitted.
    </p>
  );
}

function Costs({ preview }: { readonly preview: Preview }): ReactNode {
  const { invoice, carried_over, next_invoice, next_invoice_at, subscription } = preview;
  return (
    <div className="flex flex-col gap-4 text-text">
      <section>
        <h3 className="mb-1.5 font-semibold">To pay now</h3>
        {invoice ? <AmountList amounts={invoice} /> : <p className="text-muted">Nothing.</p>}
        {carried_over > 0 && (
          <p className="mt-1.5 text-sm text-muted">
            {formatMoney(carried_over, subscription.currency)} are set off against the next invoices.
          </p>
        )}
      </section>
      {next_invoice_at !== null && (
        <section>
          <h3 className="mb-1.5 font-semibold">
            On <Moment at={next_invoice_at} precision="day" />, without further calls
          </h3>
          {next_invoice ? <AmountList amounts={next_invoice} /> : <p className="text-muted">Nothing.</p>}
        </section>
      )}
    </div>
  );
}
