import { HandleRequest } from '@gridworks/bus';
import {
  AppError,
  BUDGET_NOT_FOUND,
  entitlementsChanged,
  getSpending,
  type OutputOf,
  type ParsedInputOf,
  partnerOf,
  removeBudget,
  setBudget,
} from '@gridworks/contracts';
import { type CallContext, noteAct } from '@gridworks/observability';
import { Database, type Transaction } from '@gridworks/persistence';
import { Controller } from '@nestjs/common';
import { toInteger } from '../money/money.ts';
import { Subscriptions } from '../subscriptions/subscriptions.ts';
import { type Budget, BudgetRepository } from './budget.repository.ts';
import { BudgetWatch } from './budget-watch.ts';
import { limitState, ReadSpending } from './read-spending.ts';

type Shown = OutputOf<typeof getSpending>;

@Controller()
export class BudgetHandler {
  constructor(
    private readonly database: Database,
    private readonly budgets: BudgetRepository,
    private readonly spending: ReadSpending,
    private readonly subscriptions: Subscriptions,
    private readonly watch: BudgetWatch,
  ) {}

  @HandleRequest(getSpending)
  get(_input: ParsedInputOf<typeof getSpending>, call: CallContext): Promise<OutputOf<typeof getSpending>> {
    return this.database.transaction((tx) => this.#present(tx, partnerOf(call), new Date()));
  }

  @HandleRequest(setBudget)
  async set(
    { amount, at_limit }: ParsedInputOf<typeof setBudget>,
    call: CallContext,
  ): Promise<OutputOf<typeof setBudget>> {
    const [partnerId, now] = [partnerOf(call), new Date()];
    const shown = await this.database.transaction(async (tx) => {
      const { currency } = await this.subscriptions.hold(tx, partnerId, now);
      const before = await this.budgets.hold(tx, partnerId);
      if (before) noteAct({ before: { amount: amountOf(before), at_limit: before.at_limit } });
      await this.budgets.set(
        tx,
        partnerId,
        { amount: amount === null ? null : BigInt(amount), at_limit, currency },
        now,
      );
      tx.emit(entitlementsChanged, { partner_id: partnerId, at: now.toISOString() }, { partnerId });
      return this.#present(tx, partnerId, now);
    });
    this.watch.counted([partnerId]);
    return shown;
  }

  @HandleRequest(removeBudget)
  remove(
    _input: ParsedInputOf<typeof removeBudget>,
    call: CallContext,
  ): Promise<OutputOf<typeof removeBudget>> {
    const [partnerId, now] = [partnerOf(call), new Date()];
    return this.database.transaction(async (tx) => {
      if (!(await this.budgets.remove(tx, partnerId))) throw new AppError(BUDGET_NOT_FOUND);
      tx.emit(entitlementsChanged, { partner_id: partnerId, at: now.toISOString() }, { partnerId });
      return { object: 'budget' as const, partner_id: partnerId, deleted: true as const };
    });
  }

  async #present(tx: Transaction, partnerId: string, now: Date): Promise<Shown> {
    const found = await this.spending.read(tx, partnerId, now);
    if (!found) {
      // A partner whose registration has not arrived yet gets its subscription now.
      await this.subscriptions.hold(tx, partnerId, now);
      return this.#present(tx, partnerId, now);
    }
    const { currency, month, calls, spent } = found;
    const budget = await this.budgets.hold(tx, partnerId);
    const state = budget && limitState(budget, found);
    const alerts = budget && month ? await this.budgets.alerts(tx, partnerId, month.from) : [];
    return {
      ...{ object: 'spending', partner_id: partnerId, currency },
      period: month && { from: month.from.toISOString(), to: month.to.toISOString() },
      ...{ calls: toInteger(calls), spent: toInteger(spent) },
      budget: budget && {
        ...{ amount: amountOf(budget), at_limit: budget.at_limit },
        limit_calls: state?.limitCalls == null ? null : toInteger(state.limitCalls),
        percent: state?.percent ?? 0,
        alerts: alerts.map(({ percent, at }) => ({ percent, at: at.toISOString() })),
        updated_at: budget.updated_at.toISOString(),
      },
    };
  }
}

const amountOf = ({ amount }: Budget): number | null => (amount === null ? null : toInteger(amount));
