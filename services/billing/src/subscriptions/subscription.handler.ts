import { HandleRequest } from '@gridworks/bus';
import {
  cancelSubscription,
  changeSubscription,
  getSubscription,
  type OutputOf,
  type ParsedInputOf,
  partnerOf,
  pauseSubscription,
  resumeSubscription,
} from '@gridworks/contracts';
import { type CallContext, noteAct } from '@gridworks/observability';
import { Database, type Transaction } from '@gridworks/persistence';
import { Controller } from '@nestjs/common';
import { MakeInvoice } from '../invoicing/make-invoice.ts';
import { SubscriptionRepository } from './subscription.repository.ts';
import type { Subscription } from './subscription.ts';
import { Subscriptions } from './subscriptions.ts';

type Written = OutputOf<typeof changeSubscription>;
type Act = (tx: Transaction, partnerId: string, now: Date) => Promise<Subscription>;

@Controller()
export class SubscriptionHandler {
  constructor(
    private readonly database: Database,
    private readonly repository: SubscriptionRepository,
    private readonly subscriptions: Subscriptions,
    private readonly invoices: MakeInvoice,
  ) {}

  /** Starts the first plan for a partner whose registration has not arrived yet. */
  @HandleRequest(getSubscription)
  async get(
    _input: ParsedInputOf<typeof getSubscription>,
    call: CallContext,
  ): Promise<OutputOf<typeof getSubscription>> {
    const now = new Date();
    return this.database.transaction(async (tx) =>
      this.repository.present(tx, await this.subscriptions.hold(tx, partnerOf(call), now), now),
    );
  }

  @HandleRequest(changeSubscription)
  change(
    { plan, when }: ParsedInputOf<typeof changeSubscription>,
    call: CallContext,
  ): Promise<OutputOf<typeof changeSubscription>> {
    return this.#write(call, (tx, partnerId, now) =>
      when === 'now'
        ? this.subscriptions.change(tx, partnerId, plan, now)
        : this.subscriptions.scheduleChange(tx, partnerId, plan, now),
    );
  }

  @HandleRequest(cancelSubscription)
  cancel(
    { when }: ParsedInputOf<typeof cancelSubscription>,
    call: CallContext,
  ): Promise<OutputOf<typeof cancelSubscription>> {
    return this.#write(call, (tx, partnerId, now) =>
      when === 'now'
        ? this.subscriptions.cancel(tx, partnerId, now)
        : this.subscriptions.cancelAtPeriodEnd(tx, partnerId, now),
    );
  }

  @HandleRequest(pauseSubscription)
  pause(
    _input: ParsedInputOf<typeof pauseSubscription>,
    call: CallContext,
  ): Promise<OutputOf<typeof pauseSubscription>> {
    return this.#write(call, (tx, partnerId, now) => this.subscriptions.pause(tx, partnerId, now));
  }

  @HandleRequest(resumeSubscription)
  resume(
    _input: ParsedInputOf<typeof resumeSubscription>,
    call: CallContext,
  ): Promise<OutputOf<typeof resumeSubscription>> {
    return this.#write(call, (tx, partnerId, now) => this.subscriptions.resume(tx, partnerId, now));
  }

  /** Does it, and makes the invoice that is due by it, in one transaction. */
  async #write(call: CallContext, act: Act): Promise<Written> {
    const partnerId = partnerOf(call);
    const now = new Date();
    return this.database.transaction(async (tx) => {
      const before = await this.repository.present(
        tx,
        await this.subscriptions.hold(tx, partnerId, now),
        now,
      );
      noteAct({ before: { plan: before.plan.id, status: before.status } });
      const changed = await act(tx, partnerId, now);
      const made = await this.invoices.make(tx, partnerId, now);
      return {
        object: 'subscription_change' as const,
        subscription: await this.repository.present(tx, changed, now),
        invoice_id: made === 'incomplete' ? null : (made[0] ?? null),
      };
    });
  }
}
