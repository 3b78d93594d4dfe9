import type { Logger } from '@gridworks/observability';
import { Database, type Transaction } from '@gridworks/persistence';
import { CONFIG, LOGGER } from '@gridworks/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { MakeInvoice } from '../invoicing/make-invoice.ts';
import { SubscriptionRepository } from '../subscriptions/subscription.repository.ts';
import { Subscriptions } from '../subscriptions/subscriptions.ts';
import { DueWorkRepository } from './due-work.repository.ts';
import { RatePeriods } from './rate-periods.ts';

/** What a run has done. */
export interface RunResult {
  /** Subscriptions that went on, changed or ended. */
  advanced: number;
  /** Periods whose units were charged. */
  rated: number;
  /** Ids of the invoices that were made. */
  readonly invoices: string[];
  /** Partners whose invoice waits for their billing profile. */
  readonly incomplete: string[];
  /** Partners for whom a step failed; the next run does it again. */
  readonly failed: string[];
}

type Step = (tx: Transaction) => Promise<void>;

/**
 * Charges what is due: subscriptions go on, the units of ended periods are charged, invoices are made. Each step for a partner is one
 * transaction under the lock of its subscription, and says in that transaction that it is done: a crash leaves steps that are done and
 * steps that are not, and any number of instances may run at a time. A partner that another instance works on is left to it.
 */
@Injectable()
export class BillingRun {
  constructor(
    private readonly database: Database,
    private readonly due: DueWorkRepository,
    private readonly repository: SubscriptionRepository,
    private readonly subscriptions: Subscriptions,
    private readonly periods: RatePeriods,
    private readonly invoices: MakeInvoice,
    @Inject(CONFIG) private readonly config: { readonly BILLING_GRACE_MS: number },
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Does everything that is due at a moment. */
  async run(now: Date): Promise<RunResult> {
    const result: RunResult = { advanced: 0, rated: 0, invoices: [], incomplete: [], failed: [] };
    for await (const partnerId of this.due.advances(now))
      await this.#step(result, partnerId, async (tx) => {
        const held = await this.repository.hold(tx, partnerId, true);
        if (!held?.advance_at || held.advance_at > now) return;
        await this.subscriptions.advance(tx, held, now);
        result.advanced++;
      });
    const ended = new Date(now.getTime() - this.config.BILLING_GRACE_MS);
    for await (const period of this.due.periods(ended))
      await this.#step(result, period.partner_id, async (tx) => {
        if (!(await this.repository.hold(tx, period.partner_id, true))) return;
        if (await this.periods.rate(tx, period, now)) result.rated++;
      });
    for await (const partnerId of this.due.invoices(now))
      await this.#step(result, partnerId, async (tx) => {
        if (!(await this.repository.hold(tx, partnerId, true))) return;
        const made = await this.invoices.make(tx, partnerId, now);
        if (made === 'incomplete') {
          result.incomplete.push(partnerId);
          this.logger.log('invoice.profile_incomplete', { partner_id: partnerId });
        } else result.invoices.push(...made);
      });
    return result;
  }

  /** One partner's trouble does not stop the others. */
  async #step(result: RunResult, partnerId: string, work: Step): Promise<void> {
    try {
      await this.database.transaction(work);
    } catch (error) {
      result.failed.push(partnerId);
      this.logger.log('billing_run.step_failed', { error, partner_id: partnerId });
    }
  }
}
