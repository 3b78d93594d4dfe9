import { HandleRequest } from '@gridworks/bus';
import {
  getPartnerInvoice,
  listAllInvoices,
  listPage,
  type OutputOf,
  type ParsedInputOf,
} from '@gridworks/contracts';
import { Controller } from '@nestjs/common';
import { presentInvoice, summarizeInvoice } from '../invoices/present-invoice.ts';
import { toInteger } from '../money/money.ts';
import { PaymentAttemptRepository } from '../payments/attempts/payment-attempt.repository.ts';
import { presentPayment } from '../payments/attempts/payment-attempt.ts';
import { PartnerInvoiceRepository, type StandingInvoice } from './partner-invoice.repository.ts';

/** The invoices of all partners, for people of GridWorks. */
@Controller()
export class PartnerInvoicesHandler {
  constructor(
    private readonly invoices: PartnerInvoiceRepository,
    private readonly attempts: PaymentAttemptRepository,
  ) {}

  @HandleRequest(listAllInvoices)
  async list(input: ParsedInputOf<typeof listAllInvoices>): Promise<OutputOf<typeof listAllInvoices>> {
    const page = await this.invoices.page(input);
    const data = page.data.map((one) => ({ ...summarizeInvoice(one.invoice), ...presentStanding(one) }));
    return listPage(listAllInvoices, { ...page, data });
  }

  @HandleRequest(getPartnerInvoice)
  async get({ id }: ParsedInputOf<typeof getPartnerInvoice>): Promise<OutputOf<typeof getPartnerInvoice>> {
    const found = await this.invoices.get(id);
    const { data } = await this.attempts.page(id, { limit: 100 });
    return {
      ...presentInvoice(found.invoice),
      ...presentStanding(found),
      payments: data.map(presentPayment),
    };
  }
}

const presentStanding = ({ invoice, left, dunning }: StandingInvoice) => ({
  ...{ partner_id: invoice.partnerId, buyer_name: invoice.document.buyer.name, left: toInteger(left) },
  dunning: dunning && {
    ...{ status: dunning.status, started_at: dunning.startedAt.toISOString() },
    ...{ next_at: dunning.nextAt?.toISOString() ?? null, failure_code: dunning.failureCode },
  },
});
