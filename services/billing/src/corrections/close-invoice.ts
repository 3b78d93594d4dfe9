import type { Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import { holdInvoice, isOwed, paymentStatusOf } from '../payments/attempts/open-invoice.ts';
import { DunningRepository } from '../payments/dunning/dunning.repository.ts';
import { SettleOverdue } from '../subscriptions/settle-overdue.ts';

/** What follows when nothing is left to pay of an invoice, since it was voided or credited. */
@Injectable()
export class CloseInvoice {
  constructor(
    private readonly dunning: DunningRepository,
    private readonly overdue: SettleOverdue,
  ) {}

  /** Ends dunning, and the subscription is not past due for this invoice any more. Does nothing while something is owed. */
  async close(tx: Transaction, partnerId: string, invoiceId: string, at: Date): Promise<void> {
    const balance = await holdInvoice(tx, partnerId, invoiceId);
    if (isOwed(balance)) return;
    const status = paymentStatusOf(balance);
    if (balance.status === 'finalized' && status !== balance.paymentStatus)
      await tx.prepared('update invoices set payment_status = $3 where partner_id = $1 and id = $2', [
        ...[partnerId, invoiceId, status],
      ]);
    await this.dunning.end(tx, invoiceId, 'closed', at);
    await this.overdue.settle(tx, partnerId, invoiceId);
  }
}
