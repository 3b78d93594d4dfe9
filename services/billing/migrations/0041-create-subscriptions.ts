import { newId } from '@gridworks/contracts';
import { exposeTenants, type MigrationClass, protectTenants } from '@gridworks/persistence';
import { periodAround, toSecond } from '../src/periods/periods.ts';

type Migration = InstanceType<MigrationClass>;
type Runner = Parameters<Migration['up']>[0];

const TABLES = ['subscriptions', 'billing_periods', 'invoice_items', 'billed_usage'] as const;
const AT_ONCE = 1000;

/**
 * Subscriptions, the periods that are charged, and what is charged. The keys keep everything single: a partner has one current
 * subscription, a period begins once, and an item or a count of a period has one place.
 */
export class CreateSubscriptions1797898800000 implements Migration {
  readonly name = 'CreateSubscriptions1797898800000';

  async up(runner: Runner): Promise<void> {
    await runner.query(`
      create table subscriptions (
        id text collate "C" primary key,
        partner_id text collate "C" not null,
        status text collate "C" not null check (status in ('trialing', 'active', 'past_due', 'paused', 'canceled')),
        plan_version_id text collate "C" not null references plan_versions,
        currency text collate "C" not null check (currency ~ '^[A-Z]{3}$'),
        time_zone text collate "C" not null,
        anchor_at timestamptz not null,
        period_from timestamptz not null,
        period_to timestamptz not null check (period_from < period_to),
        -- When the current billing period ends; nothing ends while it is null.
        advance_at timestamptz,
        trial_end timestamptz,
        pending_plan_version_id text collate "C" references plan_versions,
        cancel_at_period_end boolean not null default false,
        paused_at timestamptz,
        canceled_at timestamptz,
        created_at timestamptz not null,
        updated_at timestamptz not null,
        check ((status in ('paused', 'canceled')) = (advance_at is null)),
        check ((status = 'paused') = (paused_at is not null)),
        check ((status = 'canceled') = (canceled_at is not null))
      )`);
    await runner.query(
      `create unique index subscriptions_current on subscriptions (partner_id) where status <> 'canceled'`,
    );
    await runner.query('create index subscriptions_partner_idx on subscriptions (partner_id, id)');
    await runner.query('create index subscriptions_advance_idx on subscriptions (advance_at)');
    await runner.query('create index subscriptions_version_idx on subscriptions (plan_version_id)');
    await this.#createCharges(runner);
    await this.#subscribeAccounts(runner);
    // The edges of periods that are no days of UTC; whole days are in usage_daily.
    await runner.query(
      `create index usage_records_live_idx on usage_records (partner_id, at) where mode = 'live'`,
    );
    for (const table of TABLES) await protectTenants(runner, table);
  }

  async #createCharges(runner: Runner): Promise<void> {
    // A month of a subscription, or the part of it with one plan.
    await runner.query(`
      create table billing_periods (
        subscription_id text collate "C" not null references subscriptions,
        partner_id text collate "C" not null,
        plan_version_id text collate "C" not null references plan_versions,
        currency text collate "C" not null,
        starts_at timestamptz not null,
        ends_at timestamptz not null,
        month_from timestamptz not null,
        month_to timestamptz not null,
        is_trial boolean not null,
        rated_at timestamptz,
        primary key (subscription_id, starts_at),
        check (month_from <= starts_at and starts_at < ends_at and ends_at <= month_to)
      )`);
    await runner.query('create index billing_periods_partner_idx on billing_periods (partner_id, ends_at)');
    await runner.query(
      'create index billing_periods_unrated_idx on billing_periods (ends_at) where rated_at is null',
    );
    // What will be, or is, a line of an invoice.
    await runner.query(`
      create table invoice_items (
        id text collate "C" primary key,
        partner_id text collate "C" not null,
        subscription_id text collate "C" not null references subscriptions,
        period_starts_at timestamptz not null,
        kind text collate "C" not null check (kind in ('fee', 'unused_fee', 'charge', 'minimum', 'late')),
        ordinal integer not null,
        description text not null,
        detail text,
        quantity bigint not null,
        unit_amount text not null,
        amount bigint not null,
        currency text collate "C" not null,
        covers_from timestamptz not null,
        covers_to timestamptz not null,
        due_at timestamptz not null,
        invoice_id text collate "C" references invoices,
        created_at timestamptz not null default now(),
        unique (subscription_id, period_starts_at, kind, ordinal)
      )`);
    await runner.query(
      'create index invoice_items_pending_idx on invoice_items (partner_id, due_at) where invoice_id is null',
    );
    await runner.query('create index invoice_items_invoice_idx on invoice_items (invoice_id)');
    // How many units of a period are charged: a further row for those that came late.
    await runner.query(`
      create table billed_usage (
        subscription_id text collate "C" not null,
        period_starts_at timestamptz not null,
        metric text collate "C" not null,
        ordinal integer not null,
        partner_id text collate "C" not null,
        quantity bigint not null,
        counted_at timestamptz not null,
        primary key (subscription_id, period_starts_at, metric, ordinal),
        foreign key (subscription_id, period_starts_at) references billing_periods (subscription_id, starts_at)
      )`);
  }

  /** Each account gets a subscription of its plan, whose months began with the account. The month of this migration is its first one. */
  async #subscribeAccounts(runner: Runner): Promise<void> {
    const now = toSecond(new Date());
    const accounts: { partner_id: string; plan_version_id: string; opened_at: Date; currency: string }[] =
      await runner.query(`
        select partner_id, plan_version_id, opened_at,
          case when terms -> 'prices' ? 'EUR' then 'EUR' else (select min(key) from jsonb_object_keys(terms -> 'prices') key) end
            as currency
        from accounts join plan_versions version on version.id = plan_version_id`);
    for (let from = 0; from < accounts.length; from += AT_ONCE) {
      const rows = accounts.slice(from, from + AT_ONCE).map((account) => {
        const at = toSecond(new Date(Math.min(account.opened_at.getTime(), now.getTime())));
        const month = periodAround({ at, zone: 'UTC' }, 1, now);
        return { ...account, id: newId('subscription'), anchor_at: at, ...month };
      });
      await runner.query(
        `insert into subscriptions (id, partner_id, status, plan_version_id, currency, time_zone, anchor_at, period_from,
           period_to, advance_at, created_at, updated_at)
         select id, partner_id, 'active', plan_version_id, currency, 'UTC', anchor_at, "from", "to", "to", anchor_at, now()
         from jsonb_to_recordset($1) as row (id text, partner_id text, plan_version_id text, currency text,
           anchor_at timestamptz, "from" timestamptz, "to" timestamptz)`,
        [JSON.stringify(rows)],
      );
    }
    await runner.query(`
      insert into billing_periods (subscription_id, partner_id, plan_version_id, currency, starts_at, ends_at, month_from,
        month_to, is_trial)
      select id, partner_id, plan_version_id, currency, period_from, period_to, period_from, period_to, false
      from subscriptions`);
    // The subscription says which plan a partner has. The columns go when no older process writes them any more.
    for (const column of ['plan_id', 'plan_version_id'])
      await runner.query(`alter table accounts alter column ${column} drop not null`);
  }

  async down(runner: Runner): Promise<void> {
    await runner.query('drop index usage_records_live_idx');
    for (const table of [...TABLES].reverse()) {
      await exposeTenants(runner, table);
      await runner.query(`drop table ${table}`);
    }
  }
}
