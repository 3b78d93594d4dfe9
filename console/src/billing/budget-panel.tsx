import type { Spending } from '@gridworks/sdk';
import { useQuery } from '@tanstack/react-query';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { api } from '../api/portal.ts';
import { useAction } from '../api/use-action.ts';
import { useMay } from '../session/session.ts';
import { Button } from '../ui/button.tsx';
import { ConfirmDialog } from '../ui/confirm.dialog.tsx';
import { Moment } from '../ui/moment.tsx';
import { formatCount, formatMoney, plural } from '../ui/numbers.ts';
import { Panel } from '../ui/panel.tsx';
import { StatusMark } from '../ui/status-mark.tsx';
import { BUDGET_KEY } from './budget-words.ts';
import { LimitBar } from './limit-bar.tsx';

/** Its form is loaded when it is opened. */
const BudgetDialog = lazy(async () => ({ default: (await import('./budget.dialog.tsx')).BudgetDialog }));

const REFETCH_MS = 30_000;

/** What the calls of this month cost so far, and the budget for them. */
export function BudgetPanel(): ReactNode {
  const spending = useQuery({
    queryKey: BUDGET_KEY,
    queryFn: () => api.budgets.get(),
    refetchInterval: REFETCH_MS,
  });
  const mayWrite = useMay('billing:write');
  const [asked, setAsked] = useState<'set' | 'remove' | null>(null);
  const data = spending.data;
  return (
    <Panel
      query={spending}
      title="Calls of this month"
      lines={5}
      actions={
        mayWrite &&
        data?.budget && (
          <>
            <Button size="sm" variant="ghost" onClick={() => setAsked('remove')}>
              Remove
            </Button>
            <Button size="sm" onClick={() => setAsked('set')}>
              Change budget
            </Button>
          </>
        )
      }
    >
      {(shown) => (
        <>
          <Spent spending={shown} />
          {shown.budget ? (
            <Limit spending={shown} budget={shown.budget} />
          ) : (
            <div className="mt-3 flex flex-col items-start gap-3">
              <p className="text-muted">
                Set a budget to be told at 50, 80 and 100 %, and to choose whether calls stop there.
              </p>
              {mayWrite && <Button onClick={() => setAsked('set')}>Set a budget</Button>}
            </div>
          )}
          {asked === 'set' && (
            <Suspense fallback={null}>
              <BudgetDialog spending={shown} onClose={() => setAsked(null)} />
            </Suspense>
          )}
          {asked === 'remove' && <RemoveDialog onClose={() => setAsked(null)} />}
        </>
      )}
    </Panel>
  );
}

function Spent({ spending: { spent, currency, calls, period } }: { readonly spending: Spending }): ReactNode {
  return (
    <p className="flex flex-wrap items-baseline gap-x-2">
      <span className="text-2xl font-semibold tracking-tight tabular-nums">
        {formatMoney(spent, currency)}
      </span>
      <span className="text-muted">
        for {plural(calls, 'call')}
        {period !== null && (
          <>
            {' '}
            until <Moment at={period.to} precision="day" />
          </>
        )}
      </span>
    </p>
  );
}

type Budget = NonNullable<Spending['budget']>;

function Limit({
  spending: { currency, spent, calls, period },
  budget,
}: {
  readonly spending: Spending;
  readonly budget: Budget;
}): ReactNode {
  const { amount, at_limit, percent, limit_calls } = budget;
  const limit =
    amount === null
      ? `${formatCount(limit_calls ?? 0)} included calls`
      : `a budget of ${formatMoney(amount, currency)}`;
  const used = amount === null ? formatCount(calls) : formatMoney(spent, currency);
  const stops = at_limit === 'hard_stop';
  return (
    <div className="mt-3 flex flex-col gap-2">
      <LimitBar percent={percent} label={`${percent} % of ${limit} used`} />
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-muted">
        <span>
          {used} of {limit}: {percent} %
        </span>
        {percent >= 100 && (
          <StatusMark status={stops ? 'fail' : 'warn'} word={stops ? 'Calls are stopped' : 'Reached'} />
        )}
      </p>
      <p className="text-sm text-faint">
        {stops ? (
          <>
            Calls of your programs {percent >= 100 ? 'are refused' : 'stop at 100 %'}
            {period !== null && (
              <>
                {' '}
                until <Moment at={period.to} precision="minute" />
              </>
            )}
            , or until you raise the budget. Tickets, billing and this console work on.
          </>
        ) : (
          'At 100 % you are told; calls go on and are charged.'
        )}
      </p>
    </div>
  );
}

function RemoveDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const remove = useAction({
    run: () => api.budgets.remove(),
    done: 'The budget is removed',
    refresh: [BUDGET_KEY],
  });
  return (
    <ConfirmDialog
      danger
      title="Remove the budget?"
      action="Remove budget"
      onConfirm={() => remove.mutateAsync()}
      onClose={onClose}
    >
      <p>Nobody is told any more what the calls cost, and calls are no longer stopped.</p>
    </ConfirmDialog>
  );
}
