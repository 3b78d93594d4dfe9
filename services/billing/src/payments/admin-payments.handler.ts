import { HandleRequest } from '@gridworks/bus';
import {
  AppError,
  INVOICE_NOT_PAYABLE,
  type OutputOf,
  PAYMENT_NOT_REFUNDABLE,
  type ParsedInputOf,
  recordTransfer,
  refundPayment,
  TRANSFER_RECORDED,
} from '@gridworks/contracts';
import { Database } from '@gridworks/persistence';
import { Controller } from '@nestjs/common';
import { holdInvoice } from './attempts/open-invoice.ts';
import { PaymentAttemptRepository } from './attempts/payment-attempt.repository.ts';
import { presentPayment } from './attempts/payment-attempt.ts';
import { PaymentRunner } from './attempts/payment-runner.ts';
import { SettlePayment } from './attempts/settle-payment.ts';
import { PaymentProviders } from './provider/payment-providers.ts';

/** What people of GridWorks do about payments: for invoices of every partner. */
@Controller()
export class AdminPaymentsHandler {
  constructor(
    private readonly database: Database,
    private readonly attempts: PaymentAttemptRepository,
    private readonly settlement: SettlePayment,
    private readonly providers: PaymentProviders,
    private readonly runner: PaymentRunner,
  ) {}

  /** Money that has arrived is recorded whatever else is open: a part, the whole, or too much. */
  @HandleRequest(recordTransfer)
  async record(input: ParsedInputOf<typeof recordTransfer>): Promise<OutputOf<typeof recordTransfer>> {
    const { id, currency, reference } = input;
    const now = new Date();
    return this.database.transaction(async (tx) => {
      const invoice = await holdInvoice(tx, null, id);
      if (invoice.type !== 'invoice' || invoice.status !== 'finalized')
        throw new AppError(INVOICE_NOT_PAYABLE);
      if (invoice.currency !== currency)
        throw new AppError(INVOICE_NOT_PAYABLE, { detail: `The invoice is in ${invoice.currency}.` });
      if (await this.attempts.hasTransfer(tx, id, reference)) throw new AppError(TRANSFER_RECORDED);
      const { partnerId } = invoice;
      const attempt = await this.attempts.insert(
        tx,
        {
          ...{
            kind: 'transfer',
            partnerId,
            invoiceId: id,
            amount: BigInt(input.amount),
            currency,
            reference,
          },
          ...{ state: 'succeeded', settledAt: now },
        },
        now,
      );
      await this.settlement.succeeded(tx, attempt, invoice, now);
      return presentPayment(attempt);
    });
  }

  /** A credit note, or an overpayment, comes first: it leaves with us what is paid back here. */
  @HandleRequest(refundPayment)
  async refund(input: ParsedInputOf<typeof refundPayment>): Promise<OutputOf<typeof refundPayment>> {
    this.providers.require();
    const amount = BigInt(input.amount);
    const payment = await this.database.transaction(async (tx) => {
      const { invoiceId } = await this.attempts.read(tx, input.id);
      const invoice = await holdInvoice(tx, null, invoiceId);
      const charge = await this.attempts.hold(tx, input.id);
      const { partnerId, currency, provider } = charge;
      const isRefundable = charge.kind === 'charge' && charge.state === 'succeeded';
      const ofCharge = charge.amount - (await this.attempts.refundedOf(tx, charge.id));
      if (!isRefundable || amount > -invoice.left || amount > ofCharge)
        throw new AppError(PAYMENT_NOT_REFUNDABLE);
      const refund = {
        kind: 'refund',
        partnerId,
        invoiceId,
        amount,
        currency,
        provider,
        refunds: charge.id,
      } as const;
      return presentPayment(await this.attempts.insert(tx, refund, new Date()));
    });
    this.runner.wake();
    return payment;
  }
}
