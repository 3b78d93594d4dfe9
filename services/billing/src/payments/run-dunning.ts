import { paymentOverdue } from '@gridworks/contracts';
import type { Logger } from '@gridworks/observability';
import { Database, HourlyUpkeep, type Transaction } from '@gridworks/persistence';
import { LOGGER } from '@gridworks/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { holdInvoice, type InvoiceBalance, isOwed } from './attempts/open-invoice.ts';
import { PaymentAttemptRepository } from './attempts/payment-attempt.repository.ts';
import { requestPaymentMail } from './attempts/payment-notices.ts';
import { PaymentRunner } from './attempts/payment-runner.ts';
import { type DunningCase, DunningRepository } from './dunning/dunning.repository.ts';
import { type DueStep, dueStep, firstStepAt, graceEnds, mayRetry } from './dunning/dunning-schedule.ts';
import { StartCharge } from './start-charge.ts';
import { ProviderEventRepository } from './webhooks/provider-event.repository.ts';

/** Invoices of one run of the query; a run goes on until none is left. */
const BATCH = 200;
/** A step that meets an open attempt waits for its outcome. */
const POSTPONE_MS = 3_600_000;
/** For how long events of the provider are kept as proof. */
const KEEP_EVENTS_MS = 90 * 86_400_000;

/**
 * Does what the schedule of dunning says, once an hour. Each step is one transaction that holds its invoice, so that two instances do
 * it once.
 */
@Injectable()
export class RunDunning extends HourlyUpkeep {
  constructor(
    private readonly database: Database,
    private readonly dunning: DunningRepository,
    private readonly attempts: PaymentAttemptRepository,
    private readonly charges: StartCharge,
    private readonly runner: PaymentRunner,
    private readonly events: ProviderEventRepository,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    super(database, (error) => logger.log('dunning.run_failed', { error }));
  }

  async run(now: Date): Promise<void> {
    await this.#each(
      () => this.dunning.forgotten(now, BATCH),
      (tx, id) => this.#start(tx, id, now),
    );
    await this.#each(
      () => this.dunning.due(now, BATCH),
      (tx, id) => this.#step(tx, id, now),
    );
    const keepFrom = new Date(now.getTime() - KEEP_EVENTS_MS);
    await this.database.transaction((tx) => this.events.deleteBefore(tx, keepFrom));
    this.runner.wake();
  }

  async #each(
    read: () => Promise<string[]>,
    work: (tx: Transaction, invoiceId: string) => Promise<void>,
  ): Promise<void> {
    const failed = new Set<string>();
    for (;;) {
      const ids = (await read()).filter((id) => !failed.has(id));
      if (ids.length === 0) return;
      for (const id of ids)
        await this.database
          .transaction((tx) => work(tx, id))
          .catch((error: unknown) => {
            // The next run tries it again, and the others are not kept waiting.
            failed.add(id);
            this.logger.log('dunning.step_failed', { error, invoice_id: id });
          });
    }
  }

  /** An invoice that is due and that nobody has paid, by card or transfer. */
  async #start(tx: Transaction, invoiceId: string, now: Date): Promise<void> {
    const invoice = await holdInvoice(tx, null, invoiceId);
    const started = await this.dunning.start(tx, invoice.partnerId, invoiceId, now);
    if (!started) return;
    if (!isOwed(invoice)) return this.dunning.end(tx, invoiceId, 'closed', now);
    if (await this.attempts.findOpen(tx, invoiceId)) return;
    if (await this.charges.byItself(tx, invoice)) return;
    const about = { amount: invoice.left, code: 'no_payment_method', date: firstStepAt(now) };
    requestPaymentMail(tx, 'payment-failed', invoice, about);
  }

  async #step(tx: Transaction, invoiceId: string, now: Date): Promise<void> {
    const invoice = await holdInvoice(tx, null, invoiceId);
    const held = await this.dunning.hold(tx, invoiceId);
    // Another instance was faster.
    if (held?.state !== 'open' || !held.nextAt || held.nextAt > now) return;
    if (!isOwed(invoice)) {
      const state = invoice.status === 'finalized' && invoice.paid > 0n ? 'recovered' : 'closed';
      return this.dunning.end(tx, invoiceId, state, now);
    }
    const step = dueStep(held.startedAt, held.done, now);
    if (!step || (await this.attempts.findOpen(tx, invoiceId)))
      return this.dunning.advance(tx, invoiceId, held.done, new Date(now.getTime() + POSTPONE_MS));
    await this.dunning.advance(tx, invoiceId, step.done, step.nextAt);
    await this.#act(tx, invoice, held, step, now);
  }

  async #act(
    tx: Transaction,
    invoice: InvoiceBalance,
    held: DunningCase,
    step: DueStep,
    now: Date,
  ): Promise<void> {
    const { id, partnerId, left: amount } = invoice;
    if (step.does === 'retry') {
      const last = await this.attempts.lastFailure(tx, id);
      await this.charges.byItself(
        tx,
        invoice,
        (methodId) => last === null || mayRetry({ code: last.code ?? '', methodId: last.methodId }, methodId),
      );
    } else if (step.does === 'warn') {
      // Nothing happens to a partner that does not pay for credit: the top-up lapses.
      if (invoice.purpose !== 'charges') return;
      requestPaymentMail(tx, 'payment-last-warning', invoice, {
        amount,
        date: step.nextAt ?? graceEnds(held.startedAt),
      });
    } else {
      await this.dunning.end(tx, id, 'overdue', now);
      tx.emit(
        paymentOverdue,
        { invoice_id: id, partner_id: partnerId, since: held.startedAt.toISOString() },
        { partnerId },
      );
      if (invoice.purpose === 'charges') requestPaymentMail(tx, 'payment-overdue', invoice, { amount });
    }
  }
}
