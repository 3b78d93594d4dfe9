import { type CallAllowance, entitlementsChanged } from '@gridworks/contracts';
import { Database, type Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import { toInteger } from '../money/money.ts';
import { type Budget, BudgetRepository } from './budget.repository.ts';
import { basisOf, limitState, nextLimit, ReadSpending, type Spending } from './read-spending.ts';

/** Calls are counted within this time: when the newest is older, none is under way to the count. */
const QUIET_MS = 5_000;

/**
 * What the gateways may still let through for partners whose calls stop at a budget. The gateways count the calls of a generation
 * together, against what the limit left when it began; so the bound does not depend on how fast billing counts. Another generation begins
 * with another budget, plan or month, and when calls were leased that nobody made: then once all calls are counted.
 */
@Injectable()
export class CallAllowances {
  constructor(
    private readonly database: Database,
    private readonly budgets: BudgetRepository,
    private readonly spending: ReadSpending,
  ) {}

  /** Null when no bound is in force. `usedUp`: the generation that a gateway has used up. */
  async of(partnerId: string, usedUp: string | undefined, now: Date): Promise<CallAllowance | null> {
    const budget = await this.budgets.find(partnerId);
    if (budget?.at_limit !== 'hard_stop') return null;
    return this.database.transaction(async (tx) => {
      const held = await this.budgets.hold(tx, partnerId);
      const spending = held && (await this.spending.read(tx, partnerId, now));
      return spending && held.at_limit === 'hard_stop' ? this.#give(tx, held, spending, usedUp, now) : null;
    });
  }

  async #give(
    tx: Transaction,
    budget: Budget,
    spending: Spending,
    usedUp: string | undefined,
    now: Date,
  ): Promise<CallAllowance | null> {
    const { part, month } = spending;
    const state = limitState(budget, spending);
    if (!part || !month || !state || state.limitCalls === null) return null;
    const { partner_id: partnerId } = budget;
    const { limitCalls: limit } = state;
    const basis = basisOf(budget, part, state) ?? '';
    let { generation, baseline } = budget;
    const isWasted =
      usedUp === String(generation) && part.units.calls < limit && (await this.#isQuiet(tx, partnerId, now));
    if (budget.basis !== basis || isWasted) {
      baseline = part.units.calls;
      generation = await this.budgets.renew(tx, partnerId, basis, baseline);
      // The other gateways count in the same generation from now on.
      if (isWasted)
        tx.emit(entitlementsChanged, { partner_id: partnerId, at: now.toISOString() }, { partnerId });
    }
    const next = nextLimit(budget.amount, spending);
    return {
      generation: String(generation),
      // What is counted is the second bound, should the shared count be lost.
      calls: part.units.calls >= limit ? 0 : toInteger(limit - baseline),
      ends_at: part.span.to.toISOString(),
      next_calls: next === null ? null : toInteger(next),
    };
  }

  async #isQuiet(tx: Transaction, partnerId: string, now: Date): Promise<boolean> {
    const since = new Date(now.getTime() - QUIET_MS);
    const newer = await tx.prepared(
      `select 1 from usage_daily where partner_id = $1 and day >= ($2::timestamptz at time zone 'UTC')::date and last_call_at > $2 limit 1`,
      [partnerId, since],
    );
    return newer.length === 0;
  }
}
