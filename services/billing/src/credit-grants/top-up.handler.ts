import { type BusEvent, HandleEvent, HandleRequest } from '@gridworks/bus';
import {
  AppError,
  AUTO_TOP_UP_UNBOUNDED,
  consumerOf,
  getAutoTopUp,
  INVOICE_NOT_VOIDABLE,
  type OutputOf,
  orderTopUp,
  PAYMENT_METHOD_NEEDED,
  type ParsedInputOf,
  type PayloadOf,
  partnerOf,
  paymentMailRequested,
  paymentOverdue,
  setAutoTopUp,
} from '@gridworks/contracts';
import { type CallContext, noteAct } from '@gridworks/observability';
import { Database, type Transaction } from '@gridworks/persistence';
import { Controller } from '@nestjs/common';
import { InvoiceRepository } from '../invoices/invoice.repository.ts';
import { formatMoney } from '../money/format-money.ts';
import { toInteger } from '../money/money.ts';
import { Subscriptions } from '../subscriptions/subscriptions.ts';
import { AutoTopUpRepository } from './auto-top-up.repository.ts';
import { AutoTopUpRun } from './auto-top-up-run.ts';
import { TopUps } from './top-ups.ts';

const LAPSE = consumerOf(paymentOverdue, 'billing_lapse-top-up');
type Overdue = PayloadOf<typeof paymentOverdue>;
type Shown = OutputOf<typeof getAutoTopUp>;

/** Partners buy credit: themselves, or automatically when the balance is low. */
@Controller()
export class TopUpHandler {
  constructor(
    private readonly database: Database,
    private readonly topUps: TopUps,
    private readonly settings: AutoTopUpRepository,
    private readonly invoices: InvoiceRepository,
    private readonly subscriptions: Subscriptions,
    private readonly automatic: AutoTopUpRun,
  ) {}

  @HandleRequest(orderTopUp)
  order(
    { amount }: ParsedInputOf<typeof orderTopUp>,
    call: CallContext,
  ): Promise<OutputOf<typeof orderTopUp>> {
    return this.database.transaction(async (tx) => {
      const order = { amount: BigInt(amount), purpose: 'top_up' } as const;
      const { id, document } = await this.topUps.order(tx, partnerOf(call), order, new Date());
      return {
        ...{ object: 'top_up' as const, invoice_id: id, invoice_number: document.number ?? '' },
        ...{ amount, currency: document.currency },
      };
    });
  }

  @HandleRequest(getAutoTopUp)
  get(_input: ParsedInputOf<typeof getAutoTopUp>, call: CallContext): Promise<Shown> {
    return this.database.transaction((tx) => this.#present(tx, partnerOf(call), new Date()));
  }

  @HandleRequest(setAutoTopUp)
  async set(
    { is_on, ...amounts }: ParsedInputOf<typeof setAutoTopUp>,
    call: CallContext,
  ): Promise<OutputOf<typeof setAutoTopUp>> {
    const [partner_id, now] = [partnerOf(call), new Date()];
    if (amounts.monthly_limit < amounts.amount) throw new AppError(AUTO_TOP_UP_UNBOUNDED);
    const shown = await this.database.transaction(async (tx) => {
      const { currency } = await this.subscriptions.hold(tx, partner_id, now);
      if (is_on && !(await this.settings.hasPaymentMethod(tx, partner_id)))
        throw new AppError(PAYMENT_METHOD_NEEDED);
      const before = await this.settings.find(tx, partner_id);
      if (before) noteAct({ before: { is_on: before.is_on, amount: toInteger(before.amount) } });
      const { threshold, amount, monthly_limit } = amounts;
      const stored = {
        threshold: BigInt(threshold),
        amount: BigInt(amount),
        monthly_limit: BigInt(monthly_limit),
      };
      await this.settings.set(tx, { partner_id, currency, is_on, ...stored }, now);
      return this.#present(tx, partner_id, now);
    });
    this.automatic.wake();
    return shown;
  }

  /** Nobody owes credit that was ordered: when it is not paid in time, its invoice is voided. */
  @HandleEvent(paymentOverdue, { consumer: LAPSE })
  async lapse({ partner_id, invoice_id }: Overdue, event: BusEvent<Overdue>): Promise<void> {
    await this.database.once(event, LAPSE, async (tx) => {
      const { purpose, paymentStatus, document } = await this.invoices.hold(tx, partner_id, invoice_id);
      if (purpose === 'charges' || paymentStatus !== 'unpaid' || document.status !== 'finalized') return;
      const now = new Date();
      try {
        await this.invoices.void(tx, partner_id, invoice_id, now);
      } catch (error) {
        // A part of it has arrived: people of GridWorks decide.
        if (error instanceof AppError && error.code === INVOICE_NOT_VOIDABLE.code) return;
        throw error;
      }
      if (purpose !== 'auto_top_up') return;
      await this.settings.switchOff(tx, partner_id, now);
      const { currency, locale, totals } = document;
      const words = { amount: formatMoney({ currency, minor: totals.total }, locale) };
      const mail = 'auto-top-up-off';
      tx.emit(paymentMailRequested, { mail, partner_id, words }, { partnerId: partner_id });
    });
  }

  async #present(tx: Transaction, partnerId: string, now: Date): Promise<Shown> {
    const set = await this.settings.find(tx, partnerId);
    const currency = set?.currency ?? (await this.subscriptions.hold(tx, partnerId, now)).currency;
    return {
      ...{ object: 'auto_top_up', partner_id: partnerId, currency, is_on: set?.is_on ?? false },
      ...{ threshold: toInteger(set?.threshold ?? 2_000n), amount: toInteger(set?.amount ?? 10_000n) },
      monthly_limit: toInteger(set?.monthly_limit ?? 30_000n),
      ordered_this_month: toInteger(await this.settings.ordered(tx, partnerId, currency, now)),
    };
  }
}
