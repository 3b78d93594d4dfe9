import type { Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import { SubscriptionRepository } from './subscription.repository.ts';
import { stepsFrom } from './subscription-states.ts';
import { Subscriptions } from './subscriptions.ts';

const OVERDUE = `
  select 1 from dunning_cases dunning join invoices invoice on invoice.id = dunning.invoice_id and invoice.purpose = 'charges'
  where dunning.partner_id = $1 and dunning.state = 'overdue' and dunning.invoice_id <> $2 limit 1`;

/** Makes a subscription past due, and active again. */
@Injectable()
export class SettleOverdue {
  constructor(
    private readonly repository: SubscriptionRepository,
    private readonly subscriptions: Subscriptions,
  ) {}

  /** Nothing is left to pay of an invoice: when no other one is overdue, the subscription is active again. */
  async settle(tx: Transaction, partnerId: string, invoiceId: string): Promise<void> {
    if ((await tx.prepared(OVERDUE, [partnerId, invoiceId])).length === 0)
      await this.mark(tx, partnerId, 'settle_payment');
  }

  /** In a state without this step, such as a trial or a pause, nothing follows. */
  async mark(tx: Transaction, partnerId: string, step: 'miss_payment' | 'settle_payment'): Promise<void> {
    const held = await this.repository.hold(tx, partnerId);
    if (held && stepsFrom(held.status).includes(step))
      await this.subscriptions.mark(tx, partnerId, step, new Date());
  }
}
