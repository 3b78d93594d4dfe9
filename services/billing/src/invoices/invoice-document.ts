import type { TaxComponent } from '../tax/tax-regions.ts';
import type { TaxTreatment } from '../tax/treat-supply.ts';

export interface InvoiceParty {
  readonly name: string;
  /** Lines of the address as they are printed, with the country. */
  readonly address: readonly string[];
  /** What the number is called (GSTIN, VAT number), and the number; null without one. */
  readonly taxId: { readonly label: string; readonly id: string } | null;
  readonly email: string | null;
}

/** One line. `amount` is rounded once; with inclusive prices it contains the tax. Minor units throughout. */
export interface InvoiceLine {
  readonly description: string;
  /** A smaller second line: the tier, the service code. */
  readonly detail: string | null;
  readonly quantity: bigint;
  /** A decimal string. */
  readonly unitAmount: string;
  readonly amount: bigint;
  readonly net: bigint;
  readonly taxes: readonly bigint[];
}

export interface InvoiceTotals {
  /** The sum of `net` of all lines. */
  readonly net: bigint;
  /** For each component of the treatment the sum over the lines. */
  readonly taxes: readonly (TaxComponent & { readonly amount: bigint })[];
  readonly total: bigint;
  /** Credits of the partner that pay a part of the total. */
  readonly credits: bigint;
  /** `total - credits`. */
  readonly due: bigint;
}

/** Everything that an invoice or a credit note shows. A credit note has the amounts that are given back, above 0. */
export interface InvoiceDocument {
  readonly type: 'invoice' | 'credit_note';
  readonly status: 'draft' | 'finalized' | 'voided';
  /** Null in a draft: the number is given when it is finalized. */
  readonly number: string | null;
  readonly currency: string;
  /** BCP 47: how numbers and dates are written. The words are English. */
  readonly locale: string;
  /** Dates are `YYYY-MM-DD`; both ends of the period are included. */
  readonly issuedOn: string;
  readonly dueOn: string | null;
  readonly period: { readonly from: string; readonly to: string } | null;
  readonly seller: InvoiceParty;
  readonly buyer: InvoiceParty;
  /** The invoice that a credit note corrects. */
  readonly corrects: { readonly number: string; readonly issuedOn: string } | null;
  readonly treatment: TaxTreatment;
  readonly inclusive: boolean;
  readonly lines: readonly InvoiceLine[];
  readonly totals: InvoiceTotals;
  /** Where a transfer goes: what is printed, line by line (bank, account). */
  readonly payTo: readonly { readonly label: string; readonly value: string }[];
  readonly terms: string;
}

/** A document as it is printed: also whether nothing is left to pay, which is not part of what was finalized. */
export type PrintedDocument = InvoiceDocument & { readonly isPaid?: boolean };
