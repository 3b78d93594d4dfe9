import { HandleRequest } from '@gridworks/bus';
import {
  type OutputOf,
  type ParsedInputOf,
  partnerOf,
  previewInvoice,
  previewSubscription,
} from '@gridworks/contracts';
import type { CallContext } from '@gridworks/observability';
import { Controller } from '@nestjs/common';
import { InvoiceItemRepository } from '../invoicing/invoice-item.repository.ts';
import { toInteger } from '../money/money.ts';
import { SubscriptionRepository } from '../subscriptions/subscription.repository.ts';
import { Subscriptions } from '../subscriptions/subscriptions.ts';
import { UsageRepository } from '../usage/usage.repository.ts';
import { PreviewRun } from './preview-run.ts';

@Controller()
export class PreviewHandler {
  constructor(
    private readonly preview: PreviewRun,
    private readonly subscriptions: Subscriptions,
    private readonly repository: SubscriptionRepository,
    private readonly items: InvoiceItemRepository,
    private readonly usage: UsageRepository,
  ) {}

  @HandleRequest(previewSubscription)
  async change(
    { plan, when }: ParsedInputOf<typeof previewSubscription>,
    call: CallContext,
  ): Promise<OutputOf<typeof previewSubscription>> {
    const partnerId = partnerOf(call);
    const now = new Date();
    return this.preview.rolledBack(async (tx) => {
      const changed =
        when === 'now'
          ? await this.subscriptions.change(tx, partnerId, plan, now)
          : await this.subscriptions.scheduleChange(tx, partnerId, plan, now);
      const subscription = await this.repository.present(tx, changed, now);
      const invoice = await this.preview.invoiceNow(tx, changed, now);
      const pending = (await this.items.pending(tx, partnerId)).get(changed.currency) ?? 0n;
      const next = await this.preview.invoiceAtEnd(tx, changed);
      return {
        ...{ object: 'subscription_preview', subscription, invoice },
        carried_over: toInteger(pending < 0n ? -pending : 0n),
        next_invoice: next?.invoice ?? null,
        next_invoice_at: next?.at.toISOString() ?? null,
      };
    });
  }

  @HandleRequest(previewInvoice)
  async next(
    _input: ParsedInputOf<typeof previewInvoice>,
    call: CallContext,
  ): Promise<OutputOf<typeof previewInvoice>> {
    const partnerId = partnerOf(call);
    const now = new Date();
    const countedUntil = await this.usage.lastCallAt(partnerId);
    return this.preview.rolledBack(async (tx) => {
      const held = await this.subscriptions.hold(tx, partnerId, now);
      const next = await this.preview.invoiceAtEnd(tx, held);
      return {
        object: 'next_invoice',
        at: next?.at.toISOString() ?? null,
        invoice: next?.invoice ?? null,
        counted_until: (countedUntil ?? held.period_from).toISOString(),
      };
    });
  }
}
