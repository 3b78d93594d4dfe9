import { type BusEvent, HandleEvent } from '@gridworks/bus';
import { consumerOf, type PayloadOf, paymentOverdue, paymentSucceeded } from '@gridworks/contracts';
import { Database } from '@gridworks/persistence';
import { Controller } from '@nestjs/common';
import { SettleOverdue } from './settle-overdue.ts';

/** The event may come after the payment: then nothing is overdue any more. */
const IS_OVERDUE = `
  select 1 from dunning_cases dunning join invoices invoice on invoice.id = dunning.invoice_id
  where invoice.id = $1 and invoice.purpose = 'charges' and dunning.state = 'overdue'`;

const MISS = consumerOf(paymentOverdue, 'billing_miss-payment');

/** A subscription is past due from the end of an invoice's grace until no overdue invoice is left. An invoice for credit does not count: it lapses. */
@Controller()
export class FollowPaymentsHandler {
  constructor(
    private readonly database: Database,
    private readonly overdue: SettleOverdue,
  ) {}

  @HandleEvent(paymentOverdue, { consumer: MISS })
  async miss(
    { partner_id, invoice_id }: PayloadOf<typeof paymentOverdue>,
    event: BusEvent<PayloadOf<typeof paymentOverdue>>,
  ): Promise<void> {
    await this.database.once(event, MISS, async (tx) => {
      if ((await tx.prepared(IS_OVERDUE, [invoice_id])).length > 0)
        await this.overdue.mark(tx, partner_id, 'miss_payment');
    });
  }

  @HandleEvent(paymentSucceeded)
  async settle(
    { partner_id, invoice_id, invoice_paid }: PayloadOf<typeof paymentSucceeded>,
    event: BusEvent<PayloadOf<typeof paymentSucceeded>>,
  ): Promise<void> {
    await this.database.once(event, consumerOf(paymentSucceeded), async (tx) => {
      if (invoice_paid) await this.overdue.settle(tx, partner_id, invoice_id);
    });
  }
}
