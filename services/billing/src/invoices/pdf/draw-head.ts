import type { InvoiceDocument, InvoiceParty, PrintedDocument } from '../invoice-document.ts';
import { COLORS, CONTENT_WIDTH, heightOf, PAGE, type Pdf, rule, write } from './page.ts';
import { amountOf, dayOf, rangeOf, titleOf } from './words.ts';

const GAP = 24;
const COLUMN = (CONTENT_WIDTH - GAP) / 2;

/** Logo, title, parties, the facts of the document and what is due. Returns where the table begins. */
export function drawHead(pdf: Pdf, invoice: PrintedDocument): number {
  drawLogo(pdf, PAGE.left, PAGE.top, 26);
  write(pdf, 'GridWorks', PAGE.left + 35, PAGE.top + 4, { font: 'bold', size: 15, width: 160 });
  const title = { align: 'right', width: 300 } as const;
  const end = write(pdf, titleOf(invoice), PAGE.right - 300, PAGE.top - 2, {
    ...title,
    font: 'bold',
    size: 20,
  });
  drawStatus(pdf, invoice, end);

  const top = PAGE.top + 62;
  const ends = [
    drawParty(pdf, 'From', invoice.seller, PAGE.left, top),
    drawParty(
      pdf,
      invoice.type === 'invoice' ? 'Bill to' : 'Issued to',
      invoice.buyer,
      PAGE.left + COLUMN + GAP,
      top,
    ),
  ];
  const facts = drawFacts(pdf, invoice, Math.max(...ends) + 18);
  return drawDue(pdf, invoice, facts + 18) + 16;
}

/** The sign of the portal, from its vector drawing of 20 by 20 units. */
function drawLogo(pdf: Pdf, x: number, y: number, size: number): void {
  pdf
    .save()
    .translate(x, y)
    .scale(size / 20);
  pdf.roundedRect(1, 1, 8, 8, 2).fillColor(COLORS.brand, 1).fill();
  pdf.roundedRect(11, 1, 8, 8, 2).fillColor(COLORS.brand, 0.55).fill();
  pdf.roundedRect(1, 11, 8, 8, 2).fillColor(COLORS.brand, 0.55).fill();
  pdf.moveTo(11.5, 15.2).lineTo(13.9, 17.6).lineTo(18.5, 12.6);
  pdf.lineWidth(2.2).lineCap('round').lineJoin('round').strokeColor(COLORS.good).stroke();
  pdf.restore().fillOpacity(1);
}

function drawStatus(pdf: Pdf, { status }: InvoiceDocument, y: number): void {
  const words = { draft: 'Draft: not an invoice', voided: 'Voided', finalized: '' }[status];
  const style = { align: 'right', width: 300, font: 'bold', color: COLORS.warning } as const;
  if (words) write(pdf, words, PAGE.right - 300, y, style);
}

function drawParty(pdf: Pdf, label: string, party: InvoiceParty, x: number, top: number): number {
  let y = write(pdf, label, x, top, { size: 8, color: COLORS.muted, width: COLUMN }) + 3;
  y = write(pdf, party.name, x, y, { font: 'bold', size: 10.5, width: COLUMN }) + 1;
  y = write(pdf, party.address.join('\n'), x, y, { width: COLUMN });
  if (party.taxId) y = write(pdf, `${party.taxId.label} ${party.taxId.id}`, x, y + 2, { width: COLUMN });
  if (party.email) y = write(pdf, party.email, x, y, { color: COLORS.muted, width: COLUMN });
  return y;
}

function factsOf(invoice: InvoiceDocument): [string, string][] {
  const { number, issuedOn, dueOn, period, corrects, treatment } = invoice;
  const day = (date: string) => dayOf(invoice, date);
  const facts: ([string, string] | false)[] = [
    [`${titleOf(invoice)} number`, number ?? 'given when finalized'],
    ['Issued', day(issuedOn)],
    dueOn !== null && ['Due', day(dueOn)],
    period !== null && ['Period', rangeOf(invoice, period)],
    corrects !== null && ['Corrects', `${corrects.number}\nof ${day(corrects.issuedOn)}`],
    treatment.placeOfSupply !== null && ['Place of supply', treatment.placeOfSupply],
    treatment.placeOfSupply !== null && [
      'Tax payable on reverse charge',
      treatment.kind === 'reverse_charge' ? 'Yes' : 'No',
    ],
  ];
  return facts.filter((fact) => fact !== false);
}

const CELLS = 4;
const PADDING = 12;

/** A band of cells, four in a row; the first row has the number and the dates. */
function drawFacts(pdf: Pdf, invoice: InvoiceDocument, top: number): number {
  const facts = factsOf(invoice);
  const width = (CONTENT_WIDTH - 2 * PADDING) / CELLS;
  const value = { font: 'bold', width: width - 8 } as const;
  const rows = Array.from({ length: Math.ceil(facts.length / CELLS) }, (_, row) => {
    const cells = facts.slice(row * CELLS, (row + 1) * CELLS);
    return { cells, height: 14 + Math.max(...cells.map(([, text]) => heightOf(pdf, text, value))) };
  });
  const height = rows.reduce((sum, row) => sum + row.height, 0) + 8 * (rows.length - 1) + 2 * PADDING - 4;
  pdf.roundedRect(PAGE.left, top, CONTENT_WIDTH, height, 5).fillColor(COLORS.band).fill();
  let y = top + PADDING - 2;
  for (const { cells, height: of } of rows) {
    for (const [index, [label, text]] of cells.entries()) {
      const x = PAGE.left + PADDING + index * width;
      write(pdf, label, x, y, { size: 7.5, color: COLORS.muted, width: width - 8 });
      write(pdf, text, x, y + 13, value);
    }
    y += of + 8;
  }
  return top + height;
}

/** What there is to pay, in one line that nobody overlooks. */
function drawDue(pdf: Pdf, invoice: PrintedDocument, y: number): number {
  const { type, status, totals, dueOn, isPaid } = invoice;
  const style = { font: 'bold', size: 13, width: CONTENT_WIDTH } as const;
  if (type === 'credit_note')
    return write(pdf, `${amountOf(invoice, totals.total)} credited`, PAGE.left, y, style);
  if (status === 'voided') return write(pdf, 'Voided: nothing to pay', PAGE.left, y, style);
  if (isPaid)
    return write(pdf, 'Paid: nothing is left to pay', PAGE.left, y, { ...style, color: COLORS.good });
  if (totals.due === 0n) return write(pdf, 'Nothing to pay', PAGE.left, y, style);
  const by = dueOn === null ? '' : ` by ${dayOf(invoice, dueOn)}`;
  return write(pdf, `${amountOf(invoice, totals.due)} due${by}`, PAGE.left, y, style);
}

/** The head of a further page. Returns where its content begins. */
export function drawContinuation(pdf: Pdf, invoice: InvoiceDocument): number {
  drawLogo(pdf, PAGE.left, PAGE.top - 6, 16);
  const words = `${titleOf(invoice)} ${invoice.number ?? '(draft)'}, continued`;
  write(pdf, words, PAGE.left + 24, PAGE.top - 4, { color: COLORS.muted, width: CONTENT_WIDTH - 24 });
  rule(pdf, PAGE.top + 18);
  return PAGE.top + 30;
}
