import type { InvoiceDocument, PrintedDocument } from '../invoice-document.ts';
import { drawContinuation } from './draw-head.ts';
import { COLORS, heightOf, PAGE, type Pdf, rule, write } from './page.ts';
import { amountOf, titleOf } from './words.ts';

const BLOCK = { x: PAGE.left + 255, width: PAGE.right - PAGE.left - 255 } as const;
const NOTES = { width: 228 } as const;
const ROW = 17;

interface Row {
  readonly label: string;
  readonly amount: string;
  readonly strong?: true;
}

/** The totals, kept together at the right, and what the law and the terms say at the left. */
export function drawTotals(pdf: Pdf, invoice: PrintedDocument, after: number): void {
  const rows = rowsOf(invoice);
  const notes = [invoice.treatment.note, invoice.isPaid ? null : invoice.terms].filter(
    (note) => note !== null && note !== '',
  );
  const height = Math.max(
    rows.length * ROW + 8,
    notes.reduce((sum, note) => sum + heightOf(pdf, note as string, { size: 8, ...NOTES }) + 6, 0) +
      heightOfPayTo(pdf, invoice),
  );
  let top = after + 14;
  if (top + height > PAGE.bottom) {
    pdf.addPage();
    top = drawContinuation(pdf, invoice);
  }
  let y = top;
  for (const { label, amount, strong } of rows) {
    if (strong) rule(pdf, y, BLOCK.x, COLORS.text);
    const at = strong ? y + 6 : y + 2;
    const style = strong ? ({ font: 'bold', size: 10 } as const) : {};
    write(pdf, label, BLOCK.x, at, { ...style, width: BLOCK.width - 95 });
    write(pdf, amount, BLOCK.x, at, { ...style, align: 'right', width: BLOCK.width });
    y += strong ? ROW + 4 : ROW;
  }
  let left = top + 2;
  for (const note of notes)
    left = write(pdf, note as string, PAGE.left, left, { size: 8, color: COLORS.muted, ...NOTES }) + 6;
  drawPayTo(pdf, invoice, left + 4);
}

const LABEL = 62;

/** The account that a transfer goes to, with the reference that finds its invoice. */
function drawPayTo(pdf: Pdf, invoice: PrintedDocument, top: number): void {
  const facts = payToOf(invoice);
  if (facts.length === 0) return;
  let y = write(pdf, 'Bank transfer to', PAGE.left, top, { font: 'bold', size: 8.5, ...NOTES }) + 3;
  for (const { label, value } of facts) {
    write(pdf, label, PAGE.left, y, { size: 8, color: COLORS.muted, width: LABEL });
    y = write(pdf, value, PAGE.left + LABEL, y, { size: 8, width: NOTES.width - LABEL }) + 2;
  }
}

function heightOfPayTo(pdf: Pdf, invoice: PrintedDocument): number {
  const style = { size: 8, width: NOTES.width - LABEL };
  return payToOf(invoice).reduce((sum, { value }) => sum + heightOf(pdf, value, style) + 2, 24);
}

function payToOf({
  status,
  number,
  totals,
  payTo,
  seller,
  isPaid,
}: PrintedDocument): InvoiceDocument['payTo'] {
  if (payTo.length === 0 || status === 'voided' || isPaid || totals.due === 0n) return [];
  const reference = number === null ? [] : [{ label: 'Reference', value: number }];
  return [{ label: 'Name', value: seller.name }, ...payTo, ...reference];
}

function rowsOf(invoice: PrintedDocument): Row[] {
  const { totals, inclusive, type, treatment } = invoice;
  const amount = (minor: bigint) => amountOf(invoice, minor);
  const taxes = totals.taxes.map(({ name, rate, amount: tax }) => ({
    ...{ label: inclusive ? `of which ${name} ${rate}%` : `${name} ${rate}%`, amount: amount(tax) },
  }));
  const none = { reverse_charge: 'Tax (reverse charge)', zero_rated: 'Tax 0% (zero-rated)' } as const;
  if (treatment.kind === 'reverse_charge' || treatment.kind === 'zero_rated')
    taxes.push({ label: none[treatment.kind], amount: amount(0n) });
  const total = amount(totals.total);
  const rows: Row[] = inclusive
    ? [{ label: 'Total, tax included', amount: total }, ...taxes]
    : [{ label: 'Subtotal', amount: amount(totals.net) }, ...taxes, { label: 'Total', amount: total }];
  if (type === 'credit_note')
    return [...rows.slice(0, -1), { label: 'Total credited', amount: total, strong: true }];
  if (totals.credits > 0n) rows.push({ label: 'Credits', amount: amount(-totals.credits) });
  if (invoice.isPaid) rows.push({ label: 'Paid or credited', amount: amount(-totals.due) });
  const left = invoice.isPaid ? 0n : totals.due;
  return [...rows, { label: 'Amount due', amount: amount(left), strong: true }];
}

/** The foot of every page: who sends it, and the page of how many. */
export function drawFeet(pdf: Pdf, invoice: InvoiceDocument): void {
  const { seller, number } = invoice;
  const sender = [seller.name, seller.taxId && `${seller.taxId.label} ${seller.taxId.id}`, seller.email];
  const { start, count } = pdf.bufferedPageRange();
  for (let page = 0; page < count; page++) {
    pdf.switchToPage(start + page);
    rule(pdf, PAGE.bottom + 16);
    const style = { size: 7.5, color: COLORS.muted } as const;
    write(pdf, sender.filter(Boolean).join(' · '), PAGE.left, PAGE.bottom + 23, { ...style, width: 330 });
    const place = `${number ?? titleOf(invoice)} · Page ${page + 1} of ${count}`;
    write(pdf, place, PAGE.right - 160, PAGE.bottom + 23, { ...style, align: 'right', width: 160 });
  }
}
