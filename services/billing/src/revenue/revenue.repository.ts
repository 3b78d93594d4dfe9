import { Database } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import { IS_OPEN_SQL, IS_OVERDUE_SQL, LEFT_SQL } from './partner-invoice.repository.ts';

/** Minor units, as PostgreSQL gives a `bigint`. */
export interface MonthRow {
  readonly currency: string;
  /** `YYYY-MM`. */
  readonly month: string;
  readonly invoiced: string;
  readonly tax: string;
  readonly credited: string;
  readonly received: string;
}
export interface OpenRow {
  readonly currency: string;
  readonly open: string;
  readonly overdue: string;
}
export interface RecurringRow {
  readonly currency: string;
  readonly recurring: string;
  readonly paying: number;
}
export type SubscriptionCounts = Readonly<Record<'trialing' | 'active' | 'past_due' | 'paused', number>>;

/** Of a ledger entry: an income and a liability are credits, which are below 0. */
const MONTHS_SQL = `
  select a.currency, to_char(t.at at time zone 'UTC', 'YYYY-MM') as month,
    coalesce(-sum(e.amount) filter (where a.name = 'revenue' and t.kind <> 'credit_note_issued'), 0)::text as invoiced,
    coalesce(-sum(e.amount) filter (where a.name = 'tax_payable'), 0)::text as tax,
    coalesce(sum(e.amount) filter (where a.name = 'revenue' and t.kind = 'credit_note_issued'), 0)::text as credited,
    coalesce(sum(e.amount) filter (where a.name = 'cash'), 0)::text as received
  from ledger_transactions t
  join ledger_entries e on e.transaction_id = t.id
  join ledger_accounts a on a.id = e.account_id and a.name in ('revenue', 'tax_payable', 'cash')
  where t.at >= $1 group by 1, 2`;

const OPEN_SQL = `
  select currency, sum(left_to_pay)::text as open, coalesce(sum(left_to_pay) filter (where is_overdue), 0)::text as overdue
  from (select i.currency, ${LEFT_SQL} as left_to_pay, ${IS_OVERDUE_SQL} as is_overdue from invoices i where ${IS_OPEN_SQL}) open
  group by 1`;

const RECURRING_SQL = `
  select currency, round(sum(fee / months))::bigint::text as recurring, count(*)::int as paying
  from (select s.currency, (v.terms -> 'prices' -> s.currency ->> 'recurring_amount')::numeric as fee,
          case when v.terms ->> 'interval' = 'year' then 12 else 1 end as months
        from subscriptions s join plan_versions v on v.id = s.plan_version_id
        where s.status in ('active', 'past_due') and not s.cancel_at_period_end) paid
  where fee > 0 group by 1`;

/** Sums over all partners. */
@Injectable()
export class RevenueRepository {
  constructor(private readonly database: Database) {}

  /** Months from `from` on that have an entry, in no order. */
  months(from: Date): Promise<MonthRow[]> {
    return this.database.read<MonthRow[]>((manager) => manager.query(MONTHS_SQL, [from]));
  }

  open(): Promise<OpenRow[]> {
    return this.database.read<OpenRow[]>((manager) => manager.query(OPEN_SQL));
  }

  recurring(): Promise<RecurringRow[]> {
    return this.database.read<RecurringRow[]>((manager) => manager.query(RECURRING_SQL));
  }

  async subscriptions(): Promise<SubscriptionCounts> {
    const rows = await this.database.read<{ status: keyof SubscriptionCounts; count: number }[]>((manager) =>
      manager.query(
        `select status, count(*)::int as count from subscriptions where status <> 'canceled' group by status`,
      ),
    );
    const none = { trialing: 0, active: 0, past_due: 0, paused: 0 };
    return { ...none, ...Object.fromEntries(rows.map(({ status, count }) => [status, count])) };
  }

  /** Invoices that dunning is about. */
  async failing(): Promise<number> {
    const [row] = await this.database.read<{ count: number }[]>((manager) =>
      manager.query(`select count(*)::int as count from dunning_cases where state in ('open', 'overdue')`),
    );
    return row?.count ?? 0;
  }
}
