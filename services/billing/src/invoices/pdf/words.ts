import { formatMoney } from '../../money/format-money.ts';
import { money } from '../../money/money.ts';
import type { InvoiceDocument } from '../invoice-document.ts';

/** What the document is called. Indian law wants "Tax invoice" (CGST rules, rule 46). */
export function titleOf({ type, treatment }: InvoiceDocument): string {
  if (type === 'credit_note') return 'Credit note';
  return treatment.placeOfSupply === null ? 'Invoice' : 'Tax invoice';
}

export function amountOf({ currency, locale }: InvoiceDocument, minor: bigint): string {
  return formatMoney(money(minor, currency), locale);
}

/** A day as the locale writes it in full. */
export function dayOf({ locale }: InvoiceDocument, day: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' }).format(
    new Date(`${day}T00:00:00Z`),
  );
}

/** Two days as the locale writes them, what they share once: `1–30 Nov 2026`. */
export function rangeOf({ locale }: InvoiceDocument, { from, to }: { from: string; to: string }): string {
  const style = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' });
  return style.formatRange(new Date(`${from}T00:00:00Z`), new Date(`${to}T00:00:00Z`));
}

export function quantityOf({ locale }: InvoiceDocument, quantity: bigint): string {
  return new Intl.NumberFormat(locale).format(quantity);
}
