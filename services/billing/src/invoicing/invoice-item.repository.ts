import { newId } from '@gridworks/contracts';
import type { Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import { ITEM_KINDS, type NewItem } from './invoice-item.ts';

/** The billing period that an item belongs to. */
export interface ItemPlace {
  readonly partnerId: string;
  readonly subscriptionId: string;
  readonly periodStartsAt: Date;
}

export interface PendingItem extends NewItem {
  readonly id: string;
}

const ADD_SQL = `
  insert into invoice_items (id, partner_id, subscription_id, period_starts_at, kind, ordinal, description, detail, quantity,
    unit_amount, amount, currency, covers_from, covers_to, due_at)
  select $1, $2, $3, $4, $5, coalesce(max(ordinal), 0) + 1, $6, $7, $8, $9, $10, $11, $12, $13, $14
  from invoice_items where subscription_id = $3 and period_starts_at = $4 and kind = $5`;
const DUE_SQL = `
  select id, kind, description, detail, quantity, unit_amount, amount, currency, covers_from, covers_to, due_at
  from invoice_items where partner_id = $1 and invoice_id is null and due_at <= $2
  order by currency, covers_from, array_position('{${ITEM_KINDS.join()}}'::text[], kind), ordinal, id for update`;

interface Row {
  readonly id: string;
  readonly kind: NewItem['kind'];
  readonly description: string;
  readonly detail: string | null;
  readonly quantity: string;
  readonly unit_amount: string;
  readonly amount: string;
  readonly currency: string;
  readonly covers_from: Date;
  readonly covers_to: Date;
  readonly due_at: Date;
}

@Injectable()
export class InvoiceItemRepository {
  /** The caller holds the subscription, so that two items get different ordinals. */
  async add(
    tx: Transaction,
    { partnerId, subscriptionId, periodStartsAt }: ItemPlace,
    item: NewItem,
  ): Promise<void> {
    await tx.prepared(ADD_SQL, [
      ...[newId('invoiceItem'), partnerId, subscriptionId, periodStartsAt, item.kind],
      ...[item.description, item.detail, item.quantity.toString(), item.unitAmount, item.amount.toString()],
      ...[item.currency, item.covers.from, item.covers.to, item.dueAt],
    ]);
  }

  /** Items that no invoice has and that are due, in the order of an invoice. They are locked. */
  async due(tx: Transaction, partnerId: string, at: Date): Promise<PendingItem[]> {
    const rows = await tx.prepared<Row>(DUE_SQL, [partnerId, at]);
    return rows.map((row) => ({
      ...{ id: row.id, kind: row.kind, description: row.description, detail: row.detail },
      ...{ quantity: BigInt(row.quantity), unitAmount: row.unit_amount, amount: BigInt(row.amount) },
      ...{ currency: row.currency, covers: { from: row.covers_from, to: row.covers_to }, dueAt: row.due_at },
    }));
  }

  /** Minor units by currency that no invoice has, whether due or not. */
  async pending(tx: Transaction, partnerId: string): Promise<Map<string, bigint>> {
    const rows = await tx.prepared<{ currency: string; amount: string }>(
      `select currency, sum(amount)::text as amount from invoice_items
       where partner_id = $1 and invoice_id is null group by currency`,
      [partnerId],
    );
    return new Map(rows.map(({ currency, amount }) => [currency, BigInt(amount)]));
  }

  /** Gives the items of an invoice back to the next one. */
  async release(tx: Transaction, invoiceId: string): Promise<void> {
    await tx.prepared('update invoice_items set invoice_id = null where invoice_id = $1', [invoiceId]);
  }

  async invoiced(tx: Transaction, ids: readonly string[], invoiceId: string): Promise<void> {
    await tx.prepared('update invoice_items set invoice_id = $2 where id = any ($1)', [ids, invoiceId]);
  }
}
