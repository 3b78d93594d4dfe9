import type { PlanVersion } from '@gridworks/contracts';
import type { Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import { DateTime } from 'luxon';
import { BillingProfileRepository } from '../billing-profiles/billing-profile.repository.ts';
import { InvoiceItemRepository } from '../invoicing/invoice-item.repository.ts';
import { describeSpan, itemOf, type NewItem } from '../invoicing/invoice-item.ts';
import { periodAround, type Span } from '../periods/periods.ts';
import { prorateChange } from '../periods/prorate.ts';
import { pricesIn } from '../rating/rate-plan.ts';
import { SubscriptionRepository } from './subscription.repository.ts';
import { anchorOf, firstPeriod, MONTHS, monthAround, type Subscription } from './subscription.ts';

/** The fee of one interval, in minor units. Throws `BILLING.CURRENCY_NOT_PRICED`. */
export const feeOf = (version: PlanVersion, currency: string): bigint =>
  BigInt(pricesIn(version, currency).recurring_amount);

/** Opens the billing periods of a subscription, and charges its fees. The caller holds the subscription. */
@Injectable()
export class ChargePeriods {
  constructor(
    private readonly subscriptions: SubscriptionRepository,
    private readonly items: InvoiceItemRepository,
    private readonly profiles: BillingProfileRepository,
  ) {}

  /** Counts the months anew from a moment: a trial when the version has one and `mayTry`, else the first interval with its fee. */
  async begin(
    tx: Transaction,
    subscription: Subscription,
    version: PlanVersion,
    at: Date,
    mayTry: boolean,
  ): Promise<Subscription> {
    const anchored = { ...subscription, plan_version_id: version.id, anchor_at: at };
    if (mayTry && version.trial_days > 0 && !(await this.subscriptions.hadTrial(tx, subscription.partner_id)))
      return this.#beginTrial(tx, anchored, version, at);
    return this.#openInterval(tx, { ...anchored, status: 'active' }, version, {
      ...{ from: at, to: firstPeriod(anchorOf(anchored), version).to },
    });
  }

  /** The interval after the one that ends at a moment, with the same anchor; another interval's begins there. */
  async renew(
    tx: Transaction,
    subscription: Subscription,
    version: PlanVersion,
    at: Date,
    isSameInterval: boolean,
  ): Promise<Subscription> {
    const renewed = { ...subscription, plan_version_id: version.id };
    const anchored = isSameInterval ? renewed : { ...renewed, anchor_at: at };
    const { to } = periodAround(anchorOf(anchored), MONTHS[version.interval], at);
    return this.#openInterval(tx, anchored, version, { from: at, to });
  }

  /** The next month of an interval that is paid. */
  nextMonth(tx: Transaction, subscription: Subscription, at: Date): Promise<Subscription> {
    const month = monthAround(anchorOf(subscription), at);
    return this.#open(tx, subscription, { from: at, to: month.to }, month, false);
  }

  /** Another version for the rest of the current month and interval: the rest of the old fee for the rest of the new one. */
  async exchange(
    tx: Transaction,
    subscription: Subscription,
    versions: { readonly old: PlanVersion; readonly next: PlanVersion },
    at: Date,
  ): Promise<Subscription> {
    const cut = await this.subscriptions.cutPeriod(tx, subscription.id, at);
    const changed = { ...subscription, plan_version_id: versions.next.id };
    const month = { from: cut.month_from, to: cut.month_to };
    const opened = await this.#open(tx, changed, { from: at, to: cut.ends_at }, month, cut.is_trial);
    if (subscription.status === 'trialing') return opened;
    const { period_from, period_to, currency } = subscription;
    const interval = { from: period_from, to: period_to };
    const [oldFee, newFee] = [feeOf(versions.old, currency), feeOf(versions.next, currency)];
    const { credit, charge } = prorateChange(oldFee, newFee, interval, at);
    const rest = { from: at, to: period_to };
    await this.#charge(tx, changed, 'unused_fee', credit, versions.old, rest);
    await this.#charge(tx, changed, 'fee', charge, versions.next, rest);
    return opened;
  }

  /** Ends the current period now. `givesBack`: the rest of the fee is set off against what comes next. */
  async end(
    tx: Transaction,
    subscription: Subscription,
    version: PlanVersion,
    at: Date,
    givesBack: boolean,
  ): Promise<void> {
    await this.subscriptions.cutPeriod(tx, subscription.id, at);
    if (!givesBack || subscription.status === 'trialing') return;
    const { period_from, period_to, currency } = subscription;
    const { credit } = prorateChange(feeOf(version, currency), 0n, { from: period_from, to: period_to }, at);
    await this.#charge(tx, subscription, 'unused_fee', credit, version, { from: at, to: period_to });
  }

  #beginTrial(
    tx: Transaction,
    subscription: Subscription,
    version: PlanVersion,
    at: Date,
  ): Promise<Subscription> {
    const end = DateTime.fromJSDate(at, { zone: subscription.time_zone }).plus({ days: version.trial_days });
    const trial = { from: at, to: end.toJSDate() };
    const trialing: Subscription = {
      ...{ ...subscription, status: 'trialing', trial_end: trial.to },
      ...{ period_from: trial.from, period_to: trial.to },
    };
    return this.#open(tx, trialing, trial, trial, true);
  }

  async #openInterval(
    tx: Transaction,
    subscription: Subscription,
    version: PlanVersion,
    interval: Span,
  ): Promise<Subscription> {
    const renewed = { ...subscription, period_from: interval.from, period_to: interval.to };
    const month = monthAround(anchorOf(renewed), interval.from);
    const opened = await this.#open(tx, renewed, month, month, false);
    await this.#charge(tx, opened, 'fee', feeOf(version, renewed.currency), version, interval);
    return opened;
  }

  /** The subscription is stored first: its periods refer to it. */
  async #open(
    tx: Transaction,
    subscription: Subscription,
    span: Span,
    month: Span,
    isTrial: boolean,
  ): Promise<Subscription> {
    const opened = { ...subscription, advance_at: span.to, updated_at: new Date() };
    await this.subscriptions.save(tx, opened);
    await this.subscriptions.openPeriod(tx, {
      ...{ subscription_id: opened.id, partner_id: opened.partner_id, currency: opened.currency },
      ...{ plan_version_id: opened.plan_version_id, starts_at: span.from, ends_at: span.to },
      ...{ month_from: month.from, month_to: month.to, is_trial: isTrial, rated_at: null },
    });
    return opened;
  }

  async #charge(
    tx: Transaction,
    { id, partner_id, currency, time_zone }: Subscription,
    kind: NewItem['kind'],
    amount: bigint,
    version: PlanVersion,
    covers: Span,
  ): Promise<void> {
    if (amount === 0n) return;
    const { locale } = await this.profiles.hold(tx, partner_id);
    const span = describeSpan(covers, locale, time_zone);
    const description =
      kind === 'fee' ? `Plan ${version.name}, ${span}` : `Unused time of plan ${version.name}, ${span}`;
    await this.items.add(
      tx,
      { partnerId: partner_id, subscriptionId: id, periodStartsAt: covers.from },
      itemOf(amount, { kind, description, detail: null, currency, covers, dueAt: covers.from }),
    );
  }
}
