import { type BusEvent, HandleEvent, HandleRequest } from '@gridworks/bus';
import {
  consumerOf,
  invoiceFinalized,
  type OutputOf,
  type ParsedInputOf,
  type PayloadOf,
  partnerOf,
  payInvoice,
} from '@gridworks/contracts';
import type { CallContext } from '@gridworks/observability';
import { noteAct } from '@gridworks/observability';
import { Database } from '@gridworks/persistence';
import { Controller } from '@nestjs/common';
import { holdInvoice } from './attempts/open-invoice.ts';
import { presentPayment } from './attempts/payment-attempt.ts';
import { PaymentRunner } from './attempts/payment-runner.ts';
import { StartCharge } from './start-charge.ts';

const consumer = consumerOf(invoiceFinalized, 'billing_charge-invoice');
type Finalized = PayloadOf<typeof invoiceFinalized>;

@Controller()
export class PayInvoiceHandler {
  constructor(
    private readonly database: Database,
    private readonly charges: StartCharge,
    private readonly runner: PaymentRunner,
  ) {}

  /** Responds before the provider is asked: what the response says is committed, whatever the provider does. */
  @HandleRequest(payInvoice)
  async pay(
    { id, payment_method_id }: ParsedInputOf<typeof payInvoice>,
    call: CallContext,
  ): Promise<OutputOf<typeof payInvoice>> {
    const partner = partnerOf(call);
    const payment = await this.database.transaction(async (tx) => {
      const attempt = await this.charges.byPerson(tx, partner, id, payment_method_id);
      if (attempt.state !== 'created') noteAct({ isRepeat: true });
      return presentPayment(attempt);
    });
    this.runner.wake();
    return payment;
  }

  /** Charges a finalized invoice to the default payment method. Without one, the partner pays by bank transfer until it is due. */
  @HandleEvent(invoiceFinalized, { consumer })
  async charge({ invoice_id, partner_id }: Finalized, event: BusEvent<Finalized>): Promise<void> {
    await this.database.once(event, consumer, async (tx) => {
      await this.charges.byItself(tx, await holdInvoice(tx, partner_id, invoice_id));
    });
    this.runner.wake();
  }
}
