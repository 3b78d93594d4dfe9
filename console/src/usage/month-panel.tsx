import type { UsageForecast } from '@gridworks/sdk';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Row } from '../billing/amount-list.tsx';
import { FigureNumber } from '../ui/figure-number.tsx';
import { Moment } from '../ui/moment.tsx';
import { formatCount, formatMoney } from '../ui/numbers.ts';
import { Panel } from '../ui/panel.tsx';

/** The bill for the usage of this month as it stands, and what it will come to. */
export function MonthPanel({ query }: { readonly query: UseQueryResult<UsageForecast, Error> }): ReactNode {
  return (
    <Panel query={query} title="This month" lines={5}>
      {({ bill, forecast, currency, metrics, period, plan, based_on_days }) => {
        const [calls] = metrics;
        const money = (minor: number) => formatMoney(minor, currency);
        return (
          <>
            <dl className="grid grid-cols-2 gap-4 lg:grid-cols-4">
              <FigureNumber label="Bill so far" value={money(bill.amount)}>
                for usage, without fee and tax
              </FigureNumber>
              <FigureNumber label="Forecast" value={money(forecast.amount)}>
                {forecast.low === forecast.high
                  ? 'at the end of the month'
                  : `probably ${money(forecast.low)} to ${money(forecast.high)}`}
              </FigureNumber>
              <FigureNumber label="Calls" value={formatCount(calls?.used ?? 0)}>
                {formatCount(calls?.included ?? 0)} are included in {plan.name}
              </FigureNumber>
              <FigureNumber label="Calls forecast" value={formatCount(calls?.forecast ?? 0)}>
                {calls && calls.low < calls.high
                  ? `probably ${formatCount(calls.low)} to ${formatCount(calls.high)}`
                  : 'at the end of the month'}
              </FigureNumber>
            </dl>
            {bill.lines.length > 0 && (
              <dl className="mt-4 flex flex-col gap-1.5 border-t border-line pt-3">
                {bill.lines.map(({ description, quantity, amount }) => (
                  <Row
                    key={description}
                    name={`${description}: ${formatCount(quantity)}`}
                    amount={amount}
                    currency={currency}
                  />
                ))}
              </dl>
            )}
            <p className="mt-3 text-xs text-faint">
              From <Moment at={period.from} precision="day" /> until <Moment at={period.to} precision="day" />
              .{' '}
              {based_on_days < 3
                ? 'The forecast goes on with your pace of today, and is rough before three whole days.'
                : 'The forecast goes on with the average of your last seven days; four of five months end within its range.'}
            </p>
          </>
        );
      }}
    </Panel>
  );
}
