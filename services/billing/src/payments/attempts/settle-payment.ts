import { paymentFailed, paymentSucceeded } from '@gridworks/contracts';
import { Database, type Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import { CreditRepository } from '../../credits/credit.repository.ts';
import { LedgerRepository } from '../../ledger/ledger.repository.ts';
import { toInteger } from '../../money/money.ts';
import { DunningRepository } from '../dunning/dunning.repository.ts';
import { firstStepAt } from '../dunning/dunning-schedule.ts';
import type { ProviderReading } from '../provider/payment-provider.ts';
import { declineKind } from '../states/decline-codes.ts';
import { observe } from '../states/payment-states.ts';
import { FailPoints } from './fail-points.ts';
import { holdInvoice, type InvoiceBalance, isOwed, paymentStatusOf } from './open-invoice.ts';
import { PaymentAttemptRepository } from './payment-attempt.repository.ts';
import type { PaymentAttempt } from './payment-attempt.ts';
import { requestPaymentMail } from './payment-notices.ts';

/** What an outcome means for invoice, ledger and dunning: the only place where a payment succeeds or fails. */
@Injectable()
export class SettlePayment {
  constructor(
    private readonly database: Database,
    private readonly attempts: PaymentAttemptRepository,
    private readonly ledger: LedgerRepository,
    private readonly dunning: DunningRepository,
    private readonly credits: CreditRepository,
    private readonly failPoints: FailPoints,
  ) {}

  /**
   * Stores what the provider says of an attempt, with everything that follows from it, in one transaction. Saying the same again, or
   * what is older, changes nothing. `nextLookAt`: when to look again while it is open.
   */
  async settle(
    { id, invoiceId, partnerId }: PaymentAttempt,
    reading: ProviderReading,
    nextLookAt: Date,
    now: Date,
  ): Promise<PaymentAttempt> {
    const settled = await this.database.transaction(async (tx) => {
      const invoice = await holdInvoice(tx, partnerId, invoiceId);
      const known = await this.attempts.hold(tx, id);
      const state = observe(known.state, reading.state);
      const providerId = reading.providerId ?? known.providerId;
      const isFinal = state === 'succeeded' || state === 'failed';
      if (state === known.state)
        return this.attempts.change(tx, known, {
          state,
          providerId,
          nextLookAt: isFinal ? null : nextLookAt,
        });
      const attempt = await this.attempts.change(tx, known, {
        ...{ state, providerId, nextLookAt: isFinal ? null : nextLookAt },
        code: reading.state === 'failed' ? reading.code : null,
        actionUrl: reading.state === 'requires_action' ? reading.actionUrl : null,
        settledAt: isFinal ? now : null,
      });
      if (state === 'succeeded') await this.succeeded(tx, attempt, invoice, now);
      if (state === 'failed') await this.#failed(tx, attempt, invoice, now);
      await this.failPoints.reached('posted', id);
      return attempt;
    });
    await this.failPoints.reached('settled', id);
    return settled;
  }

  /** Money has moved: the posting, the status of the invoice, the end of dunning. `invoice` is what it was before. */
  async succeeded(
    tx: Transaction,
    attempt: PaymentAttempt,
    invoice: InvoiceBalance,
    now: Date,
  ): Promise<void> {
    const { id, partnerId, invoiceId, kind, amount, currency } = attempt;
    await this.ledger.post(tx, {
      ...{ partnerId, kind: kind === 'refund' ? 'refund_paid' : 'payment_received', reference: id, currency },
      ...{ amounts: { amount }, at: now },
    });
    const after = await holdInvoice(tx, partnerId, invoiceId);
    const status = paymentStatusOf(after);
    if (status !== after.paymentStatus && after.status === 'finalized')
      await tx.prepared('update invoices set payment_status = $3 where partner_id = $1 and id = $2', [
        partnerId,
        invoiceId,
        status,
      ]);
    if (status === 'paid' && after.status === 'finalized' && after.purpose !== 'charges')
      await this.credits.grantTopUp(tx, { partnerId, invoiceId, currency, amount: after.due }, now);
    if (!isOwed(after)) await this.dunning.end(tx, invoiceId, 'recovered', now);
    tx.emit(paymentSucceeded, { ...this.#facts(attempt), invoice_paid: status === 'paid' }, { partnerId });
    requestPaymentMail(tx, kind === 'refund' ? 'payment-refunded' : 'payment-received', invoice, { amount });
  }

  async #failed(tx: Transaction, attempt: PaymentAttempt, invoice: InvoiceBalance, now: Date): Promise<void> {
    const { partnerId, invoiceId, kind, amount } = attempt;
    const code = attempt.code ?? 'generic_decline';
    tx.emit(paymentFailed, { ...this.#facts(attempt), code }, { partnerId });
    if (kind !== 'charge' || invoice.status !== 'finalized' || invoice.paymentStatus !== 'unpaid') return;
    const started = await this.dunning.start(tx, partnerId, invoiceId, now);
    const next = started ? firstStepAt(now) : (await this.dunning.hold(tx, invoiceId))?.nextAt;
    if (!isOwed(invoice)) return;
    const mail = declineKind(code) === 'action' ? 'payment-action-required' : 'payment-failed';
    requestPaymentMail(tx, mail, invoice, {
      amount,
      code,
      date: declineKind(code) === 'soft' ? (next ?? null) : null,
    });
  }

  #facts({ id, partnerId, invoiceId, kind, amount, currency }: PaymentAttempt) {
    return {
      ...{ payment_id: id, invoice_id: invoiceId, partner_id: partnerId, kind, currency },
      amount: toInteger(amount),
    };
  }
}
