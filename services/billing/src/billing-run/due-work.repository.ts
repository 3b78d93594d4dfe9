import { SYNTHETIC_PARTNER_ID } from '@gridworks/contracts';
import { Database } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import type { BillingPeriod } from '../subscriptions/subscription.ts';

const ADVANCES_SQL = `
  select partner_id from subscriptions where advance_at <= $1 and partner_id > $2 order by partner_id limit $3`;
const PERIODS_SQL = `
  select partner_id, subscription_id, starts_at from billing_periods
  where rated_at is null and ends_at <= $1 and partner_id <> '${SYNTHETIC_PARTNER_ID}'
    and (partner_id, subscription_id, starts_at) > ($2, $3, $4)
  order by partner_id, subscription_id, starts_at limit $5`;
// Calls of a period that has ended are waited for, so that they are on the invoice with the fee of the next period.
const INVOICES_SQL = `
  select partner_id from invoice_items item
  where invoice_id is null and due_at <= $1 and partner_id > $2
    and not exists (select from billing_periods period
      where period.partner_id = item.partner_id and period.ends_at <= $1 and period.rated_at is null)
  group by partner_id, currency having sum(amount) > 0 order by partner_id limit $3`;

const AT_ONCE = 200;

export type DuePeriod = Pick<BillingPeriod, 'partner_id' | 'subscription_id' | 'starts_at'>;

/** What a billing run has to do at a moment, in pages: each is read when the one before is done. */
@Injectable()
export class DueWorkRepository {
  constructor(private readonly database: Database) {}

  /** Partners whose subscription goes on, changes or ends. */
  advances(now: Date): AsyncGenerator<string> {
    return this.#partners(ADVANCES_SQL, now);
  }

  /** Periods whose units are to be charged: those that have ended at the given moment. */
  async *periods(ended: Date): AsyncGenerator<DuePeriod> {
    let last: DuePeriod = { partner_id: '', subscription_id: '', starts_at: new Date(0) };
    for (;;) {
      const page = await this.#read<DuePeriod>(PERIODS_SQL, [
        ...[ended, last.partner_id, last.subscription_id, last.starts_at, AT_ONCE],
      ]);
      yield* page;
      if (page.length < AT_ONCE) return;
      last = page.at(-1) as DuePeriod;
    }
  }

  /** Partners for whom an invoice is due. */
  invoices(now: Date): AsyncGenerator<string> {
    return this.#partners(INVOICES_SQL, now);
  }

  /** When the next subscription goes on, or the next period is to be charged; null when nothing is. */
  async nextAt(graceMs: number): Promise<Date | null> {
    const [row] = await this.#read<{ at: Date | null }>(
      `select least(
         (select min(advance_at) from subscriptions),
         (select min(ends_at) + make_interval(secs => $1::float8 / 1000) from billing_periods
          where rated_at is null and partner_id <> '${SYNTHETIC_PARTNER_ID}')) as at`,
      [graceMs],
    );
    return row?.at ?? null;
  }

  async *#partners(sql: string, now: Date): AsyncGenerator<string> {
    for (let last = ''; ; ) {
      const page = await this.#read<{ partner_id: string }>(sql, [now, last, AT_ONCE]);
      const ids = [...new Set(page.map(({ partner_id }) => partner_id))];
      yield* ids;
      if (page.length < AT_ONCE) return;
      last = ids.at(-1) as string;
    }
  }

  #read<R>(sql: string, values: readonly unknown[]): Promise<R[]> {
    return this.database.read((manager) => manager.query(sql, [...values]));
  }
}
