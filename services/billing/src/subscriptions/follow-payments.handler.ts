import { type BusEvent, HandleEvent } from '@gridworks/bus';
import { consumerOf, type PayloadOf, paymentOverdue, paymentSucceeded } from '@gridworks/contracts';
import { Database, type Transaction } from '@gridworks/persistence';
import { Controller } from '@nestjs/common';
import { SubscriptionRepository } from './subscription.repository.ts';
import { type SubscriptionStep, stepsFrom } from './subscription-states.ts';
import { Subscriptions } from './subscriptions.ts';

const OVERDUE = `
  select 1 from dunning_cases dunning join invoices invoice on invoice.id = dunning.invoice_id and invoice.purpose = 'charges'
  where dunning.partner_id = $1 and dunning.state = 'overdue' and dunning.invoice_id <> $2 limit 1`;
const CHARGES = `select 1 from invoices where id = $1 and purpose = 'charges'`;

const MISS = consumerOf(paymentOverdue, 'billing_miss-payment');

/** A subscription is past due from the end of an invoice's grace until no overdue invoice is left. An invoice for credit does not count: it lapses. */
@Controller()
export class FollowPaymentsHandler {
  constructor(
    private readonly database: Database,
    private readonly repository: SubscriptionRepository,
    private readonly subscriptions: Subscriptions,
  ) {}

  @HandleEvent(paymentOverdue, { consumer: MISS })
  async miss(
    { partner_id, invoice_id }: PayloadOf<typeof paymentOverdue>,
    event: BusEvent<PayloadOf<typeof paymentOverdue>>,
  ): Promise<void> {
    await this.database.once(event, MISS, async (tx) => {
      if ((await tx.prepared(CHARGES, [invoice_id])).length > 0)
        await this.#mark(tx, partner_id, 'miss_payment');
    });
  }

  @HandleEvent(paymentSucceeded)
  async settle(
    { partner_id, invoice_id, invoice_paid }: PayloadOf<typeof paymentSucceeded>,
    event: BusEvent<PayloadOf<typeof paymentSucceeded>>,
  ): Promise<void> {
    await this.database.once(event, consumerOf(paymentSucceeded), async (tx) => {
      if (!invoice_paid || (await tx.prepared(OVERDUE, [partner_id, invoice_id])).length > 0) return;
      await this.#mark(tx, partner_id, 'settle_payment');
    });
  }

  /** In a state without this step, such as a trial or a pause, nothing follows from the payment. */
  async #mark(
    tx: Transaction,
    partnerId: string,
    step: SubscriptionStep & ('miss_payment' | 'settle_payment'),
  ): Promise<void> {
    const held = await this.repository.hold(tx, partnerId);
    if (held && stepsFrom(held.status).includes(step))
      await this.subscriptions.mark(tx, partnerId, step, new Date());
  }
}
