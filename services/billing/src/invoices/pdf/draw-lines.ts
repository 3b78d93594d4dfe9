import { formatUnitAmount } from '../../money/format-money.ts';
import type { InvoiceDocument, InvoiceLine } from '../invoice-document.ts';
import { drawContinuation } from './draw-head.ts';
import { COLORS, heightOf, PAGE, type Pdf, rule, type TextStyle, write } from './page.ts';
import { amountOf, quantityOf } from './words.ts';

/** The columns of the table: their left edge and width. Numbers are flush right. */
const COLUMNS = {
  description: { x: PAGE.left, width: 225 },
  quantity: { x: PAGE.left + 231, width: 72 },
  unit: { x: PAGE.left + 309, width: 84 },
  amount: { x: PAGE.left + 399, width: PAGE.right - PAGE.left - 399 },
} as const;
const DETAIL = { size: 7.5, color: COLORS.muted, width: COLUMNS.description.width } as const;

/** The table, over as many pages as it needs; its head is repeated on each. Returns where it ends on the last page. */
export function drawLines(pdf: Pdf, invoice: InvoiceDocument, top: number): number {
  let y = drawTableHead(pdf, invoice, top);
  for (const line of invoice.lines) {
    const cells = cellsOf(invoice, line);
    const height = heightOfRow(pdf, line, cells);
    if (y + height > PAGE.bottom) {
      pdf.addPage();
      y = drawTableHead(pdf, invoice, drawContinuation(pdf, invoice));
    }
    drawRow(pdf, line, cells, y);
    y += height;
    rule(pdf, y);
  }
  return y;
}

function drawTableHead(pdf: Pdf, { currency }: InvoiceDocument, top: number): number {
  const style = { size: 7.5, color: COLORS.muted } as const;
  const right = { ...style, align: 'right' } as const;
  const { description, quantity, unit, amount } = COLUMNS;
  write(pdf, 'Description', description.x, top, { ...style, width: description.width });
  write(pdf, 'Quantity', quantity.x, top, { ...right, width: quantity.width });
  write(pdf, 'Unit price', unit.x, top, { ...right, width: unit.width });
  write(pdf, `Amount (${currency})`, amount.x, top, { ...right, width: amount.width });
  rule(pdf, top + 15, PAGE.left, COLORS.text);
  return top + 15;
}

type Cells = readonly (readonly [text: string, x: number, style: TextStyle])[];

function cellsOf(invoice: InvoiceDocument, line: InvoiceLine): Cells {
  const unit = formatUnitAmount(line.unitAmount, invoice.currency, invoice.locale);
  return [
    [line.description, COLUMNS.description.x, { width: COLUMNS.description.width }],
    [
      quantityOf(invoice, line.quantity),
      COLUMNS.quantity.x,
      { align: 'right', width: COLUMNS.quantity.width },
    ],
    [unit, COLUMNS.unit.x, { align: 'right', width: COLUMNS.unit.width }],
    [amountOf(invoice, line.amount), COLUMNS.amount.x, { align: 'right', width: COLUMNS.amount.width }],
  ];
}

const PADDING = 7;

function heightOfRow(pdf: Pdf, { detail }: InvoiceLine, cells: Cells): number {
  const [description = 0, ...numbers] = cells.map(([text, , style]) => heightOf(pdf, text, style));
  const words = description + (detail ? heightOf(pdf, detail, DETAIL) : 0);
  return Math.max(words, ...numbers) + 2 * PADDING - 2;
}

function drawRow(pdf: Pdf, { detail }: InvoiceLine, cells: Cells, top: number): void {
  const ends = cells.map(([text, x, style]) => write(pdf, text, x, top + PADDING, style));
  if (detail) write(pdf, detail, COLUMNS.description.x, ends[0] ?? top, DETAIL);
}
