import { useQuery } from '@tanstack/react-query';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { type Api, api } from '../api/portal.ts';
import { FigureNumber } from '../ui/figure-number.tsx';
import { Segments } from '../ui/filter.tsx';
import { formatMoney, plural } from '../ui/numbers.ts';
import { PageHeader } from '../ui/page-header.tsx';
import { Panel, Waiting } from '../ui/panel.tsx';
import { toMajor } from './money-field.ts';
import { PartnerInvoices } from './partner-invoices.tsx';

const SeriesChart = lazy(() => import('../charts/series-chart.tsx'));
type Revenue = Awaited<ReturnType<Api['admin']['revenue']['get']>>;
type OfCurrency = Revenue['currencies'][number];

/** What is invoiced, received and open, and the invoices of all partners. */
export default function RevenuePage(): ReactNode {
  const revenue = useQuery({
    queryKey: ['revenue'],
    queryFn: () => api.admin.revenue.get({ months: 12 }),
    refetchInterval: 60_000,
  });
  const [chosen, choose] = useState<string | null>(null);
  const all = revenue.data?.currencies ?? [];
  const shown = all.find(({ currency }) => currency === chosen) ?? all[0];
  return (
    <>
      <PageHeader title="Revenue">
        By the ledger, in each currency of its own: amounts of different currencies are never added.
      </PageHeader>
      <div className="flex flex-col gap-5">
        <Panel
          query={revenue}
          title="Now"
          lines={4}
          observedAt={({ observed_at }) => observed_at}
          actions={
            all.length > 1 &&
            shown && (
              <Segments
                label="Currency"
                value={shown.currency}
                options={Object.fromEntries(all.map(({ currency }) => [currency, currency]))}
                onChange={choose}
              />
            )
          }
        >
          {(data) => (shown ? <Figures revenue={data} shown={shown} /> : <Nothing />)}
        </Panel>
        {shown && (
          <Panel query={revenue} title="Twelve months" lines={8}>
            {() => <Months shown={shown} />}
          </Panel>
        )}
        <PartnerInvoices />
      </div>
    </>
  );
}

const Nothing = () => (
  <p className="py-2 text-muted">No partner pays yet. The first invoice comes with the first paid plan.</p>
);

function Figures({ revenue, shown }: { readonly revenue: Revenue; readonly shown: OfCurrency }): ReactNode {
  const { subscriptions, failing } = revenue;
  const { currency, recurring, paying, open, overdue, months } = shown;
  const month = months.at(-1);
  const trying = subscriptions.trialing > 0 ? `, ${plural(subscriptions.trialing, 'trial')}` : '';
  return (
    <dl className="grid grid-cols-2 gap-5 lg:grid-cols-4">
      <FigureNumber label="Recurring a month" value={formatMoney(recurring, currency)}>
        {plural(paying, 'paid subscription')}
        {trying}
      </FigureNumber>
      <FigureNumber label="Received this month" value={formatMoney(month?.received ?? 0, currency)}>
        {formatMoney((month?.invoiced ?? 0) - (month?.credited ?? 0), currency)} invoiced, without tax
      </FigureNumber>
      <FigureNumber label="Open" value={formatMoney(open, currency)}>
        {overdue > 0 ? `▲ ${formatMoney(overdue, currency)} overdue` : 'nothing overdue'}
      </FigureNumber>
      <FigureNumber label="Failing invoices" value={failing}>
        {plural(subscriptions.past_due, 'subscription')} past due
      </FigureNumber>
    </dl>
  );
}

function Months({ shown: { currency, months } }: { readonly shown: OfCurrency }): ReactNode {
  const [newest] = months.slice(-1);
  return (
    <Suspense fallback={<Waiting lines={8} />}>
      <SeriesChart
        caption={`Invoiced less credited, without tax, and money received, by calendar month of UTC in ${currency}, until ${newest?.month ?? 'now'}.`}
        times={months.map(({ month }) => Date.parse(`${month}-01T00:00:00Z`))}
        precision="day"
        format={(amount) => formatMoney(amount, currency)}
        formatAxis={(amount) =>
          new Intl.NumberFormat('en', { style: 'currency', currency, notation: 'compact' }).format(
            Number(toMajor(amount, currency)),
          )
        }
        series={[
          { label: 'Invoiced', values: months.map(({ invoiced, credited }) => invoiced - credited) },
          { label: 'Received', values: months.map(({ received }) => received) },
        ]}
      />
    </Suspense>
  );
}
