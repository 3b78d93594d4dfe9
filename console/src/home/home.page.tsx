import type { ReactNode } from 'react';
import { BudgetNotice } from '../billing/budget-notice.tsx';
import { usePerson } from '../session/person.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { FirstSteps } from './first-steps.tsx';
import { OpenTickets } from './open-tickets.tsx';
import { PlanUse } from './plan-use.tsx';
import { RecentCalls } from './recent-calls.tsx';
import { ServiceIncidents } from './service-incidents.tsx';

export default function HomePage(): ReactNode {
  const { partner } = usePerson();
  return (
    <>
      <PageHeader title={partner?.name ?? 'Home'} />
      <BudgetNotice />
      <div className="flex flex-col gap-5">
        <ServiceIncidents />
        <FirstSteps />
        <div className="grid grid-cols-1 items-start gap-5 lg:grid-cols-2">
          <PlanUse />
          <OpenTickets />
        </div>
        <RecentCalls />
      </div>
    </>
  );
}
