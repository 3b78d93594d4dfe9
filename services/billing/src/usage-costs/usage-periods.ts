import type { PlanVersion } from '@gridworks/contracts';
import { Database } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import { AccountRepository } from '../accounts/account.repository.ts';
import type { RatedPeriod } from '../invoicing/rate-period.ts';
import type { Span } from '../periods/periods.ts';
import { SubscriptionRepository } from '../subscriptions/subscription.repository.ts';
import {
  anchorOf,
  type BillingPeriod,
  monthAround,
  type Subscription,
} from '../subscriptions/subscription.ts';

/** A billing period with the prices that hold in it. */
export interface PricedPeriod extends RatedPeriod {
  readonly version: PlanVersion;
}

/** How the usage of a partner is charged. */
export interface UsageTerms {
  /** The plan that the partner has now. */
  readonly version: PlanVersion;
  readonly currency: string;
  /** The zone (IANA) of the subscription. */
  readonly zone: string;
  /** The month of the subscription around now. */
  readonly month: Span;
}

const PERIODS_SQL = `
  select * from billing_periods
  where partner_id = $1 and ends_at > $2 and starts_at < $3 order by starts_at`;

/** The calendar month of a moment, UTC: that of a partner whose subscription is not known yet. */
const calendarMonth = (now: Date): Span => ({
  from: new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1)),
  to: new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1)),
});

/** The month of a subscription around a moment; a trial is one whole. */
function monthOf(subscription: Subscription, now: Date): Span {
  const { status, period_from, period_to } = subscription;
  return status === 'trialing'
    ? { from: period_from, to: period_to }
    : monthAround(anchorOf(subscription), now);
}

/** By which periods and prices the usage of a partner is charged. */
@Injectable()
export class UsagePeriods {
  constructor(
    private readonly database: Database,
    private readonly accounts: AccountRepository,
    private readonly subscriptions: SubscriptionRepository,
  ) {}

  async terms(partnerId: string, now: Date): Promise<UsageTerms> {
    const version = await this.accounts.planVersion(partnerId);
    const subscription = await this.subscriptions.current(partnerId);
    const [first = 'EUR'] = Object.keys(version.prices).sort();
    const own = subscription?.currency ?? 'EUR';
    return {
      version,
      currency: own in version.prices ? own : first,
      zone: subscription?.time_zone ?? 'UTC',
      month: subscription ? monthOf(subscription, now) : calendarMonth(now),
    };
  }

  /** The billing periods that a span touches, oldest first. */
  within(partnerId: string, { from, to }: Span): Promise<PricedPeriod[]> {
    return this.database.transaction(async (tx) => {
      const rows = await tx.prepared<BillingPeriod>(PERIODS_SQL, [partnerId, from, to]);
      const priced: PricedPeriod[] = [];
      for (const row of rows)
        priced.push({
          ...{
            span: { from: row.starts_at, to: row.ends_at },
            month: { from: row.month_from, to: row.month_to },
          },
          ...{ currency: row.currency, isTrial: row.is_trial },
          version: await this.subscriptions.version(tx, row.plan_version_id),
        });
      return priced;
    });
  }
}
