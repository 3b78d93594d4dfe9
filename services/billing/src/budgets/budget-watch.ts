import { BUDGET_ALERTS, entitlementsChanged, paymentMailRequested } from '@gridworks/contracts';
import type { Logger } from '@gridworks/observability';
import { Database, type Transaction, WakeableLoop } from '@gridworks/persistence';
import { LOGGER } from '@gridworks/runtime';
import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { BillingProfileRepository } from '../billing-profiles/billing-profile.repository.ts';
import { formatMoney } from '../money/format-money.ts';
import { type Budget, BudgetRepository } from './budget.repository.ts';
import { basisOf, type LimitState, limitState, ReadSpending, type Spending } from './read-spending.ts';

/** Between two looks; a look is for all partners whose calls were counted since. */
const AT_LEAST_MS = 200;
/** How often all partners with a budget that have called are looked at: an instance may have ended between count and look. */
const ALL_MS = 60_000;

/**
 * Compares budgets with what was counted, within a second of the count: tells the people of the partner at 50, 80 and 100 %, once
 * a month each, and the gateways when calls are to stop.
 */
@Injectable()
export class BudgetWatch implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #loop = new WakeableLoop(() => this.#run());
  #counted = new Set<string>();
  #lookAtAllAt = 0;
  #lastRunAt = 0;

  constructor(
    private readonly database: Database,
    private readonly budgets: BudgetRepository,
    private readonly spending: ReadSpending,
    private readonly profiles: BillingProfileRepository,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    void this.database.whenReady().then(() => this.#loop.start());
  }

  /** Waits for the current look. */
  beforeApplicationShutdown(): Promise<void> {
    return this.#loop.stop();
  }

  /** Calls of these partners were counted. Returns at once. */
  counted(partnerIds: Iterable<string>): void {
    for (const id of partnerIds) this.#counted.add(id);
    this.#loop.wake();
  }

  /** Looks at the budget of one partner now. */
  look(partnerId: string, now: Date): Promise<void> {
    return this.database.transaction(async (tx) => {
      const budget = await this.budgets.hold(tx, partnerId);
      const spending = budget && (await this.spending.read(tx, partnerId, now));
      const state = spending && limitState(budget, spending);
      if (!state) return;
      await this.#alert(tx, budget, spending, state, now);
      const { generation, at_limit, stopped_generation, basis } = budget;
      if (at_limit !== 'hard_stop') return;
      // Units that partners report leave fewer calls than the gateways know of.
      const isOther =
        basis !== null && spending.part !== null && basis !== basisOf(budget, spending.part, state);
      const isReached = state.isReached && stopped_generation !== generation;
      if (!isOther && !isReached) return;
      if (isReached) await this.budgets.markStopped(tx, partnerId, generation);
      tx.emit(entitlementsChanged, { partner_id: partnerId, at: now.toISOString() }, { partnerId });
    });
  }

  async #run(): Promise<number> {
    const early = this.#lastRunAt + AT_LEAST_MS - Date.now();
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early).unref());
    this.#lastRunAt = Date.now();
    const counted = [...this.#counted];
    this.#counted = new Set();
    try {
      const partners = new Set(counted.length === 0 ? [] : await this.budgets.among(counted));
      if (this.#lastRunAt >= this.#lookAtAllAt) {
        this.#lookAtAllAt = this.#lastRunAt + ALL_MS;
        for (const id of await this.budgets.active(new Date(this.#lastRunAt - 2 * ALL_MS))) partners.add(id);
      }
      for (const id of partners) await this.look(id, new Date());
    } catch (error) {
      // The look at all partners does it again.
      this.#lookAtAllAt = 0;
      this.logger.log('budgets.look_failed', { error });
      return 1000;
    }
    return this.#counted.size > 0 ? 0 : ALL_MS;
  }

  async #alert(
    tx: Transaction,
    budget: Budget,
    spending: Spending,
    state: LimitState,
    now: Date,
  ): Promise<void> {
    const { month } = spending;
    if (!month) return;
    let told = 0;
    for (const percent of BUDGET_ALERTS)
      if (
        state.percent >= percent &&
        (await this.budgets.alert(tx, budget.partner_id, month.from, percent, now))
      )
        told = percent;
    // Several at once are one mail, about the highest.
    if (told === 0) return;
    const { partner_id, amount, at_limit } = budget;
    const { locale } = await this.profiles.hold(tx, partner_id);
    const money = (minor: bigint) => formatMoney({ currency: spending.currency, minor }, locale);
    const calls = (count: bigint) => `${new Intl.NumberFormat(locale).format(count)} calls`;
    const words = {
      amount: amount === null ? calls(spending.part?.units.calls ?? 0n) : money(spending.spent),
      limit:
        amount === null ? `${calls(state.limitCalls ?? 0n)} of your plan` : `a budget of ${money(amount)}`,
      ...{ percent: String(told), stops: String(at_limit === 'hard_stop') },
      date: month.to.toISOString().slice(0, 10),
    };
    const mail = 'budget-alert';
    tx.emit(paymentMailRequested, { mail, partner_id, words }, { partnerId: partner_id });
  }
}
