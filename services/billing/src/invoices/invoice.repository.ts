import {
  AppError,
  INVOICE_NOT_CORRECTABLE,
  INVOICE_NOT_FOUND,
  INVOICE_NOT_VOIDABLE,
  invoiceFinalized,
  newId,
  type Page,
  pageOf,
} from '@gridworks/contracts';
import { Database, type ListPageQuery, readListPage, type Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import { LedgerRepository } from '../ledger/ledger.repository.ts';
import { toInteger } from '../money/money.ts';
import { INVOICE_NOT_DRAFT } from './invoice.errors.ts';
import type { InvoiceDocument } from './invoice-document.ts';
import { readDocument, storeDocument } from './stored-document.ts';

export type InvoicePurpose = 'charges' | 'top_up' | 'auto_top_up';

export interface StoredInvoice {
  readonly id: string;
  readonly partnerId: string;
  readonly paymentStatus: 'unpaid' | 'paid' | 'refunded' | 'written_off';
  /** The id of the invoice that a credit note corrects. */
  readonly corrects: string | null;
  readonly createdAt: Date;
  /** What is charged: items, or credit that the partner orders, by a person or by itself. */
  readonly purpose: InvoicePurpose;
  /** With the status and the number of the row. */
  readonly document: InvoiceDocument;
}

export interface InvoiceRow {
  readonly id: string;
  readonly partner_id: string;
  readonly status: InvoiceDocument['status'];
  readonly payment_status: StoredInvoice['paymentStatus'];
  readonly corrects: string | null;
  readonly created_at: Date;
  readonly purpose: InvoicePurpose;
  readonly series: string | null;
  readonly number: string | null;
  readonly document: unknown;
}

/** The series of a document: invoices and credit notes are numbered apart, from 1 in each year. */
export function seriesOf({ type, issuedOn }: InvoiceDocument): string {
  return `${type === 'invoice' ? 'GW' : 'GWC'}-${issuedOn.slice(0, 4)}`;
}

export const INVOICE_COLUMNS =
  'id, partner_id, status, payment_status, corrects, created_at, purpose, series, number, document';

const LEFT_SQL = `
  select ((document -> 'totals' ->> 'due')::bigint
    - (select coalesce(sum(total), 0) from invoices note
       where note.partner_id = $1 and note.corrects = $2 and note.status = 'finalized')
    + (select coalesce(sum(amount), 0) from credit_movements back join invoices note on note.id = back.invoice_id
       where note.corrects = $2 and back.kind = 'returned')
    - (select coalesce(sum(case kind when 'refund' then -amount else amount end), 0) from payment_attempts
       where invoice_id = $2 and state = 'succeeded'))::text as left
  from invoices where partner_id = $1 and id = $2`;

@Injectable()
export class InvoiceRepository {
  constructor(
    private readonly database: Database,
    private readonly ledger: LedgerRepository,
  ) {}

  /** Stores a draft, and returns its id. Throws `BILLING.INVOICE_NOT_CORRECTABLE` for a credit note that does not fit its invoice. */
  async createDraft(
    tx: Transaction,
    partnerId: string,
    document: InvoiceDocument,
    corrects: string | null = null,
    purpose: InvoicePurpose = 'charges',
  ): Promise<string> {
    if (corrects !== null) await this.#requireCorrectable(tx, partnerId, document, corrects);
    const id = newId('invoice');
    const { net, total } = document.totals;
    await tx.prepared(
      `insert into invoices (id, partner_id, type, corrects, currency, net, tax, total, document, purpose, created_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, now())`,
      [
        ...[id, partnerId, document.type, corrects, document.currency],
        ...[net, total - net, total].map(String),
        storeDocument({ ...document, status: 'draft', number: null }),
        purpose,
      ],
    );
    return id;
  }

  /**
   * Gives a draft its number and posts it, and tells of an invoice, in one transaction: when that is rolled back, the next document gets the number. Every
   * other finalization in the series waits from here to COMMIT. Throws `BILLING.INVOICE_NOT_FOUND`, `BILLING.INVOICE_NOT_DRAFT`.
   */
  async finalize(tx: Transaction, partnerId: string, id: string, at: Date): Promise<StoredInvoice> {
    const draft = await this.#lock(tx, partnerId, id);
    if (draft.document.status !== 'draft') throw new AppError(INVOICE_NOT_DRAFT);
    if (draft.corrects !== null)
      await this.#requireCorrectable(tx, partnerId, draft.document, draft.corrects, id);
    await this.#post(tx, draft, draft.document.type === 'invoice' ? 'finalized' : 'credit_note_issued', at);
    const series = seriesOf(draft.document);
    const [given] = await tx.prepared<{ last_number: string }>(
      `insert into invoice_series (id, last_number) values ($1, 1)
       on conflict (id) do update set last_number = invoice_series.last_number + 1 returning last_number`,
      [series],
    );
    const [row] = await tx.prepared<InvoiceRow>(
      `update invoices set status = 'finalized', series = $3, number = $4, finalized_at = $5, payment_status = $6
       where partner_id = $1 and id = $2 returning ${INVOICE_COLUMNS}`,
      [partnerId, id, series, given?.last_number, at, isPaidByCredits(draft) ? 'paid' : draft.paymentStatus],
    );
    const finalized = toInvoice(row);
    if (finalized.document.type === 'invoice') this.#tell(tx, finalized);
    return finalized;
  }

  #tell(tx: Transaction, { id, partnerId, document }: StoredInvoice): void {
    const { totals, currency, dueOn } = document;
    tx.emit(
      invoiceFinalized,
      {
        ...{ invoice_id: id, partner_id: partnerId, total: toInteger(totals.total), currency },
        due_on: dueOn,
      },
      { partnerId },
    );
  }

  /**
   * Takes a finalized invoice back as a whole: it keeps its number. What it burned the caller gives back. Throws `BILLING.INVOICE_NOT_VOIDABLE` when it was paid or
   * has a credit note; then another credit note is the way.
   */
  async void(tx: Transaction, partnerId: string, id: string, at: Date): Promise<StoredInvoice> {
    const invoice = await this.#lock(tx, partnerId, id);
    const { type, status } = invoice.document;
    const isUnpaid = invoice.paymentStatus === 'unpaid' || isPaidByCredits(invoice);
    if (type !== 'invoice' || status !== 'finalized' || !isUnpaid) throw new AppError(INVOICE_NOT_VOIDABLE);
    if ((await this.#credited(tx, partnerId, id)) > 0n || (await this.#hasPayment(tx, id)))
      throw new AppError(INVOICE_NOT_VOIDABLE);
    await this.#post(tx, invoice, 'voided', at);
    const [row] = await tx.prepared<InvoiceRow>(
      `update invoices set status = 'voided', voided_at = $3 where partner_id = $1 and id = $2 returning ${INVOICE_COLUMNS}`,
      [partnerId, id, at],
    );
    return toInvoice(row);
  }

  /** What is left to pay of an invoice, in minor units; below 0: what is left with us. */
  async left(tx: Transaction, partnerId: string, id: string): Promise<bigint> {
    const [row] = await tx.prepared<{ left: string }>(LEFT_SQL, [partnerId, id]);
    return BigInt(row?.left ?? 0);
  }

  /** One invoice or credit note. Throws `BILLING.INVOICE_NOT_FOUND`. */
  async get(partnerId: string, id: string): Promise<StoredInvoice> {
    const [row]: InvoiceRow[] = await this.database.read((manager) =>
      manager.query(`select ${INVOICE_COLUMNS} from invoices where partner_id = $1 and id = $2`, [
        partnerId,
        id,
      ]),
    );
    return toInvoice(row);
  }

  /** The partner of an invoice, for people who see those of all. Throws `BILLING.INVOICE_NOT_FOUND`. */
  async partnerOf(tx: Transaction, id: string): Promise<string> {
    const [row] = await tx.prepared<{ partner_id: string }>('select partner_id from invoices where id = $1', [
      id,
    ]);
    if (!row) throw new AppError(INVOICE_NOT_FOUND);
    return row.partner_id;
  }

  /** An invoice that does not change until COMMIT. Throws `BILLING.INVOICE_NOT_FOUND`. */
  hold(tx: Transaction, partnerId: string, id: string): Promise<StoredInvoice> {
    return this.#lock(tx, partnerId, id);
  }

  /** Newest first. */
  async page(partnerId: string, query: ListPageQuery): Promise<Page<StoredInvoice>> {
    const source = { table: 'invoices', columns: INVOICE_COLUMNS, list: { partner_id: partnerId } };
    const rows = await this.database.read((manager) => readListPage<InvoiceRow>(manager, source, query));
    const { data, has_more } = pageOf(rows, query.limit, query.ending_before !== undefined);
    return { data: data.map(toInvoice), has_more };
  }

  async #lock(tx: Transaction, partnerId: string, id: string): Promise<StoredInvoice> {
    const [row] = await tx.prepared<InvoiceRow>(
      `select ${INVOICE_COLUMNS} from invoices where partner_id = $1 and id = $2 for update`,
      [partnerId, id],
    );
    return toInvoice(row);
  }

  async #post(
    tx: Transaction,
    { id, partnerId, document, purpose }: StoredInvoice,
    what: 'finalized' | 'voided' | 'credit_note_issued',
    at: Date,
  ): Promise<void> {
    const { net, total } = document.totals;
    if (total === 0n) return;
    const isTopUp = purpose !== 'charges';
    const kind =
      what === 'credit_note_issued' ? what : (`${isTopUp ? 'top_up' : 'invoice'}_${what}` as const);
    const amounts = isTopUp ? { net } : { net, tax: total - net };
    await this.ledger.post(tx, { partnerId, kind, reference: id, currency: document.currency, amounts, at });
  }

  /** What the finalized credit notes of an invoice give back, in minor units; the note `except` is left out. */
  async #credited(tx: Transaction, partnerId: string, id: string, except = ''): Promise<bigint> {
    const [row] = await tx.prepared<{ credited: string }>(
      `select coalesce(sum(total), 0)::text as credited from invoices
       where partner_id = $1 and corrects = $2 and status = 'finalized' and id <> $3`,
      [partnerId, id, except],
    );
    return BigInt(row?.credited ?? 0);
  }

  /** Whether a payment of the invoice has arrived or may still do so. */
  async #hasPayment(tx: Transaction, id: string): Promise<boolean> {
    const rows = await tx.prepared(
      `select 1 from payment_attempts where invoice_id = $1 and state not in ('failed', 'canceled') limit 1`,
      [id],
    );
    return rows.length > 0;
  }

  /** The lock of the invoice keeps two credit notes from giving back the same amount. */
  async #requireCorrectable(
    tx: Transaction,
    partnerId: string,
    note: InvoiceDocument,
    corrects: string,
    id?: string,
  ): Promise<void> {
    const { document, purpose } = await this.#lock(tx, partnerId, corrects);
    const left = document.totals.total - (await this.#credited(tx, partnerId, corrects, id));
    const fits =
      document.type === 'invoice' &&
      purpose === 'charges' &&
      document.status === 'finalized' &&
      document.currency === note.currency &&
      note.totals.total <= left;
    if (!fits) throw new AppError(INVOICE_NOT_CORRECTABLE);
  }
}

/** Whether credits pay all of an invoice: then no payment follows. */
const isPaidByCredits = ({ document: { type, totals } }: StoredInvoice): boolean =>
  type === 'invoice' && totals.credits > 0n && totals.due === 0n;

/** Throws `BILLING.INVOICE_NOT_FOUND` without a row. */
export function toInvoice(row: InvoiceRow | undefined): StoredInvoice {
  if (!row) throw new AppError(INVOICE_NOT_FOUND);
  const { status, series, number } = row;
  const text = series && number ? `${series}-${number.padStart(6, '0')}` : null;
  return {
    createdAt: row.created_at,
    purpose: row.purpose,
    ...{ id: row.id, partnerId: row.partner_id, paymentStatus: row.payment_status, corrects: row.corrects },
    document: { ...readDocument(row.document), status, number: text },
  };
}
