import { calculateTax } from '../tax/calculate-tax.ts';
import type { InvoiceDocument, InvoiceLine, InvoiceTotals } from './invoice-document.ts';

export type InvoiceDraft = Omit<InvoiceDocument, 'lines' | 'totals'> & {
  readonly lines: readonly Pick<
    InvoiceLine,
    'description' | 'detail' | 'quantity' | 'unitAmount' | 'amount'
  >[];
  /** Minor units of credit that the partner can burn; not more than the total is burned. */
  readonly credits: bigint;
};

/**
 * Taxes each line and adds the lines up. Every total is a sum of what the lines show, so nothing is rounded here.
 */
export function composeInvoice({ credits, ...draft }: InvoiceDraft): InvoiceDocument {
  const { components } = draft.treatment;
  const lines = draft.lines.map((line): InvoiceLine => {
    const { net, components: taxes } = calculateTax(line.amount, components, draft.inclusive);
    return { ...line, net, taxes: taxes.map(({ amount }) => amount) };
  });
  return { ...draft, lines, totals: totalsOf(lines, components, credits) };
}

const sumOf = (amounts: readonly bigint[]) => amounts.reduce((sum, amount) => sum + amount, 0n);

function totalsOf(
  lines: readonly InvoiceLine[],
  components: InvoiceDocument['treatment']['components'],
  available: bigint,
): InvoiceTotals {
  const net = sumOf(lines.map((line) => line.net));
  const taxes = components.map((component, index) => ({
    ...component,
    amount: sumOf(lines.map((line) => line.taxes[index] ?? 0n)),
  }));
  const total = net + sumOf(taxes.map(({ amount }) => amount));
  const credits = available < total ? available : total > 0n ? total : 0n;
  return { net, taxes, total, credits, due: total - credits };
}
