import type { Metric, PlanVersion } from '@gridworks/contracts';
import type { Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import { BillingProfileRepository } from '../billing-profiles/billing-profile.repository.ts';
import { InvoiceItemRepository } from '../invoicing/invoice-item.repository.ts';
import { MeteredUsageRepository } from '../invoicing/metered-usage.repository.ts';
import { itemsOfPeriod, lateItem, type RatedPeriod, type Words } from '../invoicing/rate-period.ts';
import { SubscriptionRepository } from '../subscriptions/subscription.repository.ts';
import type { BillingPeriod } from '../subscriptions/subscription.ts';
import { BilledUsageRepository } from './billed-usage.repository.ts';

/** For so long calls that come late are looked for, and never longer than their records are kept. */
const LATE_DAYS = 396;
const DAY_MS = 86_400_000;

type Counted = Record<Metric, bigint>;

/** Charges the units of periods. The caller holds the partner's subscription, so that nobody else charges them. */
@Injectable()
export class RatePeriods {
  constructor(
    private readonly billed: BilledUsageRepository,
    private readonly usage: MeteredUsageRepository,
    private readonly subscriptions: SubscriptionRepository,
    private readonly items: InvoiceItemRepository,
    private readonly profiles: BillingProfileRepository,
  ) {}

  /**
   * Charges the units of a period, once; then what arrived since of earlier periods. False when the period is charged already.
   * `endsAt` is its end for a period that has not ended, in a preview.
   */
  async rate(
    tx: Transaction,
    key: Pick<BillingPeriod, 'subscription_id' | 'starts_at'>,
    now: Date,
  ): Promise<boolean> {
    const period = await this.billed.holdUnrated(tx, key);
    if (!period) return false;
    const { partner_id: partnerId } = period;
    const words = await this.#words(tx, period);
    const version = await this.subscriptions.version(tx, period.plan_version_id);
    const counted = await this.usage.count(tx, partnerId, { from: period.starts_at, to: period.ends_at });
    for (const item of itemsOfPeriod(version, ratedPeriod(period), counted, words))
      await this.items.add(tx, placeOf(period), item);
    await this.billed.add(tx, period, counted, now);
    await this.billed.markRated(tx, period);
    const since = new Date(now.getTime() - LATE_DAYS * DAY_MS);
    for (const earlier of await this.billed.rated(tx, partnerId, since, period))
      await this.#rateLate(tx, earlier, now);
    return true;
  }

  async #rateLate(
    tx: Transaction,
    { billed, ...period }: BillingPeriod & { readonly billed: Counted },
    now: Date,
  ): Promise<void> {
    const span = { from: period.starts_at, to: period.ends_at };
    const counted = await this.usage.count(tx, period.partner_id, span);
    const late = Object.fromEntries(
      Object.entries(counted).map(([metric, units]) => [metric, units - billed[metric as Metric]]),
    ) as Counted;
    if (Object.values(late).every((units) => units === 0n)) return;
    const version: PlanVersion = await this.subscriptions.version(tx, period.plan_version_id);
    const words = await this.#words(tx, period);
    const item = lateItem(version, ratedPeriod(period), { billed, counted }, { ...words, dueAt: now });
    if (item) await this.items.add(tx, placeOf(period), item);
    await this.billed.add(tx, period, late, now);
  }

  async #words(tx: Transaction, { partner_id, subscription_id }: BillingPeriod): Promise<Words> {
    const { locale } = await this.profiles.hold(tx, partner_id);
    return { locale, zone: await this.billed.zoneOf(tx, subscription_id) };
  }
}

const ratedPeriod = (period: BillingPeriod): RatedPeriod => ({
  span: { from: period.starts_at, to: period.ends_at },
  month: { from: period.month_from, to: period.month_to },
  ...{ currency: period.currency, isTrial: period.is_trial },
});

const placeOf = ({ partner_id, subscription_id, starts_at }: BillingPeriod) => ({
  ...{ partnerId: partner_id, subscriptionId: subscription_id, periodStartsAt: starts_at },
});
