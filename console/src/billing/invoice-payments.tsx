import type { Payment } from '@gridworks/sdk';
import { useQuery } from '@tanstack/react-query';
import { Fragment, type ReactNode } from 'react';
import { api } from '../api/portal.ts';
import { useAction } from '../api/use-action.ts';
import { useMay } from '../session/session.ts';
import { Button, buttonClass } from '../ui/button.tsx';
import { Moment } from '../ui/moment.tsx';
import { formatMoney } from '../ui/numbers.ts';
import { Panel } from '../ui/panel.tsx';
import { StatusMark } from '../ui/status-mark.tsx';
import { isOpen, PAYMENT_KINDS, PAYMENT_STATUSES } from './payment-words.ts';

/** An invoice with its lines and parties. */
export type Invoice = Awaited<ReturnType<typeof api.invoices.get>>;

const OPEN_MS = 2000;
const SETTLED_MS = 60_000;

/** What is paid of an invoice, what is left, and the button that pays it. */
export function InvoicePayments({ invoice }: { readonly invoice: Invoice }): ReactNode {
  const { id, number, pay_to, seller } = invoice;
  const query = useQuery({
    queryKey: ['invoices', 'payments', id],
    queryFn: async () => {
      const [balance, payments, options] = await Promise.all([
        api.invoiceBalances.get({ id }),
        api.payments.list({ id, limit: 100 }),
        api.paymentOptions.list(),
      ]);
      return { balance, payments: payments.data, options };
    },
    refetchInterval: ({ state }) => (state.data?.payments.some(isOpen) ? OPEN_MS : SETTLED_MS),
  });
  const mayPay = useMay('billing:write');
  const pay = useAction({
    run: () => api.invoices.pay({ id }),
    done: 'The payment is on its way',
    failed: 'The invoice was not paid',
    refresh: [['invoices']],
  });
  return (
    <Panel query={query} title="Payments" lines={4}>
      {({ balance, payments, options }) => {
        const { left, paid, currency, dunning } = balance;
        const open = payments.find(isOpen);
        return (
          <>
            <p className="flex flex-wrap items-center justify-between gap-3">
              <span>
                {left > 0 ? (
                  <>
                    <strong className="font-semibold">{formatMoney(left, currency)}</strong> left to pay
                    {paid > 0 && `, ${formatMoney(paid, currency)} received`}
                  </>
                ) : left < 0 ? (
                  `${formatMoney(-left, currency)} were paid too much`
                ) : (
                  'Nothing is left to pay'
                )}
              </span>
              {open?.action_url ? (
                <a href={open.action_url} className={buttonClass('primary')}>
                  Confirm the payment
                </a>
              ) : (
                mayPay &&
                left > 0 &&
                options.card && (
                  <Button
                    variant="primary"
                    busy={pay.isPending || open !== undefined}
                    onClick={() => pay.mutate()}
                  >
                    Pay {formatMoney(left, currency)}
                  </Button>
                )
              )}
            </p>
            {left > 0 && !options.card && (
              <TransferTo
                facts={[['Name', seller.name], ...pay_to.map(factOf), ['Reference', number ?? id]]}
              />
            )}
            {dunning !== null && left > 0 && (
              <p className="mt-2 text-warn">
                ▲ A payment failed.{' '}
                {dunning.next_at !== null && (
                  <>
                    It is tried again <Moment at={dunning.next_at} relative />.{' '}
                  </>
                )}
                From <Moment at={dunning.grace_ends_at} precision="day" /> on the subscription is overdue.
              </p>
            )}
            {payments.length > 0 && (
              <ul className="mt-3 flex flex-col divide-y divide-line border-t border-line">
                {payments.map((payment) => (
                  <PaymentItem key={payment.id} payment={payment} />
                ))}
              </ul>
            )}
          </>
        );
      }}
    </Panel>
  );
}

const factOf = ({ label, value }: Invoice['pay_to'][number]) => [label, value] as const;

/** Where a transfer goes, and the reference that finds its invoice. */
function TransferTo({ facts }: { readonly facts: readonly (readonly [string, string])[] }): ReactNode {
  return (
    <>
      <p className="mt-2 text-muted">Please pay it by bank transfer:</p>
      <dl className="mt-2 grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
        {facts.map(([name, value]) => (
          <Fragment key={name}>
            <dt className="text-muted">{name}</dt>
            <dd className="break-words tabular-nums">{value}</dd>
          </Fragment>
        ))}
      </dl>
    </>
  );
}

export function PaymentItem({ payment }: { readonly payment: Payment }): ReactNode {
  const { kind, status, amount, currency, created_at, failure, reference } = payment;
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 py-2">
      <span className="min-w-0">
        <span className="font-medium">{PAYMENT_KINDS[kind]}</span>{' '}
        <span className="text-sm text-muted">
          <Moment at={created_at} />
        </span>
        {reference !== null && <span className="block text-sm break-all text-muted">{reference}</span>}
        {failure !== null && <span className="block text-sm text-fail">{failure.message}</span>}
      </span>
      <span className="ml-auto flex items-center gap-3">
        <StatusMark {...PAYMENT_STATUSES[status]} />
        <span className="tabular-nums">{formatMoney(kind === 'refund' ? -amount : amount, currency)}</span>
      </span>
    </li>
  );
}
