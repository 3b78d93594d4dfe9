import type { InvoiceDocument, InvoiceLine } from './invoice-document.ts';

/** A document as JSON text: whole numbers of any size are strings. */
export function storeDocument(document: InvoiceDocument): string {
  return JSON.stringify(document, (_key, value) => (typeof value === 'bigint' ? value.toString() : value));
}

/** The document of parsed JSON that `storeDocument` wrote. */
export function readDocument(stored: unknown): InvoiceDocument {
  const document = stored as InvoiceDocument;
  const { lines, totals } = document;
  return {
    ...document,
    lines: lines.map(
      (line): InvoiceLine => ({
        ...line,
        quantity: BigInt(line.quantity),
        amount: BigInt(line.amount),
        net: BigInt(line.net),
        taxes: line.taxes.map(BigInt),
      }),
    ),
    totals: {
      net: BigInt(totals.net),
      taxes: totals.taxes.map((tax) => ({ ...tax, amount: BigInt(tax.amount) })),
      total: BigInt(totals.total),
      credits: BigInt(totals.credits),
      due: BigInt(totals.due),
    },
  };
}
