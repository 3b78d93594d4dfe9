import type { CreditBalance } from '@gridworks/sdk';
import type { ReactNode } from 'react';
import { Moment } from '../ui/moment.tsx';
import { formatMoney } from '../ui/numbers.ts';

/** What can be spent, by currency, and what is lost next. */
export function CreditBalances({ balances }: Pick<CreditBalance, 'balances'>): ReactNode {
  if (balances.length === 0)
    return <p className="text-muted">No credit. What you top up pays your next invoices by itself.</p>;
  return (
    <ul className="flex flex-col gap-3">
      {balances.map(({ currency, total, prepaid, promotional, next_expiry }) => (
        <li key={currency}>
          <p className="text-2xl font-semibold tracking-tight tabular-nums">{formatMoney(total, currency)}</p>
          {prepaid > 0 && promotional > 0 && (
            <p className="text-sm text-muted">
              {formatMoney(prepaid, currency)} prepaid, {formatMoney(promotional, currency)} promotional
            </p>
          )}
          {next_expiry !== null && (
            <p className="text-sm text-muted">
              {formatMoney(next_expiry.amount, currency)} expire{' '}
              <Moment at={next_expiry.at} precision="day" />
            </p>
          )}
        </li>
      ))}
    </ul>
  );
}
