import type { Metric, PlanVersion } from '@gridworks/contracts';
import type { Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import { MeteredUsageRepository } from '../invoicing/metered-usage.repository.ts';
import { priceSteps, type RatedPeriod } from '../invoicing/rate-period.ts';
import type { Span } from '../periods/periods.ts';
import { SubscriptionRepository } from '../subscriptions/subscription.repository.ts';
import {
  anchorOf,
  type BillingPeriod,
  monthAround,
  type Subscription,
} from '../subscriptions/subscription.ts';
import type { Budget } from './budget.repository.ts';
import { callsWithin } from './calls-within.ts';
import { costOfUnits, includedIn } from './cost-of-units.ts';

type Units = Readonly<Record<Metric, bigint>>;

/** A part of a month with one plan. */
export interface SpentPart extends RatedPeriod {
  readonly version: PlanVersion;
  readonly units: Units;
}

/** What the calls of the current month cost until now. Minor units of `currency`. */
export interface Spending {
  readonly currency: string;
  /** Null while the subscription is paused: nothing is charged then. */
  readonly month: Span | null;
  readonly calls: bigint;
  readonly spent: bigint;
  /** The current part of the month, and its units; null with `month`. */
  readonly part: SpentPart | null;
}

/** A budget against what was spent. */
export interface LimitState {
  /** With so many calls of the current part of the month the limit is reached; null: no number of calls does that. */
  readonly limitCalls: bigint | null;
  /** Whole percent, rounded down; 100 and more: it is reached. */
  readonly percent: number;
  readonly isReached: boolean;
}

const PARTS_SQL = `
  select subscription_id, partner_id, plan_version_id, currency, starts_at, ends_at, month_from, month_to, is_trial, rated_at
  from billing_periods where partner_id = $1 and starts_at >= $2 and starts_at < $3 order by starts_at`;
const NEWEST_SQL = `
  select subscription_id, partner_id, plan_version_id, currency, starts_at, ends_at, month_from, month_to, is_trial, rated_at
  from billing_periods where partner_id = $1 and starts_at <= $2 order by starts_at desc limit 1`;

/** Reads the meter and the plan of a partner. It changes and locks nothing. */
@Injectable()
export class ReadSpending {
  constructor(
    private readonly subscriptions: SubscriptionRepository,
    private readonly usage: MeteredUsageRepository,
  ) {}

  async read(tx: Transaction, partnerId: string, now: Date): Promise<Spending | null> {
    const [subscription] = await tx.prepared<Subscription>(
      `select * from subscriptions where partner_id = $1 and status <> 'canceled'`,
      [partnerId],
    );
    if (!subscription) return null;
    const { currency, status } = subscription;
    const none = { currency, month: null, calls: 0n, spent: 0n, part: null };
    if (status === 'paused') return none;
    const [newest] = await tx.prepared<BillingPeriod>(NEWEST_SQL, [partnerId, now]);
    if (!newest) return none;
    const current = newest.ends_at > now ? newest : nextOf(newest, subscription, now);
    const month = { from: current.month_from, to: current.month_to };
    const parts = await tx.prepared<BillingPeriod>(PARTS_SQL, [partnerId, month.from, current.starts_at]);
    let [calls, spent] = [0n, 0n];
    for (const part of parts) {
      const counted = await this.#count(tx, partnerId, part);
      const version = await this.subscriptions.version(tx, part.plan_version_id);
      calls += counted.calls;
      // A change of plan may change the currency: what was spent in another one is not added.
      if (part.currency === currency) spent += costOfUnits(version, rated(part), counted);
    }
    const counted = await this.#count(tx, partnerId, current);
    const version = await this.subscriptions.version(tx, current.plan_version_id);
    spent += costOfUnits(version, rated(current), counted);
    const part = { ...rated(current), units: counted, version };
    return { currency, month, calls: calls + counted.calls, spent, part };
  }

  #count(tx: Transaction, partnerId: string, { starts_at, ends_at }: BillingPeriod): Promise<Units> {
    return this.usage.count(tx, partnerId, { from: starts_at, to: ends_at });
  }
}

/** What a budget says of spending; null while the subscription is paused. */
export function limitState({ amount }: Pick<Budget, 'amount'>, spending: Spending): LimitState | null {
  const { part, spent } = spending;
  if (!part) return null;
  const before = spent - costOfUnits(part.version, part, part.units);
  const limitCalls = limitOf(amount, part, before);
  const { calls } = part.units;
  const isReached = limitCalls !== null && calls >= limitCalls;
  const [used, whole] = amount === null ? [calls, limitCalls ?? 0n] : [spent, amount];
  const percent = whole === 0n ? 0 : Number((used * 100n) / whole);
  return {
    limitCalls,
    percent: isReached ? Math.max(100, percent) : percent,
    isReached: isReached || percent >= 100,
  };
}

/** With how many calls of a part of the month a budget is reached, when earlier parts have cost `before`. Units of other metrics stay as they are. */
function limitOf(amount: bigint | null, part: SpentPart, before: bigint): bigint | null {
  const { version, units } = part;
  if (amount === null) return includedIn(version, part, 'calls');
  const cost = (calls: bigint) => before + costOfUnits(version, part, { ...units, calls });
  return callsWithin(cost, amount, priceSteps(version, part, 'calls'));
}

/** What an allowance of calls is made of: with another basis the gateways count anew. Null without a bound. */
export function basisOf(
  { revision }: Pick<Budget, 'revision'>,
  part: SpentPart,
  { limitCalls }: LimitState,
): string | null {
  return limitCalls === null ? null : `${revision} ${part.span.from.toISOString()} ${limitCalls}`;
}

/** The calls that the next whole month may have under a budget; null: without a bound. */
export function nextLimit(amount: bigint | null, { part }: Spending): bigint | null {
  if (!part) return null;
  // A whole month: `partOf` leaves the version as it is.
  const units = Object.fromEntries(Object.keys(part.units).map((metric) => [metric, 0n])) as Units;
  return limitOf(amount, { ...part, units, span: part.month, isTrial: false }, 0n);
}

const rated = (period: BillingPeriod): RatedPeriod => ({
  span: { from: period.starts_at, to: period.ends_at },
  month: { from: period.month_from, to: period.month_to },
  ...{ currency: period.currency, isTrial: period.is_trial },
});

/** The period after one that has ended, for the moments until the billing run opens it. */
function nextOf(ended: BillingPeriod, subscription: Subscription, now: Date): BillingPeriod {
  const { to } = monthAround(anchorOf(subscription), now);
  const from = ended.ends_at;
  return { ...ended, starts_at: from, ends_at: to, month_from: from, month_to: to, is_trial: false };
}
