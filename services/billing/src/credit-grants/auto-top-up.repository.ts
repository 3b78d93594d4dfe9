import { Database, type Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';

/** A row of `auto_top_ups`. Minor units of the currency. */
export interface AutoTopUp {
  readonly partner_id: string;
  readonly currency: string;
  readonly is_on: boolean;
  readonly threshold: bigint;
  readonly amount: bigint;
  readonly monthly_limit: bigint;
}
type Row = Omit<AutoTopUp, 'threshold' | 'amount' | 'monthly_limit'> &
  Readonly<Record<'threshold' | 'amount' | 'monthly_limit', string>>;

const COLUMNS = 'partner_id, currency, is_on, threshold, amount, monthly_limit';
/** $1: now. */
const BALANCE = `(
    select coalesce(sum(remaining), 0) from credit_grants
    where partner_id = auto.partner_id and currency = auto.currency and remaining > 0 and (expires_at is null or expires_at > $1))`;
const HAS_ORDERED = `exists (
    select from invoices where partner_id = auto.partner_id and purpose <> 'charges' and status = 'finalized' and payment_status = 'unpaid')`;
/** Nothing is ordered in another currency than the partner has set: its amounts would mean something else. */
const IS_MEANT = `currency = (select currency from subscriptions where partner_id = auto.partner_id and status <> 'canceled')`;
/** A top-up that is not paid yet is waited for; one that was voided does not count. */
const IS_DUE = `is_on and ${IS_MEANT} and threshold > ${BALANCE} and not ${HAS_ORDERED}
  and exists (select from payment_methods where partner_id = auto.partner_id and is_default and removed_at is null)`;
const ORDERED_SQL = `
  select coalesce(sum(total), 0)::text as ordered from invoices
  where partner_id = $1 and currency = $3 and purpose = 'auto_top_up' and status = 'finalized'
    and finalized_at >= date_trunc('month', $2::timestamptz at time zone 'UTC') at time zone 'UTC'`;

@Injectable()
export class AutoTopUpRepository {
  constructor(private readonly database: Database) {}

  /** Null when the partner has set none. */
  async find(tx: Transaction, partnerId: string): Promise<AutoTopUp | null> {
    const [row] = await tx.prepared<Row>(`select ${COLUMNS} from auto_top_ups where partner_id = $1`, [
      partnerId,
    ]);
    return row ? toAutoTopUp(row) : null;
  }

  async set(
    tx: Transaction,
    { partner_id, currency, is_on, ...amounts }: AutoTopUp,
    at: Date,
  ): Promise<void> {
    await tx.prepared(
      `insert into auto_top_ups (partner_id, currency, is_on, threshold, amount, monthly_limit, updated_at)
       values ($1, $2, $3, $4, $5, $6, $7)
       on conflict (partner_id) do update set currency = excluded.currency, is_on = excluded.is_on, threshold = excluded.threshold, low_told_at = null,
         amount = excluded.amount, monthly_limit = excluded.monthly_limit, updated_at = excluded.updated_at`,
      [
        ...[partner_id, currency, is_on, amounts.threshold.toString(), amounts.amount.toString()],
        ...[amounts.monthly_limit.toString(), at],
      ],
    );
  }

  async switchOff(tx: Transaction, partnerId: string, at: Date): Promise<void> {
    await tx.prepared('update auto_top_ups set is_on = false, updated_at = $2 where partner_id = $1', [
      partnerId,
      at,
    ]);
  }

  /** Minor units that were ordered by itself in the calendar month (UTC) of a moment, without what was voided. */
  async ordered(tx: Transaction, partnerId: string, currency: string, at: Date): Promise<bigint> {
    const [row] = await tx.prepared<{ ordered: string }>(ORDERED_SQL, [partnerId, at, currency]);
    return BigInt(row?.ordered ?? 0);
  }

  /** Partners whose balance is low, and that have a payment method. */
  async due(at: Date, after: string, limit: number): Promise<string[]> {
    const rows: { partner_id: string }[] = await this.database.read((manager) =>
      manager.query(
        `select partner_id from auto_top_ups auto where ${IS_DUE} and partner_id > $2 order by partner_id limit $3`,
        [at, after, limit],
      ),
    );
    return rows.map(({ partner_id }) => partner_id);
  }

  /** The same for one partner, which nobody changes until COMMIT; null when it is not due, or another instance holds it. */
  async holdDue(tx: Transaction, partnerId: string, at: Date): Promise<AutoTopUp | null> {
    const held = await tx.prepared(
      'select 1 from auto_top_ups where partner_id = $1 for update skip locked',
      [partnerId],
    );
    if (held.length === 0) return null;
    // In a second statement, which sees what was committed before the lock.
    const [row] = await tx.prepared<Row>(
      `select ${COLUMNS} from auto_top_ups auto where ${IS_DUE} and partner_id = $2`,
      [at, partnerId],
    );
    return row ? toAutoTopUp(row) : null;
  }

  /** Partners whose balance is low without a top-up on its way, and that were not told since it is. */
  async low(at: Date, after: string, limit: number): Promise<string[]> {
    const rows: { partner_id: string }[] = await this.database.read((manager) =>
      manager.query(
        `select partner_id from auto_top_ups auto
         where low_told_at is null and threshold > ${BALANCE} and not ${HAS_ORDERED} and partner_id > $2
         order by partner_id limit $3`,
        [at, after, limit],
      ),
    );
    return rows.map(({ partner_id }) => partner_id);
  }

  /** Notes that the partner is told now. Returns its balance; null when another instance tells it. */
  async tellLow(
    tx: Transaction,
    partnerId: string,
    at: Date,
  ): Promise<(AutoTopUp & { balance: bigint }) | null> {
    const [row] = await tx.prepared<Row & { readonly balance: string }>(
      `update auto_top_ups auto set low_told_at = $1 where partner_id = $2 and low_told_at is null
       returning ${COLUMNS}, ${BALANCE}::text as balance`,
      [at, partnerId],
    );
    return row ? { ...toAutoTopUp(row), balance: BigInt(row.balance) } : null;
  }

  /** Partners whose balance is no longer low are told again when it is. */
  async forgetTold(tx: Transaction, at: Date): Promise<void> {
    await tx.prepared(
      `update auto_top_ups auto set low_told_at = null where low_told_at is not null and threshold <= ${BALANCE}`,
      [at],
    );
  }

  async hasPaymentMethod(tx: Transaction, partnerId: string): Promise<boolean> {
    const rows = await tx.prepared(
      'select 1 from payment_methods where partner_id = $1 and is_default and removed_at is null',
      [partnerId],
    );
    return rows.length > 0;
  }
}

const toAutoTopUp = (row: Row): AutoTopUp => ({
  ...row,
  threshold: BigInt(row.threshold),
  amount: BigInt(row.amount),
  monthly_limit: BigInt(row.monthly_limit),
});
