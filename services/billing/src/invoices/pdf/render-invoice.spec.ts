import { describe, expect, it } from '@jest/globals';
import { readPdf } from '../../../test/read-pdf.ts';
import { SAMPLE_INVOICES } from '../../../test/sample-invoices.ts';
import type { InvoiceDocument, PrintedDocument } from '../invoice-document.ts';
import { findUnprintable } from './page.ts';
import { renderInvoice } from './render-invoice.ts';

const sample = (name: string) => SAMPLE_INVOICES[name] as InvoiceDocument;
/** The pages as text; no-break spaces are spaces. */
const pagesOf = async (invoice: PrintedDocument) =>
  readPdf(await renderInvoice(invoice)).map((page) => page.replaceAll(/[\u00a0\u202f\u2009]/g, ' '));
const texts = new Map<string, Promise<string>>();
/** The text of a sample, which is rendered once. */
function textOf(name: string): Promise<string> {
  const text = texts.get(name) ?? pagesOf(sample(name)).then((pages) => pages.join('\n'));
  texts.set(name, text);
  return text;
}

describe('renderInvoice', () => {
  it('shows Indian GST as the law wants it', async () => {
    const text = await textOf('gst-same-state');
    for (const part of [
      ...['Tax invoice', 'GW-2026-000042', 'GSTIN 29AABCG1234D1ZN', 'GSTIN 29AAPFU0939F1ZR', '29-Karnataka'],
      ...['SAC 998315', 'CGST 9%', 'SGST 9%', '₹13,714.14', '₹1,234.27', '₹16,182.68', '-₹1,000.00'],
      ...['7,34,512', '₹0.012', '₹15,182.68 due by 15 Dec 2026', '1–30 Nov 2026'],
    ])
      expect(text).toContain(part);
    expect(text).not.toContain('IGST');
    expect(await textOf('gst-other-state')).toContain('IGST 18%');
  });

  it.each([
    [
      'reverse-charge',
      ['Reverse charge: Article 196 of Directive 2006/112/EC', 'Tax (reverse charge)', '€648.50'],
    ],
    ['gst-export', ['AD290326012345X', 'Tax 0% (zero-rated)', '96-Other country']],
    ['yen', ['Total, tax included', 'of which Consumption tax 10%', '¥92,963']],
    ['dinar', ['KWD 192.043', 'KWD 0.0000215']],
    ['credit-note', ['Credit note', 'GW-2026-000042 of 1 Dec 2026', 'Total credited', '₹1,699.20']],
    ['draft', ['Draft: not an invoice', 'given when finalized']],
  ])('shows %s', async (name, parts) => {
    const text = (await textOf(name)).replaceAll(/\s+/g, ' ');
    for (const part of parts) expect(text).toContain(part);
  });

  it('says where a transfer goes, until nothing is left to pay', async () => {
    const due = await textOf('gst-same-state');
    for (const part of ['Bank transfer to', 'Example Bank', '0012 3456 7890', 'Reference', 'EXMP0000012'])
      expect(due).toContain(part);
    const paid = (await pagesOf({ ...sample('gst-same-state'), isPaid: true })).join('\n');
    for (const part of ['Paid: nothing is left to pay', 'Paid or credited', '-₹15,182.68', '₹0.00'])
      expect(paid).toContain(part);
    for (const part of ['Bank transfer to', 'due by', 'Please pay']) expect(paid).not.toContain(part);
    expect(await textOf('credit-note')).not.toContain('Bank transfer to');
  });

  it('repeats the head of the table over pages, and numbers them', async () => {
    const pages = await pagesOf(sample('sixty-lines'));
    expect(pages).toHaveLength(3);
    for (const [index, page] of pages.entries()) {
      expect(page).toContain('Unit price');
      expect(page).toContain(`Page ${index + 1} of 3`);
      expect(page.includes('Amount due')).toBe(index === 2);
    }
    const text = pages.join('\n');
    for (const { amount } of sample('sixty-lines').lines)
      expect(text).toContain(`€${(Number(amount) / 100).toFixed(2)}`);
  });

  it.each([0, 18, 20, 21, 22, 23])('keeps the totals together below %i lines', async (count) => {
    const { lines, ...rest } = sample('sixty-lines');
    const pages = await pagesOf({ ...rest, lines: lines.slice(0, count) });
    const withTotals = pages.filter((page) => page.includes('Subtotal'));
    expect(withTotals).toEqual([pages.at(-1)]);
    expect(withTotals[0]).toContain('Amount due');
    for (const [index, page] of pages.entries())
      expect(page).toContain(`Page ${index + 1} of ${pages.length}`);
  });

  it('prints every character of what is in it', async () => {
    for (const name of Object.keys(SAMPLE_INVOICES)) expect(await textOf(name)).not.toContain('\ufffd');
    expect(findUnprintable('Société ₹ € ¥ £ ₩ – Łódź Ωμέγα Жук')).toEqual([]);
    expect(findUnprintable('株 A')).toEqual(['株']);
  });

  it('does not ask for the amount of a voided invoice', async () => {
    const text = (await pagesOf({ ...sample('one-line'), status: 'voided' })).join(' ');
    expect(text).toContain('Voided: nothing to pay');
    expect(text).not.toContain('due by');
  });

  it('gives the same bytes for the same document, at any time', async () => {
    const first = await renderInvoice(sample('gst-same-state'));
    await new Promise((resolve) => setTimeout(resolve, 1100));
    expect((await renderInvoice(sample('gst-same-state'))).equals(first)).toBe(true);
    expect((await renderInvoice(sample('gst-other-state'))).equals(first)).toBe(false);
  });
});
