import { HandleRequest } from '@gridworks/bus';
import { listInvoices, listPage, type OutputOf, type ParsedInputOf, partnerOf } from '@gridworks/contracts';
import type { CallContext } from '@gridworks/observability';
import { Controller } from '@nestjs/common';
import { InvoiceRepository } from './invoice.repository.ts';
import { summarizeInvoice } from './present-invoice.ts';

@Controller()
export class ListInvoicesHandler {
  constructor(private readonly invoices: InvoiceRepository) {}

  @HandleRequest(listInvoices)
  async list(
    input: ParsedInputOf<typeof listInvoices>,
    call: CallContext,
  ): Promise<OutputOf<typeof listInvoices>> {
    const page = await this.invoices.page(partnerOf(call), input);
    return listPage(listInvoices, { ...page, data: page.data.map(summarizeInvoice) });
  }
}
