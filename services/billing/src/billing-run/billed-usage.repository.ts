import { METRICS, type Metric } from '@gridworks/contracts';
import type { Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import type { BillingPeriod } from '../subscriptions/subscription.ts';

const COLUMNS = `period.subscription_id, period.partner_id, period.plan_version_id, period.currency, period.starts_at, period.ends_at,
  period.month_from, period.month_to, period.is_trial, period.rated_at`;
const RATED_SQL = `
  select ${COLUMNS}, (
    select jsonb_object_agg(metric, quantity) from (
      select metric, sum(quantity)::text as quantity from billed_usage
      where subscription_id = period.subscription_id and period_starts_at = period.starts_at group by metric) units) as billed
  from billing_periods period
  where period.partner_id = $1 and period.rated_at is not null and period.ends_at > $2
    and period.starts_at >= (select kept_from from usage_retention)
    and (period.subscription_id, period.starts_at) <> ($3, $4)
  order by period.starts_at`;

type Key = Pick<BillingPeriod, 'subscription_id' | 'starts_at'>;
type Units = Record<Metric, bigint>;

/** How many units of each period are charged. */
@Injectable()
export class BilledUsageRepository {
  /** The period, locked; null when it is charged already. */
  async holdUnrated(tx: Transaction, { subscription_id, starts_at }: Key): Promise<BillingPeriod | null> {
    const [row] = await tx.prepared<BillingPeriod>(
      `select ${COLUMNS} from billing_periods period
       where subscription_id = $1 and starts_at = $2 and rated_at is null for update`,
      [subscription_id, starts_at],
    );
    return row ?? null;
  }

  /** The charged periods of a partner that ended after a moment and whose records are kept, without one of them, and their units. */
  async rated(
    tx: Transaction,
    partnerId: string,
    since: Date,
    without: Key,
  ): Promise<(BillingPeriod & { billed: Units })[]> {
    type Row = BillingPeriod & { readonly billed: Partial<Record<Metric, string>> | null };
    const rows = await tx.prepared<Row>(RATED_SQL, [
      ...[partnerId, since, without.subscription_id, without.starts_at],
    ]);
    return rows.map(({ billed, ...period }) => ({
      ...period,
      billed: Object.fromEntries(
        (Object.keys(METRICS) as Metric[]).map((metric) => [metric, BigInt(billed?.[metric] ?? 0)]),
      ) as Units,
    }));
  }

  /** Adds units to those of a period; none of a metric leave no row. */
  async add(tx: Transaction, period: BillingPeriod, units: Units, at: Date): Promise<void> {
    for (const [metric, quantity] of Object.entries(units).filter(([, quantity]) => quantity !== 0n))
      await tx.prepared(
        `insert into billed_usage (subscription_id, period_starts_at, metric, ordinal, partner_id, quantity, counted_at)
         select $1, $2, $3, coalesce(max(ordinal), 0) + 1, $4, $5, $6
         from billed_usage where subscription_id = $1 and period_starts_at = $2 and metric = $3`,
        [period.subscription_id, period.starts_at, metric, period.partner_id, quantity.toString(), at],
      );
  }

  /** The periods of a partner that have ended at a moment and are not charged. */
  unratedUntil(tx: Transaction, partnerId: string, at: Date): Promise<Key[]> {
    return tx.prepared<Key>(
      `select subscription_id, starts_at from billing_periods
       where partner_id = $1 and rated_at is null and ends_at <= $2 order by starts_at`,
      [partnerId, at],
    );
  }

  /** By the clock of the database, as calls are recorded, also in a run for another moment. */
  async markRated(tx: Transaction, { subscription_id, starts_at }: Key): Promise<void> {
    await tx.prepared(
      'update billing_periods set rated_at = now() where subscription_id = $1 and starts_at = $2',
      [subscription_id, starts_at],
    );
  }

  async zoneOf(tx: Transaction, subscriptionId: string): Promise<string> {
    const [row] = await tx.prepared<{ time_zone: string }>(
      'select time_zone from subscriptions where id = $1',
      [subscriptionId],
    );
    return row?.time_zone ?? 'UTC';
  }
}
