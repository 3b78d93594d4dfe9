import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { api } from '../api/portal.ts';
import { Moment } from '../ui/moment.tsx';
import { formatMoney } from '../ui/numbers.ts';
import { Panel } from '../ui/panel.tsx';
import { AmountList } from './amount-list.tsx';

const REFETCH_MS = 60_000;

/** The next invoice as it stands now. */
export function NextInvoice(): ReactNode {
  const next = useQuery({
    queryKey: ['invoices', 'next'],
    queryFn: () => api.invoices.preview(),
    refetchInterval: REFETCH_MS,
  });
  return (
    <Panel query={next} title="Next invoice" lines={5}>
      {({ at, invoice, counted_until }) =>
        invoice === null ? (
          <p className="text-muted">
            Nothing to pay so far
            {at !== null && (
              <>
                {' '}
                for the month that ends <Moment at={at} precision="day" />
              </>
            )}
            .
          </p>
        ) : (
          <>
            <p className="flex flex-wrap items-baseline gap-x-2">
              <span className="text-2xl font-semibold tracking-tight tabular-nums">
                {formatMoney(invoice.due, invoice.currency)}
              </span>
              <span className="text-muted">
                so far
                {at !== null && (
                  <>
                    , due <Moment at={at} precision="day" />
                  </>
                )}
              </span>
            </p>
            <div className="mt-3">
              <AmountList amounts={invoice} />
            </div>
            <p className="mt-2 text-xs text-faint">
              Calls counted until <Moment at={counted_until} precision="second" />
            </p>
          </>
        )
      }
    </Panel>
  );
}
