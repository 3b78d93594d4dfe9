import type { Plan, Subscription } from '@gridworks/sdk';
import { useQuery } from '@tanstack/react-query';
import { Check } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { api } from '../api/portal.ts';
import { Link } from '../navigation/navigation.tsx';
import { useMay } from '../session/session.ts';
import { Button } from '../ui/button.tsx';
import { formatCount, formatMoney } from '../ui/numbers.ts';
import { PageHeader } from '../ui/page-header.tsx';
import { Loaded, Section } from '../ui/panel.tsx';
import { Tag } from '../ui/status-mark.tsx';
import { ChangePlanDialog } from './change-plan.dialog.tsx';
import { formatUnitPrice } from './formats.tsx';
import { PROFILE_KEY } from './profile-schema.ts';
import { SUBSCRIPTION_KEY } from './subscription-panel.tsx';
import { INTERVALS } from './subscription-words.ts';

/** The plans, and what a change to one of them would cost. */
export default function PlansPage(): ReactNode {
  const plans = useQuery({ queryKey: ['plans'], queryFn: () => api.plans.list() });
  const subscription = useQuery({ queryKey: SUBSCRIPTION_KEY, queryFn: () => api.subscriptions.get() });
  const profile = useQuery({ queryKey: PROFILE_KEY, queryFn: () => api.billingProfiles.get() });
  return (
    <>
      <PageHeader
        title="Plans"
        back={
          <Link to="/billing" className="link">
            Billing
          </Link>
        }
      >
        You see what a change costs before anything is charged. The limits of a plan hold for all your keys
        together.
      </PageHeader>
      <Loaded query={subscription} lines={8}>
        {(current) => (
          <Loaded query={profile} lines={8}>
            {({ currency }) => (
              <Loaded query={plans} lines={8}>
                {({ data }) => <Cards plans={data} subscription={current} currency={currency} />}
              </Loaded>
            )}
          </Loaded>
        )}
      </Loaded>
    </>
  );
}

function Cards({
  plans,
  subscription,
  currency,
}: {
  readonly plans: readonly Plan[];
  readonly subscription: Subscription;
  /** That of the billing profile: a change is charged in it. */
  readonly currency: string;
}): ReactNode {
  const mayWrite = useMay('billing:write');
  const [chosen, setChosen] = useState<Plan | null>(null);
  const { allowed } = subscription;
  const mayChange = mayWrite && (allowed.includes('change') || allowed.includes('schedule_change'));
  return (
    <>
      <ul className="grid grid-cols-1 gap-4 md:grid-cols-2 xl:grid-cols-3">
        {plans.map((plan) => (
          <li key={plan.plan_version_id}>
            <PlanCard
              plan={plan}
              currency={currency}
              isCurrent={plan.id === subscription.plan.id}
              onChoose={mayChange ? () => setChosen(plan) : null}
            />
          </li>
        ))}
      </ul>
      {chosen && (
        <ChangePlanDialog plan={chosen} subscription={subscription} onClose={() => setChosen(null)} />
      )}
    </>
  );
}

function PlanCard({
  plan,
  currency,
  isCurrent,
  onChoose,
}: {
  readonly plan: Plan;
  readonly currency: string;
  readonly isCurrent: boolean;
  readonly onChoose: (() => void) | null;
}): ReactNode {
  const [code, prices] = Object.entries(plan.prices).find(([one]) => one === currency) ??
    Object.entries(plan.prices)[0] ?? [currency, undefined];
  return (
    <Section
      title={plan.name}
      className="flex h-full flex-col [&>:last-child]:flex [&>:last-child]:grow [&>:last-child]:flex-col"
      actions={isCurrent && <Tag tone="accent">Your plan</Tag>}
    >
      <p className="text-muted">{plan.description}</p>
      <p className="mt-3 flex items-baseline gap-1.5">
        <span className="text-2xl font-semibold tracking-tight tabular-nums">
          {formatMoney(prices?.recurring_amount ?? 0, code)}
        </span>
        <span className="text-muted">{INTERVALS[plan.interval]}, without tax</span>
      </p>
      <ul className="mt-3 flex flex-col gap-1.5">
        <Feature>{formatCount(plan.included_calls)} calls a month included</Feature>
        {prices?.charges.map(({ metric, price }) => (
          <Feature key={metric}>
            {price.model === 'per_unit' && Number(price.unit_amount) > 0
              ? `${formatUnitPrice(price.unit_amount, code)} for each further call`
              : price.model === 'per_unit'
                ? 'No charge for further calls'
                : 'Further calls at a price that falls with their number'}
          </Feature>
        ))}
        <Feature>{formatCount(plan.limits.burst_per_minute)} calls a minute at most</Feature>
        <Feature>{formatCount(plan.limits.daily)} calls a day at most</Feature>
        {plan.trial_days > 0 && <Feature>The first {plan.trial_days} days cost nothing</Feature>}
        {plan.features.map((feature) => (
          <Feature key={feature}>{feature}</Feature>
        ))}
      </ul>
      {onChoose && !isCurrent && (
        <p className="mt-auto pt-4">
          <Button variant="primary" onClick={onChoose}>
            Choose {plan.name}
          </Button>
        </p>
      )}
    </Section>
  );
}

function Feature({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <li className="flex items-start gap-2">
      <Check aria-hidden size={15} className="mt-0.5 shrink-0 text-pass" />
      <span>{children}</span>
    </li>
  );
}
