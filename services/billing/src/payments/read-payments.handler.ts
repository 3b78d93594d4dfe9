import { HandleRequest } from '@gridworks/bus';
import {
  getInvoiceBalance,
  getPayment,
  listPage,
  listPayments,
  type OutputOf,
  type ParsedInputOf,
  partnerOf,
} from '@gridworks/contracts';
import type { CallContext } from '@gridworks/observability';
import { Database } from '@gridworks/persistence';
import { Controller } from '@nestjs/common';
import { toInteger } from '../money/money.ts';
import { readBalance } from './attempts/open-invoice.ts';
import { PaymentAttemptRepository } from './attempts/payment-attempt.repository.ts';
import { presentPayment } from './attempts/payment-attempt.ts';
import { DunningRepository } from './dunning/dunning.repository.ts';
import { graceEnds } from './dunning/dunning-schedule.ts';

@Controller()
export class ReadPaymentsHandler {
  constructor(
    private readonly database: Database,
    private readonly attempts: PaymentAttemptRepository,
    private readonly dunning: DunningRepository,
  ) {}

  @HandleRequest(listPayments)
  async list(
    { id, ...query }: ParsedInputOf<typeof listPayments>,
    call: CallContext,
  ): Promise<OutputOf<typeof listPayments>> {
    await this.#balance(partnerOf(call), id);
    const page = await this.attempts.page(id, query);
    return listPage(listPayments, { ...page, data: page.data.map(presentPayment) });
  }

  @HandleRequest(getPayment)
  async get(
    { id }: ParsedInputOf<typeof getPayment>,
    call: CallContext,
  ): Promise<OutputOf<typeof getPayment>> {
    return presentPayment(await this.attempts.get(partnerOf(call), id));
  }

  @HandleRequest(getInvoiceBalance)
  async balance(
    { id }: ParsedInputOf<typeof getInvoiceBalance>,
    call: CallContext,
  ): Promise<OutputOf<typeof getInvoiceBalance>> {
    const partner = partnerOf(call);
    const { currency, due, credited, paid, left } = await this.#balance(partner, id);
    const dunning = await this.dunning.find(partner, id);
    return {
      ...{ object: 'invoice_balance', invoice_id: id, currency, due: toInteger(due) },
      ...{ credited: toInteger(credited), paid: toInteger(paid), left: toInteger(left) },
      dunning: dunning && {
        ...{ status: dunning.state, started_at: dunning.startedAt.toISOString() },
        next_at: dunning.nextAt?.toISOString() ?? null,
        grace_ends_at: graceEnds(dunning.startedAt).toISOString(),
      },
    };
  }

  #balance(partner: string, id: string) {
    return this.database.read((manager) => readBalance(manager, partner, id));
  }
}
