import { HandleRequest } from '@gridworks/bus';
import {
  getInvoice,
  getInvoicePdf,
  type OutputOf,
  type ParsedInputOf,
  partnerOf,
} from '@gridworks/contracts';
import type { CallContext } from '@gridworks/observability';
import { Controller } from '@nestjs/common';
import { InvoiceRepository } from './invoice.repository.ts';
import { renderInvoice } from './pdf/render-invoice.ts';
import { presentInvoice } from './present-invoice.ts';

@Controller()
export class GetInvoiceHandler {
  constructor(private readonly invoices: InvoiceRepository) {}

  @HandleRequest(getInvoice)
  async get(
    { id }: ParsedInputOf<typeof getInvoice>,
    call: CallContext,
  ): Promise<OutputOf<typeof getInvoice>> {
    return presentInvoice(await this.invoices.get(partnerOf(call), id));
  }

  @HandleRequest(getInvoicePdf)
  async render(
    { id }: ParsedInputOf<typeof getInvoicePdf>,
    call: CallContext,
  ): Promise<OutputOf<typeof getInvoicePdf>> {
    const { document, paymentStatus } = await this.invoices.get(partnerOf(call), id);
    const pdf = await renderInvoice({ ...document, isPaid: paymentStatus === 'paid' });
    return {
      ...{ object: 'invoice_pdf', file_name: `${document.number ?? `draft-${document.issuedOn}`}.pdf` },
      base64: pdf.toString('base64'),
    };
  }
}
