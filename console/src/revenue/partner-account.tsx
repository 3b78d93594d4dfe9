import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { api } from '../api/portal.ts';
import { Day } from '../billing/formats.tsx';
import { invoiceMark, invoiceName, todayUtc } from '../billing/invoice-words.ts';
import { SUBSCRIPTION_STATUSES } from '../billing/subscription-words.ts';
import { Link } from '../navigation/navigation.tsx';
import { useMay } from '../session/session.ts';
import { FigureNumber } from '../ui/figure-number.tsx';
import { Moment } from '../ui/moment.tsx';
import { formatMoney } from '../ui/numbers.ts';
import { Panel } from '../ui/panel.tsx';
import { StatusMark } from '../ui/status-mark.tsx';

const NEWEST = 5;

/** The subscription of a partner, and, for those who may see them, its newest invoices. */
export function PartnerAccount({ id }: { readonly id: string }): ReactNode {
  const maySee = useMay('invoices:read-all');
  const account = useQuery({
    queryKey: ['invoices', 'account', id, maySee],
    queryFn: async () => {
      const [subscription, invoices] = await Promise.all([
        api.admin.partnerSubscriptions.get({ id }),
        maySee ? api.admin.partnerInvoices.list({ partner: id, limit: NEWEST }) : null,
      ]);
      return { subscription, invoices: invoices?.data ?? [] };
    },
  });
  return (
    <Panel
      query={account}
      title="Billing"
      lines={4}
      actions={
        maySee && (
          <Link to={`/admin/billing?partner=${id}`} className="link text-sm">
            All invoices
          </Link>
        )
      }
    >
      {({ subscription, invoices }) => {
        const { plan, status, period, pending_change, cancel_at_period_end } = subscription;
        const follows = cancel_at_period_end
          ? 'then canceled'
          : pending_change
            ? `then ${pending_change.name}`
            : 'then renewed';
        return (
          <div className="grid grid-cols-1 gap-5 md:grid-cols-[14rem_1fr]">
            <dl className="flex flex-col gap-3">
              <FigureNumber label="Subscription" value={plan.name}>
                version {plan.version}, until <Moment at={period.to} precision="day" />, {follows}
              </FigureNumber>
              <div>
                <dt className="sr-only">Status</dt>
                <dd>
                  <StatusMark {...SUBSCRIPTION_STATUSES[status]} />
                </dd>
              </div>
            </dl>
            {invoices.length === 0 ? (
              <p className="text-muted">{maySee && 'No invoice yet.'}</p>
            ) : (
              <ul className="flex flex-col divide-y divide-line">
                {invoices.map((invoice) => (
                  <li key={invoice.id} className="flex flex-wrap items-center gap-x-4 gap-y-1 py-2">
                    <Link
                      to={`/admin/billing/invoices/${invoice.id}`}
                      className="font-medium tabular-nums hover:underline"
                    >
                      {invoiceName(invoice)}
                    </Link>
                    <span className="text-sm text-muted">
                      <Day day={invoice.issued_on} />
                    </span>
                    <span className="ml-auto flex items-center gap-4">
                      <StatusMark {...invoiceMark(invoice, todayUtc())} />
                      <span className="tabular-nums">
                        {formatMoney(
                          invoice.type === 'credit_note' ? -invoice.total : invoice.total,
                          invoice.currency,
                        )}
                      </span>
                    </span>
                  </li>
                ))}
              </ul>
            )}
          </div>
        );
      }}
    </Panel>
  );
}
