import type { UsageSummary } from '@gridworks/sdk';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { api } from '../api/portal.ts';
import { cx } from '../ui/cx.ts';
import { Moment } from '../ui/moment.tsx';
import { formatCount, formatMoney, formatShare } from '../ui/numbers.ts';
import { Panel } from '../ui/panel.tsx';
import { formatDay } from '../ui/times.ts';

const REFETCH_MS = 15_000;

/** Calls of this month against the plan, and the forecast of the month. */
export function PlanUse(): ReactNode {
  const summary = useQuery({
    queryKey: ['usage', 'summary'],
    queryFn: () => api.usage.summarize(),
    refetchInterval: REFETCH_MS,
  });
  return (
    <Panel
      query={summary}
      title="This month"
      lines={4}
      actions={
        <a href="/#pricing" className="link text-sm">
          Compare plans
        </a>
      }
    >
      {(data) => <Shown summary={data} />}
    </Panel>
  );
}

function Shown({ summary }: { readonly summary: UsageSummary }): ReactNode {
  const {
    plan,
    used_calls,
    included_calls,
    forecast_calls,
    used_up_on,
    forecast_extra,
    test_calls,
    counted_until,
  } = summary;
  const share = included_calls === 0 ? 1 : used_calls / included_calls;
  const ahead =
    included_calls === 0 ? 0 : Math.max(0, Math.min(1, forecast_calls / included_calls) - Math.min(1, share));
  const tone = share >= 1 ? 'bg-fail-mark' : used_up_on ? 'bg-warn-mark' : 'bg-accent';
  return (
    <>
      <p className="flex flex-wrap items-baseline gap-x-2">
        <span className="text-2xl font-semibold tracking-tight tabular-nums">{formatCount(used_calls)}</span>
        <span className="text-muted">
          of {formatCount(included_calls)} calls in the plan {plan.name} ({formatShare(share, 1)})
        </span>
      </p>
      <div
        role="img"
        aria-label={`${formatShare(share, 1)} of the plan used, ${formatCount(forecast_calls)} calls expected by the end of the month`}
        className="mt-2.5 flex h-2 overflow-hidden rounded-full bg-sunken"
      >
        <div className={tone} style={{ width: `${Math.min(1, share) * 100}%` }} />
        <div className={cx(tone, 'opacity-30')} style={{ width: `${ahead * 100}%` }} />
      </div>
      <p className="mt-2.5 text-sm text-muted">
        {used_up_on ? (
          <span className="font-medium text-warn">
            ▲ At this pace the plan is used up on {formatDay(used_up_on)}
            {forecast_extra > 0 && (
              <>
                , with {formatMoney(forecast_extra, plan.currency)} for calls above it by the end of the month
              </>
            )}
            .
          </span>
        ) : (
          <>At this pace it will be {formatCount(forecast_calls)} calls by the end of the month.</>
        )}{' '}
        {test_calls > 0 && <>{formatCount(test_calls)} test calls count apart.</>}
      </p>
      <p className="mt-1 text-xs text-faint">
        Counted until <Moment at={counted_until} precision="second" />
      </p>
    </>
  );
}
