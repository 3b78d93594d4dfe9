import { AppError, defineError, type invoicePreviewSchema } from '@gridworks/contracts';
import { Database, type Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { CreditRepository } from '../credits/credit.repository.ts';
import { InvoiceRepository } from '../invoices/invoice.repository.ts';
import type { InvoiceDocument } from '../invoices/invoice-document.ts';
import { presentDraft } from '../invoices/present-invoice.ts';
import { InvoiceItemRepository } from '../invoicing/invoice-item.repository.ts';
import { MakeInvoice } from '../invoicing/make-invoice.ts';
import type { Subscription } from '../subscriptions/subscription.ts';
import { Subscriptions } from '../subscriptions/subscriptions.ts';
import { BilledUsageRepository } from './billed-usage.repository.ts';
import { RatePeriods } from './rate-periods.ts';

type PreviewedInvoice = z.output<typeof invoicePreviewSchema>;

/** Never leaves this file. */
const PREVIEWED = defineError({
  code: 'BILLING.PREVIEWED',
  kind: 'conflict',
  title: 'The work was a preview and was rolled back',
});

/** Shows what would happen by doing it and rolling it back, so that a preview cannot differ from the real thing. */
@Injectable()
export class PreviewRun {
  constructor(
    private readonly database: Database,
    private readonly subscriptions: Subscriptions,
    private readonly periods: RatePeriods,
    private readonly billed: BilledUsageRepository,
    private readonly making: MakeInvoice,
    private readonly items: InvoiceItemRepository,
    private readonly invoices: InvoiceRepository,
    private readonly credits: CreditRepository,
  ) {}

  /** The result of work whose transaction is rolled back. */
  async rolledBack<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    let result: { readonly value: T } | undefined;
    try {
      await this.database.transaction(async (tx) => {
        result = { value: await work(tx) };
        throw new AppError(PREVIEWED);
      });
    } catch (error) {
      if (!(error instanceof AppError && error.code === PREVIEWED.code && result)) throw error;
    }
    return (result as { readonly value: T }).value;
  }

  /** The invoice that is due now, as a draft that takes its items. Of several currencies that of the subscription. */
  async invoiceNow(
    tx: Transaction,
    { partner_id, currency }: Subscription,
    at: Date,
  ): Promise<PreviewedInvoice | null> {
    const due = await this.making.compose(tx, partner_id, at);
    if (due === 'incomplete') return null;
    let shown: InvoiceDocument | null = null;
    for (const { document, items } of due) {
      const id = await this.invoices.createDraft(tx, partner_id, document);
      await this.items.invoiced(
        tx,
        items.map((item) => item.id),
        id,
      );
      const { currency: spent, totals } = document;
      await this.credits.burn(
        tx,
        { id, partnerId: partner_id, currency: spent, credits: totals.credits },
        at,
      );
      if (document.currency === currency || !shown) shown = document;
    }
    return shown && presentDraft(shown);
  }

  /** The invoice at the end of the current month, with the calls until now; null while nothing ends. */
  async invoiceAtEnd(
    tx: Transaction,
    subscription: Subscription,
  ): Promise<{ readonly at: Date; readonly invoice: PreviewedInvoice | null } | null> {
    const at = subscription.advance_at;
    if (!at) return null;
    const advanced = await this.subscriptions.advance(tx, subscription, at);
    const { currency } = subscription;
    return { at, invoice: await this.invoiceOf(tx, { ...advanced, currency }, at) };
  }

  /** The invoice that is due at a moment, once everything that has ended is charged. */
  async invoiceOf(tx: Transaction, subscription: Subscription, at: Date): Promise<PreviewedInvoice | null> {
    for (const period of await this.billed.unratedUntil(tx, subscription.partner_id, at))
      await this.periods.rate(tx, period, at);
    return this.invoiceNow(tx, subscription, at);
  }
}
