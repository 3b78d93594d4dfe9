import { type PaymentMail, paymentMailRequested } from '@gridworks/contracts';
import type { Transaction } from '@gridworks/persistence';
import { formatMoney } from '../../money/format-money.ts';
import { declineWords } from '../states/decline-codes.ts';
import type { InvoiceBalance } from './open-invoice.ts';

/** Requests a mail about a payment, in the transaction of its occasion. */
export function requestPaymentMail(
  tx: Transaction,
  mail: PaymentMail,
  invoice: InvoiceBalance,
  about: { readonly amount: bigint; readonly code?: string | null; readonly date?: Date | null },
): void {
  const { partnerId, currency, locale, number, id } = invoice;
  tx.emit(
    paymentMailRequested,
    {
      ...{ mail, partner_id: partnerId },
      words: {
        ...{
          invoice_id: id,
          invoice: number,
          amount: formatMoney({ minor: about.amount, currency }, locale),
        },
        reason: about.code ? declineWords(about.code) : '',
        date: about.date?.toISOString().slice(0, 10) ?? '',
      },
    },
    { partnerId },
  );
}
