import type { Invoice } from '@gridworks/sdk';
import type { Status } from '../ui/status-mark.tsx';

export const INVOICE_TYPES: Readonly<Record<Invoice['type'], string>> = {
  invoice: 'Invoice',
  credit_note: 'Credit note',
};

const PAYMENT: Readonly<
  Record<Invoice['payment_status'], { readonly word: string; readonly status: Status }>
> = {
  unpaid: { word: 'Open', status: 'warn' },
  paid: { word: 'Paid', status: 'pass' },
  refunded: { word: 'Refunded', status: 'unknown' },
  written_off: { word: 'Written off', status: 'unknown' },
};

/** The one word for where an invoice stands. `today`: a day of UTC, `2026-11-30`. */
export function invoiceMark(
  invoice: Pick<Invoice, 'type' | 'status' | 'payment_status' | 'due_on' | 'due'>,
  today: string,
): { readonly word: string; readonly status: Status } {
  if (invoice.status === 'draft') return { word: 'Draft', status: 'unknown' };
  if (invoice.status === 'voided') return { word: 'Void', status: 'unknown' };
  if (invoice.type === 'credit_note')
    return invoice.payment_status === 'refunded' ? PAYMENT.refunded : { word: 'Issued', status: 'pass' };
  if (invoice.payment_status === 'unpaid') {
    if (invoice.due === 0) return { word: 'Nothing to pay', status: 'pass' };
    if (invoice.due_on !== null && invoice.due_on < today) return { word: 'Overdue', status: 'fail' };
  }
  return PAYMENT[invoice.payment_status];
}

/** The name of the document where it has no number yet: `Draft`. */
export const invoiceName = ({ type, number }: Pick<Invoice, 'type' | 'number'>): string =>
  number ?? `${INVOICE_TYPES[type]} without a number`;

/** Today as a day of UTC. */
export const todayUtc = (): string => new Date().toISOString().slice(0, 10);
