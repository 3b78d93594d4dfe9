import { AppError, INVOICE_NOT_FOUND } from '@gridworks/contracts';
import type { Transaction } from '@gridworks/persistence';

/** What there is to pay of one invoice, in minor units. */
export interface InvoiceBalance {
  readonly id: string;
  readonly partnerId: string;
  readonly type: 'invoice' | 'credit_note';
  readonly status: 'draft' | 'finalized' | 'voided';
  readonly paymentStatus: 'unpaid' | 'paid' | 'refunded' | 'written_off';
  /** An invoice for credit is no debt: when it is not paid, it lapses. */
  readonly purpose: 'charges' | 'top_up' | 'auto_top_up';
  readonly currency: string;
  /** `GW-2026-000042`; empty in a draft. */
  readonly number: string;
  readonly locale: string;
  readonly dueOn: string | null;
  /** The total without the part that credits paid. */
  readonly due: bigint;
  /** By credit notes, without what came back as credit. */
  readonly credited: bigint;
  /** Received, less what was refunded. */
  readonly paid: bigint;
  readonly refunded: bigint;
  /** `due - credited - paid`: below 0 what was paid too much. */
  readonly left: bigint;
}

interface Row {
  readonly id: string;
  readonly partner_id: string;
  readonly type: InvoiceBalance['type'];
  readonly status: InvoiceBalance['status'];
  readonly payment_status: InvoiceBalance['paymentStatus'];
  readonly purpose: InvoiceBalance['purpose'];
  readonly currency: string;
  readonly number: string | null;
  readonly locale: string;
  readonly due_on: string | null;
  readonly due: string;
  readonly credited: string;
  readonly received: string;
  readonly refunded: string;
}

const SQL = `
  select i.id, i.partner_id, i.type, i.status, i.payment_status, i.purpose, i.currency,
    i.series || '-' || lpad(i.number::text, 6, '0') as number,
    i.document ->> 'locale' as locale, i.document ->> 'dueOn' as due_on, i.document -> 'totals' ->> 'due' as due,
    ((select coalesce(sum(n.total), 0) from invoices n
      where n.partner_id = i.partner_id and n.corrects = i.id and n.status = 'finalized')
     - (select coalesce(sum(m.amount), 0) from credit_movements m join invoices n on n.id = m.invoice_id
        where n.corrects = i.id and m.kind = 'returned'))::text as credited,
    (select coalesce(sum(a.amount) filter (where a.kind <> 'refund'), 0)::text from payment_attempts a
     where a.invoice_id = i.id and a.state = 'succeeded') as received,
    (select coalesce(sum(a.amount) filter (where a.kind = 'refund'), 0)::text from payment_attempts a
     where a.invoice_id = i.id and a.state = 'succeeded') as refunded
  from invoices i where i.id = $1 and ($2::text is null or i.partner_id = $2)`;

/**
 * Locks an invoice and reads what is left of it. Everything that decides about payments of an invoice locks it first, so that such
 * decisions run one after another. `partnerId` null: of whatever partner. Throws `BILLING.INVOICE_NOT_FOUND`.
 */
export async function holdInvoice(
  tx: Transaction,
  partnerId: string | null,
  id: string,
): Promise<InvoiceBalance> {
  // In two statements: the sums must see what was committed while this one waited for the lock.
  await tx.prepared(
    'select id from invoices where id = $1 and ($2::text is null or partner_id = $2) for update',
    [id, partnerId],
  );
  const [row] = await tx.prepared<Row>(SQL, [id, partnerId]);
  return toBalance(row);
}

/** The same, without a lock. */
export async function readBalance(
  manager: Transaction['manager'],
  partnerId: string,
  id: string,
): Promise<InvoiceBalance> {
  const [row] = await manager.query<Row[]>(SQL, [id, partnerId]);
  return toBalance(row);
}

/** Whether somebody owes something for the invoice. */
export const isOwed = ({ type, status, left }: InvoiceBalance): boolean =>
  type === 'invoice' && status === 'finalized' && left > 0n;

/** The payment status that the sums of an invoice mean. */
export function paymentStatusOf({
  due,
  credited,
  paid,
  refunded,
  left,
}: InvoiceBalance): 'unpaid' | 'paid' | 'refunded' {
  if (refunded > 0n && paid <= 0n && due <= credited) return 'refunded';
  return left <= 0n ? 'paid' : 'unpaid';
}

function toBalance(row: Row | undefined): InvoiceBalance {
  if (!row) throw new AppError(INVOICE_NOT_FOUND);
  // A voided invoice asks for nothing: money that arrives for it all the same can be refunded.
  const due = row.status === 'voided' ? 0n : BigInt(row.due);
  const [credited, refunded] = [BigInt(row.credited), BigInt(row.refunded)];
  const paid = BigInt(row.received) - refunded;
  return {
    ...{ id: row.id, partnerId: row.partner_id, type: row.type, status: row.status, currency: row.currency },
    purpose: row.purpose,
    ...{ paymentStatus: row.payment_status, number: row.number ?? '', locale: row.locale, dueOn: row.due_on },
    ...{ due, credited, paid, refunded, left: due - credited - paid },
  };
}
