import { Database } from '@gridworks/persistence';
import { CONFIG } from '@gridworks/runtime';
import { Inject, Injectable, Optional } from '@nestjs/common';
import { PaymentCustomerRepository } from '../methods/payment-customer.repository.ts';
import { PaymentMethodRepository } from '../methods/payment-method.repository.ts';
import type { ProviderReading } from '../provider/payment-provider.ts';
import { PaymentProviders } from '../provider/payment-providers.ts';
import { transition } from '../states/payment-states.ts';
import { FailPoints } from './fail-points.ts';
import { holdInvoice, type InvoiceBalance, isOwed } from './open-invoice.ts';
import { PaymentAttemptRepository } from './payment-attempt.repository.ts';
import type { PaymentAttempt } from './payment-attempt.ts';
import { lookAgainMs, PAYMENT_TIMES, type PaymentTimes } from './payment-times.ts';
import { SettlePayment } from './settle-payment.ts';

/** The token of other waits, for tests. */
export const TIMES = Symbol('payment times');

/** An attempt whose outcome nobody knows yet is sent with the same idempotency key; one that is known is only read. */
@Injectable()
export class PerformPayment {
  readonly times: PaymentTimes;

  constructor(
    private readonly database: Database,
    private readonly attempts: PaymentAttemptRepository,
    private readonly methods: PaymentMethodRepository,
    private readonly customers: PaymentCustomerRepository,
    private readonly providers: PaymentProviders,
    private readonly settlement: SettlePayment,
    private readonly failPoints: FailPoints,
    @Inject(CONFIG) private readonly config: { readonly PORTAL_URL: string },
    @Optional() @Inject(TIMES) times: PaymentTimes | null = null,
  ) {
    this.times = times ?? PAYMENT_TIMES;
  }

  /**
   * Takes a claimed attempt one step further. Throws when the provider or the database does not respond: the attempt is then looked at
   * again.
   */
  async perform(attempt: PaymentAttempt, claimedAt: Date): Promise<void> {
    await this.failPoints.reached('claimed', attempt.id);
    if (attempt.state === 'created') await this.#submit(attempt, claimedAt);
    else await this.#reconcile(attempt, claimedAt);
  }

  async #submit(attempt: PaymentAttempt, claimedAt: Date): Promise<void> {
    const submitted = await this.database.transaction(async (tx) => {
      const invoice = await holdInvoice(tx, attempt.partnerId, attempt.invoiceId);
      const held = await this.attempts.hold(tx, attempt.id);
      if (held.state !== 'created') return null;
      if (!isStillRight(held, invoice)) {
        const state = transition(held.state, 'canceled');
        await this.attempts.change(tx, held, { state, settledAt: claimedAt, nextLookAt: null });
        return null;
      }
      const state = transition(held.state, 'submitted');
      return this.attempts.change(tx, held, {
        state,
        submittedAt: claimedAt,
        nextLookAt: this.#leaseEnd(claimedAt),
      });
    });
    if (!submitted) return;
    await this.failPoints.reached('submitted', attempt.id);
    await this.#send(submitted, claimedAt);
  }

  async #reconcile(attempt: PaymentAttempt, claimedAt: Date): Promise<void> {
    const found = await this.#find(attempt);
    if (found) return this.#settle(attempt, await this.#endIfLate(attempt, found, claimedAt));
    const age = claimedAt.getTime() - (attempt.submittedAt ?? attempt.createdAt).getTime();
    const isOwedStill = await this.database.transaction(async (tx) =>
      isStillRight(attempt, await holdInvoice(tx, attempt.partnerId, attempt.invoiceId)),
    );
    const { keyMs, arrivalMs } = this.times;
    if (attempt.state === 'failed' || age >= (isOwedStill ? keyMs : arrivalMs))
      return this.#settle(attempt, { state: 'failed', code: 'not_received', providerId: null });
    if (isOwedStill) await this.#send(attempt, claimedAt);
    else await this.#unknown(attempt, claimedAt);
  }

  /** Sends an attempt, for the first time or again: its idempotency key makes that one charge. */
  async #send(attempt: PaymentAttempt, claimedAt: Date): Promise<void> {
    // A process that was frozen after its claim must not send what another one may have given up since.
    if (Date.now() - claimedAt.getTime() > this.times.sendWithinMs) return;
    let reading: ProviderReading;
    try {
      reading = await (attempt.kind === 'refund' ? this.#refund(attempt) : this.#charge(attempt));
    } catch (error) {
      await this.#unknown(attempt, claimedAt);
      throw error;
    }
    await this.failPoints.reached('responded', attempt.id);
    await this.#settle(attempt, reading);
  }

  async #charge(attempt: PaymentAttempt): Promise<ProviderReading> {
    const { id: attemptId, invoiceId, partnerId, amount, currency, isPayerPresent } = attempt;
    const provider = this.providers.require(attempt.provider);
    const { methodId, number } = await this.database.transaction(async (tx) => ({
      methodId: await this.methods.providerIdOf(tx, attempt.methodId ?? ''),
      number: (await holdInvoice(tx, partnerId, invoiceId)).number,
    }));
    return provider.charge({
      ...{ attemptId, invoiceId, partnerId, methodId, isPayerPresent },
      ...{ customerId: await this.#customerOf(attempt), amount: { minor: amount, currency } },
      // The same in every sending: a key with another request is refused.
      description: `Invoice ${number}`,
      returnUrl: `${this.config.PORTAL_URL}/billing/invoices/${invoiceId}`,
    });
  }

  async #refund({
    id: attemptId,
    refunds,
    provider,
    amount,
    currency,
  }: PaymentAttempt): Promise<ProviderReading> {
    const paymentId = await this.#chargeOf(refunds);
    return this.providers
      .require(provider)
      .refund({ attemptId, paymentId, amount: { minor: amount, currency } });
  }

  async #find(attempt: PaymentAttempt): Promise<ProviderReading | null> {
    const provider = this.providers.require(attempt.provider);
    const { id: attemptId, kind, refunds, providerId: paymentId } = attempt;
    if (kind === 'refund')
      return provider.findRefund({ attemptId, paymentId: await this.#chargeOf(refunds) });
    return provider.findCharge({ attemptId, paymentId, customerId: await this.#customerOf(attempt) });
  }

  /** A payer who has not confirmed in time: the charge is ended at the provider, which says what it is then. */
  async #endIfLate(attempt: PaymentAttempt, found: ProviderReading, now: Date): Promise<ProviderReading> {
    const isLate = now.getTime() - attempt.createdAt.getTime() >= this.times.actionMs;
    if (found.state !== 'requires_action' || !isLate || !found.providerId) return found;
    return this.providers.require(attempt.provider).cancelCharge(found.providerId);
  }

  async #settle(attempt: PaymentAttempt, reading: ProviderReading): Promise<void> {
    const now = new Date();
    // Whoever waits for a payer or a slow bank is told by a webhook; this look is for a webhook that got lost.
    const nextLookAt = new Date(now.getTime() + lookAgainMs(this.times, attempt.looks));
    await this.settlement.settle(attempt, reading, nextLookAt, now);
  }

  async #unknown(attempt: PaymentAttempt, claimedAt: Date): Promise<void> {
    await this.database.transaction(async (tx) => {
      await holdInvoice(tx, attempt.partnerId, attempt.invoiceId);
      const held = await this.attempts.hold(tx, attempt.id);
      if (held.state !== 'submitted' && held.state !== 'unknown') return;
      const state = held.state === 'submitted' ? transition(held.state, 'unknown') : held.state;
      const nextLookAt = new Date(claimedAt.getTime() + lookAgainMs(this.times, attempt.looks));
      await this.attempts.change(tx, held, { state, nextLookAt });
    });
  }

  async #customerOf({ partnerId, provider }: PaymentAttempt): Promise<string> {
    const customerId = await this.customers.find(partnerId, provider ?? '');
    if (!customerId) throw new Error(`${partnerId} is no customer of ${provider}`);
    return customerId;
  }

  async #chargeOf(refunds: string | null): Promise<string> {
    const { providerId } = await this.database.transaction((tx) => this.attempts.read(tx, refunds ?? ''));
    if (!providerId) throw new Error(`${refunds} has no id of the provider`);
    return providerId;
  }

  #leaseEnd(claimedAt: Date): Date {
    return new Date(claimedAt.getTime() + this.times.leaseMs);
  }
}

/** Whether an attempt that was not sent for sure is still wanted: the invoice may have been paid, credited or voided meanwhile. */
function isStillRight(attempt: PaymentAttempt, invoice: InvoiceBalance): boolean {
  if (attempt.kind === 'refund') return invoice.left < 0n && attempt.amount <= -invoice.left;
  return isOwed(invoice) && attempt.amount <= invoice.left;
}
