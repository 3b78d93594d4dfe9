import type { invoicePreviewSchema, invoiceSchema, invoiceSummarySchema } from '@gridworks/contracts';
import type { z } from 'zod';
import { toInteger } from '../money/money.ts';
import type { StoredInvoice } from './invoice.repository.ts';
import type { InvoiceDocument, InvoiceParty } from './invoice-document.ts';

/** An invoice as a list of the API shows it. */
export function summarizeInvoice(invoice: StoredInvoice): z.output<typeof invoiceSummarySchema> {
  const { id, paymentStatus, corrects, createdAt, purpose, document } = invoice;
  const { type, status, number, currency, issuedOn, dueOn, period, totals } = document;
  return {
    ...{ object: 'invoice', id, type, status, payment_status: paymentStatus, number, currency },
    ...{ issued_on: issuedOn, due_on: dueOn, period, corrects, purpose },
    ...{ total: toInteger(totals.total), due: toInteger(totals.due), created_at: createdAt.toISOString() },
  };
}

/** An invoice as the API shows it. */
export function presentInvoice(invoice: StoredInvoice): z.output<typeof invoiceSchema> {
  const { seller, buyer, totals, payTo, terms } = invoice.document;
  return {
    ...summarizeInvoice(invoice),
    ...{ seller: presentParty(seller), buyer: presentParty(buyer) },
    ...presentAmounts(invoice.document),
    ...{ net: toInteger(totals.net), credits: toInteger(totals.credits) },
    ...{ pay_to: [...payTo], terms },
  };
}

/** A document that is not stored as the API shows it. */
export function presentDraft(document: InvoiceDocument): z.output<typeof invoicePreviewSchema> {
  const { currency, period, totals } = document;
  return {
    ...{ object: 'invoice_preview', currency, period, ...presentAmounts(document) },
    ...{ net: toInteger(totals.net), total: toInteger(totals.total) },
    ...{ credits: toInteger(totals.credits), due: toInteger(totals.due) },
  };
}

const presentAmounts = ({ treatment, inclusive, lines, totals }: InvoiceDocument) => ({
  tax: {
    ...{ treatment: treatment.kind, inclusive, note: treatment.note },
    place_of_supply: treatment.placeOfSupply,
    components: totals.taxes.map(({ name, rate, amount }) => ({ name, rate, amount: toInteger(amount) })),
  },
  lines: lines.map(({ description, detail, quantity, unitAmount, amount, net, taxes }) => ({
    ...{ description, detail, quantity: toInteger(quantity), unit_amount: unitAmount },
    ...{ amount: toInteger(amount), net: toInteger(net), taxes: taxes.map(toInteger) },
  })),
});

const presentParty = ({ name, address, taxId, email }: InvoiceParty) => ({
  ...{ name, address: [...address], tax_id: taxId, email },
});
