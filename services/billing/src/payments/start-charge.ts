import { AppError, INVOICE_NOT_PAYABLE, PAYMENT_METHOD_NEEDED } from '@gridworks/contracts';
import type { Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import { holdInvoice, type InvoiceBalance, isOwed } from './attempts/open-invoice.ts';
import { PaymentAttemptRepository } from './attempts/payment-attempt.repository.ts';
import type { PaymentAttempt } from './attempts/payment-attempt.ts';
import { type PaymentMethod, PaymentMethodRepository } from './methods/payment-method.repository.ts';
import { PaymentProviders } from './provider/payment-providers.ts';

/** Stores the attempt to charge what is left of an invoice. Nothing is sent here: the runner does that after COMMIT. */
@Injectable()
export class StartCharge {
  constructor(
    private readonly attempts: PaymentAttemptRepository,
    private readonly methods: PaymentMethodRepository,
    private readonly providers: PaymentProviders,
  ) {}

  /**
   * For a person who pays now. A payment that waits for the person at the bank is returned again. Throws `BILLING.TRANSFER_ONLY`,
   * `BILLING.INVOICE_NOT_FOUND`, `BILLING.INVOICE_NOT_PAYABLE`, `BILLING.PAYMENT_OPEN`, `BILLING.PAYMENT_METHOD_NEEDED`,
   * `BILLING.PAYMENT_METHOD_NOT_FOUND`.
   */
  async byPerson(
    tx: Transaction,
    partnerId: string,
    invoiceId: string,
    methodId: string | undefined,
  ): Promise<PaymentAttempt> {
    const provider = this.providers.require();
    const invoice = await holdInvoice(tx, partnerId, invoiceId);
    if (!isOwed(invoice)) throw new AppError(INVOICE_NOT_PAYABLE);
    const open = await this.attempts.findOpen(tx, invoiceId);
    if (open?.state === 'requires_action') return open;
    const method = methodId
      ? await this.methods.get(tx, partnerId, methodId)
      : await this.methods.findDefault(tx, partnerId, provider.name);
    if (!method) throw new AppError(PAYMENT_METHOD_NEEDED);
    return this.#insert(tx, invoice, method, true);
  }

  /**
   * For nobody: when an invoice is finalized, and in dunning. Null when there is nothing to charge, when another attempt is open, or when
   * `accepts` refuses the method. The caller has locked the invoice.
   */
  async byItself(
    tx: Transaction,
    invoice: InvoiceBalance,
    accepts: (methodId: string) => boolean = () => true,
  ): Promise<PaymentAttempt | null> {
    const provider = this.providers.configured;
    if (!provider || !isOwed(invoice) || (await this.attempts.findOpen(tx, invoice.id))) return null;
    const method = await this.methods.findDefault(tx, invoice.partnerId, provider.name);
    return method && accepts(method.id) ? this.#insert(tx, invoice, method, false) : null;
  }

  #insert(
    tx: Transaction,
    invoice: InvoiceBalance,
    method: PaymentMethod,
    isPayerPresent: boolean,
  ): Promise<PaymentAttempt> {
    const { id: invoiceId, partnerId, left: amount, currency } = invoice;
    const { id: methodId, provider } = method;
    return this.attempts.insert(
      tx,
      { kind: 'charge', partnerId, invoiceId, amount, currency, provider, methodId, isPayerPresent },
      new Date(),
    );
  }
}
