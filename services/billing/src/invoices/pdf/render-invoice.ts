import type { PrintedDocument } from '../invoice-document.ts';
import { drawHead } from './draw-head.ts';
import { drawLines } from './draw-lines.ts';
import { drawFeet, drawTotals } from './draw-totals.ts';
import { closePdf, openPdf } from './page.ts';
import { titleOf } from './words.ts';

/** An invoice or a credit note as a PDF of A4 pages. The same document gives the same bytes. */
export function renderInvoice(invoice: PrintedDocument): Promise<Buffer> {
  const title = `${titleOf(invoice)} ${invoice.number ?? '(draft)'}`;
  const pdf = openPdf(title, invoice.seller.name, new Date(`${invoice.issuedOn}T00:00:00Z`));
  const end = drawLines(pdf, invoice, drawHead(pdf, invoice));
  drawTotals(pdf, invoice, end);
  drawFeet(pdf, invoice);
  return closePdf(pdf);
}
