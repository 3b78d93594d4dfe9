import { METRICS, type Metric } from '@gridworks/contracts';
import type { Transaction } from '@gridworks/persistence';
import type { MeteredUsageRepository } from '../invoicing/metered-usage.repository.ts';
import { costOfPeriod } from '../invoicing/rate-period.ts';
import type { Span } from '../periods/periods.ts';
import type { SubscriptionRepository } from '../subscriptions/subscription.repository.ts';
import type { BillingPeriod } from '../subscriptions/subscription.ts';
import type { Difference } from './difference.ts';

/** What was found about the units of a partner. */
export interface ComparedUsage {
  /** Charged periods whose records are kept. */
  readonly periods: number;
  readonly units: bigint;
  /** Units that arrived after their period was charged, and that the next invoice has. */
  readonly waiting: bigint;
  /** Units of the time in which a subscription was paused, which nothing charges. */
  readonly paused: bigint;
  readonly differences: readonly Difference[];
}

type Units = Record<Metric, bigint>;
interface PeriodRow extends BillingPeriod {
  readonly billed: Partial<Record<Metric, string>> | null;
  readonly charged: string;
}

const PERIODS_SQL = `
  select period.*, (
      select jsonb_object_agg(metric, quantity) from (
        select metric, sum(quantity)::text as quantity from billed_usage
        where subscription_id = period.subscription_id and period_starts_at = period.starts_at group by metric) units) as billed,
    (select coalesce(sum(amount), 0)::text from invoice_items where subscription_id = period.subscription_id
       and period_starts_at = period.starts_at and kind in ('charge', 'minimum', 'late')) as charged
  from billing_periods period where partner_id = $1 order by starts_at`;
// So shortly before the charge that its transaction may not have ended.
const NEWER_SQL = `
  select
    (select count(*) from usage_records
     where partner_id = $1 and mode = 'live' and at >= $2 and at < $3 and recorded_at > $4::timestamptz - interval '1 minute')::text as calls,
    (select count(*) from usage_events
     where partner_id = $1 and mode = 'live' and at >= $2 and at < $3 and recorded_at > $4::timestamptz - interval '1 minute')::text as events`;
const RETENTION_SQL = `select nullif(kept_from, '-infinity') as at from usage_retention`;
// Accounts that are older than the first billing periods had calls that nothing charged.
const OPENED_SQL = `select date_trunc('second', opened_at) as at from accounts where partner_id = $1`;

/** Nothing was metered before this moment. */
const FIRST = new Date('2000-01-01T00:00:00Z');

/**
 * Whether each live unit of a partner is charged exactly once: what is metered in each charged period is what is billed, what is billed
 * costs what the items of the invoices say, and no unit lies outside of the periods.
 */
export class UsageComparison {
  readonly #usage: MeteredUsageRepository;
  readonly #subscriptions: SubscriptionRepository;

  constructor(usage: MeteredUsageRepository, subscriptions: SubscriptionRepository) {
    this.#usage = usage;
    this.#subscriptions = subscriptions;
  }

  async compare(tx: Transaction, partnerId: string, now: Date): Promise<ComparedUsage> {
    const [retention] = await tx.prepared<{ at: Date | null }>(RETENTION_SQL, []);
    const keptFrom = retention?.at ?? FIRST;
    const periods = await tx.prepared<PeriodRow>(PERIODS_SQL, [partnerId]);
    const differences: Difference[] = [];
    const found = { periods: 0, units: 0n, waiting: 0n };
    const lastRated = new Date(Math.max(...periods.map(({ rated_at }) => rated_at?.getTime() ?? 0)));
    for (const period of periods) {
      if (period.rated_at === null || period.starts_at < keptFrom) continue;
      const counted = await this.#usage.count(tx, partnerId, spanOf(period));
      const billed = unitsOf(period);
      found.periods++;
      found.units += totalOf(counted);
      const isSame = METRIC_NAMES.every((metric) => counted[metric] === billed[metric]);
      if (isSame || (await this.#isLate(tx, period, lastRated, { counted, billed })))
        found.waiting += totalOf(counted) - totalOf(billed);
      else differences.push(...unitsDiffer(period, counted, billed));
      const version = await this.#subscriptions.version(tx, period.plan_version_id);
      const cost = costOfPeriod(version, ratedPeriod(period), billed);
      if (cost !== BigInt(period.charged))
        differences.push({
          id: period.subscription_id,
          what: `${nameOf(period)} has units for ${cost} ${period.currency}, and its items charge ${period.charged}`,
        });
    }
    const outside = await this.#outside(tx, partnerId, periods, { from: keptFrom, to: now });
    if (outside.before > 0n)
      differences.push({
        id: partnerId,
        what: `${outside.before} units were metered before its account and first billing period, and are on no line`,
      });
    return { ...found, paused: outside.paused, differences };
  }

  /**
   * Units before the account and its first period, where nothing can charge them; and units between and after the periods: nothing is
   * charged while a subscription is paused.
   */
  async #outside(
    tx: Transaction,
    partnerId: string,
    periods: readonly BillingPeriod[],
    { from, to }: Span,
  ): Promise<{ before: bigint; paused: bigint }> {
    const [account] = await tx.prepared<{ at: Date }>(OPENED_SQL, [partnerId]);
    const begun = periods[0]?.starts_at ?? to;
    const first = periods.length > 0 && account && account.at < begun ? account.at : begun;
    const count = async (span: Span) =>
      span.from < span.to ? totalOf(await this.#usage.count(tx, partnerId, span)) : 0n;
    let paused = 0n;
    for (const [index, { ends_at }] of periods.entries()) {
      const gap = { from: ends_at, to: periods[index + 1]?.starts_at ?? to };
      if (gap.from >= from) paused += await count(gap);
    }
    return { before: await count({ from, to: first }), paused };
  }

  /** Whether what arrived since the last charge explains why more is counted than billed. A late call is one unit; events may take some back. */
  async #isLate(
    tx: Transaction,
    period: PeriodRow,
    lastRated: Date,
    { counted, billed }: { readonly counted: Units; readonly billed: Units },
  ): Promise<boolean> {
    const [row] = await tx.prepared<{ calls: string; events: string }>(NEWER_SQL, [
      ...[period.partner_id, period.starts_at, period.ends_at, lastRated],
    ]);
    const calls = counted.calls - billed.calls;
    if (calls < 0n || calls > BigInt(row?.calls ?? 0)) return false;
    return counted.reported_units === billed.reported_units || BigInt(row?.events ?? 0) > 0n;
  }
}

const METRIC_NAMES = Object.keys(METRICS) as Metric[];
const spanOf = ({ starts_at, ends_at }: BillingPeriod): Span => ({ from: starts_at, to: ends_at });
const nameOf = ({ starts_at }: BillingPeriod): string => `the period from ${starts_at.toISOString()}`;
const totalOf = (units: Units): bigint => METRIC_NAMES.reduce((sum, metric) => sum + units[metric], 0n);
const unitsOf = ({ billed }: PeriodRow): Units =>
  Object.fromEntries(METRIC_NAMES.map((metric) => [metric, BigInt(billed?.[metric] ?? 0)])) as Units;

const unitsDiffer = (period: PeriodRow, counted: Units, billed: Units): Difference[] =>
  METRIC_NAMES.filter((metric) => counted[metric] !== billed[metric]).map((metric) => ({
    id: period.subscription_id,
    what: `${nameOf(period)} has ${counted[metric]} ${METRICS[metric].many}, and ${billed[metric]} are charged`,
  }));

const ratedPeriod = (period: BillingPeriod) => ({
  ...{ span: spanOf(period), month: { from: period.month_from, to: period.month_to } },
  ...{ currency: period.currency, isTrial: period.is_trial },
});
