import type { Plan, Subscription } from '@gridworks/sdk';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { api } from '../api/portal.ts';
import { Link } from '../navigation/navigation.tsx';
import { useMay } from '../session/session.ts';
import { PageHeader } from '../ui/page-header.tsx';
import { Loaded } from '../ui/panel.tsx';
import { ChangePlanDialog } from './change-plan.dialog.tsx';
import { PlanCard } from './plan-card.tsx';
import { PROFILE_KEY } from './profile-schema.ts';
import { SUBSCRIPTION_KEY } from './subscription-panel.tsx';

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
              note={plan.id === subscription.plan.id ? 'Your plan' : undefined}
              onChoose={mayChange && plan.id !== subscription.plan.id ? () => setChosen(plan) : undefined}
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
