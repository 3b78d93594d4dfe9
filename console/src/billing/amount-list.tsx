import type { InvoicePreview } from '@gridworks/sdk';
import type { ReactNode } from 'react';
import { cx } from '../ui/cx.ts';
import { formatMoney } from '../ui/numbers.ts';

/** The lines, the taxes and the total of an invoice that is not made yet. */
export function AmountList({ amounts }: { readonly amounts: InvoicePreview }): ReactNode {
  const { lines, tax, total, credits, due, currency } = amounts;
  return (
    <dl className="flex flex-col gap-1.5">
      {lines.map(({ description, detail, amount }) => (
        <Row key={`${description} ${detail}`} name={description} amount={amount} currency={currency} />
      ))}
      <TaxesAndTotal tax={tax} total={total} credits={credits} due={due} currency={currency} />
    </dl>
  );
}

type Amounts = Pick<InvoicePreview, 'tax' | 'total' | 'credits' | 'due' | 'currency'>;

/** Rows of a `dl`: each tax, the total, and what credits pay of it. */
export function TaxesAndTotal({
  tax,
  total,
  credits,
  due,
  currency,
  totalName = 'Total',
}: Amounts & { readonly totalName?: string }): ReactNode {
  return (
    <>
      {tax.components.map(({ name, rate, amount }) => (
        <Row key={name} name={`${name} ${rate} %`} amount={amount} currency={currency} />
      ))}
      <Row name={totalName} amount={total} currency={currency} strong />
      {credits > 0 && (
        <>
          <Row name="Paid by credits" amount={-credits} currency={currency} />
          <Row name="To pay" amount={due} currency={currency} strong />
        </>
      )}
    </>
  );
}

export function Row({
  name,
  amount,
  currency,
  strong = false,
}: {
  readonly name: string;
  readonly amount: number;
  readonly currency: string;
  readonly strong?: boolean;
}): ReactNode {
  return (
    <div className={cx('flex justify-between gap-4', strong && 'border-t border-line pt-1.5 font-semibold')}>
      <dt className={cx('min-w-0', !strong && 'text-muted')}>{name}</dt>
      <dd className="whitespace-nowrap tabular-nums">{formatMoney(amount, currency)}</dd>
    </div>
  );
}
