import { type Email, type Letter, renderLetterAsHtml, renderLetterAsText } from '@gridworks/notifications';
import type { InvoiceDocument } from '../invoices/invoice-document.ts';
import { formatMoney } from '../money/format-money.ts';

/** A finalized invoice, and what the mail needs beside it. */
export interface InvoiceMail {
  readonly id: string;
  readonly document: InvoiceDocument;
  readonly pdf: Buffer;
  /** The address of the portal. */
  readonly portalUrl: string;
}

/**
 * The mail with an invoice to an address. Its message id is made of the invoice, so that a mail that is sent twice after a crash is
 * shown once.
 */
export function composeInvoiceMail(to: string, { id, document, pdf, portalUrl }: InvoiceMail): Email {
  const { number, currency, locale, totals, seller, buyer, period } = document;
  const day = (date: string) =>
    new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(date));
  const due = formatMoney({ currency, minor: totals.due }, locale);
  const span = period ? ` for ${day(period.from)} to ${day(period.to)}` : '';
  const letter: Letter = {
    heading: `Invoice ${number} from ${seller.name}`,
    lines: [
      `Here is the invoice of ${buyer.name}${span}.`,
      totals.due > 0n && document.dueOn
        ? `To be paid: ${due} by ${day(document.dueOn)}.`
        : 'Nothing is left to be paid.',
    ],
    button: { text: 'Open the portal', url: portalUrl },
    notes: [
      'The invoice is attached as a PDF.',
      `Questions? Write to ${seller.email ?? 'us'} and name the invoice.`,
    ],
  };
  return {
    ...{ to: [to], subject: letter.heading, messageId: `<${id}.finalized@gridworks.example>` },
    text: renderLetterAsText(letter),
    html: renderLetterAsHtml(letter),
    attachments: [{ fileName: `${number}.pdf`, contentType: 'application/pdf', content: pdf }],
    // RFC 3834: programs that answer mail by themselves leave it alone.
    headers: { 'Auto-Submitted': 'auto-generated' },
  };
}
