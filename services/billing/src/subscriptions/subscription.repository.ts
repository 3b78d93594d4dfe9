import type { PlanVersion } from '@gridworks/contracts';
import { Database, type Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import {
  latestOf,
  PLAN_VERSION_COLUMNS,
  type PlanVersionRow,
  presentVersion,
} from '../plans/plan-version.repository.ts';
import { type BillingPeriod, presentSubscription, type Subscription } from './subscription.ts';

const COLUMNS = [
  ...(['id', 'partner_id', 'status', 'plan_version_id', 'currency', 'time_zone', 'anchor_at'] as const),
  ...(['period_from', 'period_to', 'advance_at', 'trial_end', 'pending_plan_version_id'] as const),
  ...(['cancel_at_period_end', 'paused_at', 'canceled_at', 'created_at', 'updated_at'] as const),
] satisfies (keyof Subscription)[];
const FIXED: readonly string[] = ['id', 'partner_id', 'created_at'];
const PERIOD_COLUMNS = [
  ...(['subscription_id', 'partner_id', 'plan_version_id', 'currency', 'starts_at', 'ends_at'] as const),
  ...(['month_from', 'month_to', 'is_trial', 'rated_at'] as const),
] satisfies (keyof BillingPeriod)[];
const CURRENT = `select ${COLUMNS.join(', ')} from subscriptions where partner_id = $1 and status <> 'canceled'`;
const SAVE_SQL = `
  insert into subscriptions (${COLUMNS.join(', ')}) values (${COLUMNS.map((_, index) => `$${index + 1}`).join(', ')})
  on conflict (id) do update set ${COLUMNS.filter((name) => !FIXED.includes(name))
    .map((name) => `${name} = excluded.${name}`)
    .join(', ')}`;
const INSERT_PERIOD_SQL = `
  insert into billing_periods (${PERIOD_COLUMNS.join(', ')})
  values (${PERIOD_COLUMNS.map((_, index) => `$${index + 1}`).join(', ')})`;

@Injectable()
export class SubscriptionRepository {
  constructor(private readonly database: Database) {}

  /** The current subscription; null while the partner has none. */
  async current(partnerId: string): Promise<Subscription | null> {
    const [row]: Subscription[] = await this.database.read((manager) => manager.query(CURRENT, [partnerId]));
    return row ?? null;
  }

  /** The same, which nobody else changes until COMMIT. `skipLocked`: null when somebody does. */
  async hold(tx: Transaction, partnerId: string, skipLocked = false): Promise<Subscription | null> {
    const [row] = await tx.prepared<Subscription>(
      `${CURRENT} for update${skipLocked ? ' skip locked' : ''}`,
      [partnerId],
    );
    return row ?? null;
  }

  /** Inserts or changes it. */
  async save(tx: Transaction, subscription: Subscription): Promise<void> {
    await tx.prepared(
      SAVE_SQL,
      COLUMNS.map((column) => subscription[column]),
    );
  }

  /** Whether a subscription of the partner has had a trial. */
  async hadTrial(tx: Transaction, partnerId: string): Promise<boolean> {
    const rows = await tx.prepared(
      'select 1 from subscriptions where partner_id = $1 and trial_end is not null limit 1',
      [partnerId],
    );
    return rows.length > 0;
  }

  async openPeriod(tx: Transaction, period: BillingPeriod): Promise<void> {
    await tx.prepared(
      INSERT_PERIOD_SQL,
      PERIOD_COLUMNS.map((column) => period[column]),
    );
  }

  /**
   * Ends the current period at a moment within it, and returns it as it was. A period that has just begun goes, since nothing was in
   * it.
   */
  async cutPeriod(tx: Transaction, subscriptionId: string, at: Date): Promise<BillingPeriod> {
    const [period] = await tx.prepared<BillingPeriod>(
      `select ${PERIOD_COLUMNS.join(', ')} from billing_periods
       where subscription_id = $1 order by starts_at desc limit 1 for update`,
      [subscriptionId],
    );
    if (!period) throw new Error(`${subscriptionId} has no billing period`);
    const key = [subscriptionId, period.starts_at];
    if (period.starts_at.getTime() === at.getTime())
      await tx.prepared('delete from billing_periods where subscription_id = $1 and starts_at = $2', key);
    else
      await tx.prepared(
        'update billing_periods set ends_at = $3 where subscription_id = $1 and starts_at = $2',
        [...key, at],
      );
    return period;
  }

  /** One plan version. */
  async version(tx: Transaction, id: string): Promise<PlanVersion> {
    const version = await this.#findVersion(tx, 'version.id = $1', id);
    if (!version) throw new Error(`there is no plan version ${id}`);
    return version;
  }

  /** The newest published version of a plan; null when it has none. */
  offered(tx: Transaction, plan: string): Promise<PlanVersion | null> {
    return this.#findVersion(tx, latestOf('$1'), plan);
  }

  /** A subscription as the API shows it. */
  async present(
    tx: Transaction,
    subscription: Subscription,
    now: Date,
  ): Promise<ReturnType<typeof presentSubscription>> {
    const { plan_version_id, pending_plan_version_id: pending } = subscription;
    const version = await this.version(tx, plan_version_id);
    const next = pending === null ? null : await this.version(tx, pending);
    return presentSubscription(subscription, version, next, now);
  }

  async #findVersion(tx: Transaction, condition: string, value: string): Promise<PlanVersion | null> {
    const [row] = await tx.prepared<PlanVersionRow>(
      `select ${PLAN_VERSION_COLUMNS} from plan_versions version where ${condition}`,
      [value],
    );
    return row ? presentVersion(row) : null;
  }
}
