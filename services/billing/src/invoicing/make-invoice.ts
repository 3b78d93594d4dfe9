import type { Transaction } from '@gridworks/persistence';
import { CONFIG } from '@gridworks/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { BillingProfileRepository } from '../billing-profiles/billing-profile.repository.ts';
import { type BillingProfile, isComplete, partyOf } from '../billing-profiles/billing-profile.ts';
import type { Seller } from '../billing-profiles/seller.ts';
import { burnCredits, type CreditGrant } from '../credits/burn-order.ts';
import { CreditRepository } from '../credits/credit.repository.ts';
import { composeInvoice } from '../invoices/compose-invoice.ts';
import { InvoiceRepository } from '../invoices/invoice.repository.ts';
import type { InvoiceDocument } from '../invoices/invoice-document.ts';
import { dayIn, daysOf } from '../periods/periods.ts';
import { SAC_CODE, TAX_REGIONS } from '../tax/tax-regions.ts';
import { treatSupply } from '../tax/treat-supply.ts';
import { InvoiceItemRepository, type PendingItem } from './invoice-item.repository.ts';

/** A document that is due, and the items that it is made of. */
export interface DueDocument {
  readonly document: InvoiceDocument;
  readonly items: readonly PendingItem[];
}

const DAY_MS = 86_400_000;

/** Makes the invoices of a partner of the items that are due. */
@Injectable()
export class MakeInvoice {
  constructor(
    private readonly items: InvoiceItemRepository,
    private readonly profiles: BillingProfileRepository,
    private readonly invoices: InvoiceRepository,
    private readonly credits: CreditRepository,
    @Inject(CONFIG) private readonly config: { readonly BILLING_SELLER: Seller },
  ) {}

  /**
   * Makes and finalizes the invoices that are due at a moment, one for each currency, and returns their ids. The caller holds the
   * subscription of the partner. Everything is in its transaction: a crash leaves the items, and a second call finds none. `incomplete`:
   * something is due, and the billing profile lacks what an invoice needs.
   */
  async make(tx: Transaction, partnerId: string, at: Date): Promise<readonly string[] | 'incomplete'> {
    const due = await this.compose(tx, partnerId, at);
    if (due === 'incomplete') return due;
    const ids: string[] = [];
    for (const { document, items } of due) {
      const id = await this.invoices.createDraft(tx, partnerId, document);
      const { currency, totals } = document;
      await this.credits.burn(tx, { id, partnerId, currency, credits: totals.credits }, at);
      await this.invoices.finalize(tx, partnerId, id, at);
      await this.items.invoiced(
        tx,
        items.map((item) => item.id),
        id,
      );
      ids.push(id);
    }
    return ids;
  }

  /**
   * The drafts of what is due, with the credits that they burn; the grants of the partner are locked. Items of a currency that give back
   * as much as they charge, or more, stay until there is more to charge.
   */
  async compose(tx: Transaction, partnerId: string, at: Date): Promise<DueDocument[] | 'incomplete'> {
    const byCurrency = Map.groupBy(await this.items.due(tx, partnerId, at), ({ currency }) => currency);
    const payable = [...byCurrency].filter(
      ([, items]) => items.reduce((sum, { amount }) => sum + amount, 0n) > 0n,
    );
    if (payable.length === 0) return [];
    const profile = await this.profiles.hold(tx, partnerId);
    if (!isComplete(profile)) return 'incomplete';
    const grants = await this.credits.hold(tx, partnerId);
    return payable.map(([currency, items]) => ({
      document: this.#document(profile, currency, { items, grants }, at),
      items,
    }));
  }

  #document(
    profile: BillingProfile & Parameters<typeof partyOf>[0],
    currency: string,
    { items, grants }: { readonly items: readonly PendingItem[]; readonly grants: readonly CreditGrant[] },
    at: Date,
  ): InvoiceDocument {
    const { BILLING_SELLER: config } = this.config;
    const [seller, buyer] = [partyOf(config), partyOf(profile)];
    const moments = items.flatMap(({ covers }) => [covers.from.getTime(), covers.to.getTime()]);
    const covered = { from: new Date(Math.min(...moments)), to: new Date(Math.max(...moments)) };
    return composeInvoice({
      ...{ type: 'invoice', status: 'draft', number: null, currency, locale: profile.locale },
      issuedOn: dayIn(at, profile.time_zone),
      dueOn: dayIn(new Date(at.getTime() + config.payment_days * DAY_MS), profile.time_zone),
      period: daysOf(covered, profile.time_zone),
      ...{ seller: seller.party, buyer: buyer.party, corrects: null },
      treatment: treatSupply(seller.tax, buyer.tax, config.lut ? { lut: config.lut } : {}),
      // Prices of a region that shows them with tax include it for buyers of that region alone.
      inclusive: config.country === profile.country && (TAX_REGIONS[config.country]?.inclusive ?? false),
      ...{ payTo: config.pay_to, terms: config.terms },
      credits: usableOf(grants, currency, at),
      lines: items.map(({ description, detail, quantity, unitAmount, amount }) => ({
        ...{ description, quantity, unitAmount, amount },
        detail: detail ?? (config.country === 'IN' ? `SAC ${SAC_CODE}` : null),
      })),
    });
  }
}

/** What grants can pay at a moment, in minor units. */
function usableOf(grants: readonly CreditGrant[], currency: string, at: Date): bigint {
  const all = grants.reduce((sum, { remaining }) => sum + remaining, 0n);
  return all - burnCredits(grants, { amount: all, currency, at }).rest;
}
