import { AppError, BUDGET_REACHED, type Principal } from '@gridworks/contracts';
import type { Budget, PartnerEntitlements } from '../entitlements/entitlements.ts';
import { Quota } from '../limits/quota.ts';
import type { LimitDecision, RateLimiter } from '../limits/rate-limiter.ts';
import { isMetered } from '../metering/call-meter.ts';

/** Longer than a month, so that no call of a generation is forgotten before its month has ended. */
const WINDOW_SECONDS = 32 * 86_400;

/** A slow count is waited for: counted alone, each gateway would permit its share. */
const WAIT_MS = 1000;

/**
 * Counts the metered calls of partners whose calls stop at a budget, by the leases of the limits: all gateways together let through as many
 * calls as the allowance has, however many keys call at a time.
 */
export class CallBudgets {
  /** One quota for each allowance, for as long as it is the current one. */
  readonly #quotas = new WeakMap<Budget, Quota>();

  constructor(
    private readonly limiter: Pick<RateLimiter, 'take'>,
    private readonly entitlements: Pick<PartnerEntitlements, 'budgetOf' | 'usedUp'>,
  ) {}

  /**
   * Takes one call. Returns whether it is free: the budget is reached, and the route is never stopped. Throws
   * `BILLING.BUDGET_REACHED` for any other call then. Nearly always without a promise.
   */
  take(principal: Principal, isNeverStopped: boolean): boolean | Promise<boolean> {
    const { partner_id: partnerId } = principal;
    if (partnerId === null || principal.mode === 'test' || !isMetered(principal)) return false;
    const budget = this.entitlements.budgetOf(partnerId);
    if (budget === null) return false;
    let quota = this.#quotas.get(budget);
    if (!quota) {
      const policy = { name: 'budget', quota: budget.calls, windowSeconds: WINDOW_SECONDS };
      quota = new Quota('budget', [policy], WAIT_MS);
      this.#quotas.set(budget, quota);
    }
    const decision = this.limiter.take(quota, `${partnerId}.${budget.generation}`);
    if (decision instanceof Promise)
      return decision.then((later) => this.#apply(later, partnerId, budget, isNeverStopped));
    return this.#apply(decision, partnerId, budget, isNeverStopped);
  }

  #apply({ allowed }: LimitDecision, partnerId: string, budget: Budget, isNeverStopped: boolean): boolean {
    if (allowed) return false;
    this.entitlements.usedUp(partnerId, budget.generation);
    if (isNeverStopped) return true;
    const until = Number.isFinite(budget.endsAt) ? new Date(budget.endsAt) : null;
    throw new AppError(BUDGET_REACHED, {
      detail: `Calls stop here until ${until ? until.toISOString() : 'the month ends'}, or until an owner or accountant raises the budget in the console, under Billing.`,
    });
  }
}
