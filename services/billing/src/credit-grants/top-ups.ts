import { AppError, PROFILE_INCOMPLETE, TOP_UP_OPEN } from '@gridworks/contracts';
import type { Transaction } from '@gridworks/persistence';
import { CONFIG } from '@gridworks/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { BillingProfileRepository } from '../billing-profiles/billing-profile.repository.ts';
import { isComplete, missingIn, partyOf } from '../billing-profiles/billing-profile.ts';
import type { Seller } from '../billing-profiles/seller.ts';
import { composeInvoice } from '../invoices/compose-invoice.ts';
import {
  type InvoicePurpose,
  InvoiceRepository,
  type StoredInvoice,
} from '../invoices/invoice.repository.ts';
import { dayIn } from '../periods/periods.ts';
import { Subscriptions } from '../subscriptions/subscriptions.ts';
import type { TaxTreatment } from '../tax/treat-supply.ts';

/** So many top-ups may be ordered and not paid at a time. */
const MOST_OPEN = 3;
const DAY_MS = 86_400_000;
const OPEN_SQL = `
  select count(*)::int as open from invoices
  where partner_id = $1 and purpose <> 'charges' and status = 'finalized' and payment_status = 'unpaid'`;

/** A payment in advance is no supply: the invoice that burns the credit has the tax. */
const NO_TAX: TaxTreatment = {
  ...{ kind: 'outside_scope', components: [], placeOfSupply: null },
  note: 'Prepayment: tax is charged with the invoices that this credit pays.',
};

/** Makes the invoices by which partners buy credit. */
@Injectable()
export class TopUps {
  constructor(
    private readonly subscriptions: Subscriptions,
    private readonly profiles: BillingProfileRepository,
    private readonly invoices: InvoiceRepository,
    @Inject(CONFIG) private readonly config: { readonly BILLING_SELLER: Seller },
  ) {}

  /**
   * Orders credit in the currency of the subscription, which is held: two orders of a partner are made one after another. The credit is
   * granted when the invoice is paid. Throws `BILLING.PROFILE_INCOMPLETE`, `BILLING.TOP_UP_OPEN`.
   */
  async order(
    tx: Transaction,
    partnerId: string,
    { amount, purpose }: { readonly amount: bigint; readonly purpose: Exclude<InvoicePurpose, 'charges'> },
    at: Date,
  ): Promise<StoredInvoice> {
    const { currency } = await this.subscriptions.hold(tx, partnerId, at);
    const profile = await this.profiles.hold(tx, partnerId);
    if (!isComplete(profile)) {
      const missing = missingIn(profile);
      const detail = `Set ${missing.join(', ')} of the billing profile first.`;
      throw new AppError(PROFILE_INCOMPLETE, { detail, details: { missing } });
    }
    const [row] = await tx.prepared<{ open: number }>(OPEN_SQL, [partnerId]);
    if ((row?.open ?? 0) >= MOST_OPEN) throw new AppError(TOP_UP_OPEN);
    const { BILLING_SELLER: seller } = this.config;
    const document = composeInvoice({
      ...{ type: 'invoice', status: 'draft', number: null, currency, locale: profile.locale },
      issuedOn: dayIn(at, profile.time_zone),
      dueOn: dayIn(new Date(at.getTime() + seller.payment_days * DAY_MS), profile.time_zone),
      ...{ period: null, corrects: null, seller: partyOf(seller).party, buyer: partyOf(profile).party },
      ...{ treatment: NO_TAX, inclusive: false, credits: 0n },
      ...{ payTo: seller.pay_to, terms: seller.terms },
      lines: [
        {
          ...{ description: 'Prepaid credit', detail: null, quantity: 1n },
          ...{ unitAmount: amount.toString(), amount },
        },
      ],
    });
    const id = await this.invoices.createDraft(tx, partnerId, document, null, purpose);
    return this.invoices.finalize(tx, partnerId, id, at);
  }
}
