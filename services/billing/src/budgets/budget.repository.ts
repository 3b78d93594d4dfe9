import type { BUDGET_ALERTS } from '@gridworks/contracts';
import { Database, type Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';

/** A row of `budgets`. */
export interface Budget {
  readonly partner_id: string;
  /** Minor units; null: the included units of the plan are the limit. */
  readonly amount: bigint | null;
  readonly at_limit: 'overage' | 'hard_stop';
  /** Counted up by each change. */
  readonly revision: number;
  readonly updated_at: Date;
  /** Counted up when the gateways begin to count anew. */
  readonly generation: number;
  /** What the allowance of the generation was made of. */
  readonly basis: string | null;
  /** Calls of the period that were counted when the generation began. */
  readonly baseline: bigint;
  /** The generation of which the gateways were told that it is used up. */
  readonly stopped_generation: number | null;
}
type Row = Omit<Budget, 'amount' | 'baseline'> & {
  readonly amount: string | null;
  readonly baseline: string;
};

const COLUMNS = `partner_id, amount, at_limit, revision::float8 as revision, updated_at, generation::float8 as generation, basis, baseline,
  stopped_generation::float8 as stopped_generation`;
/** A budget in another currency than the subscription has is none: its amount would mean something else. */
const COUNTS = `currency = (select currency from subscriptions where partner_id = budgets.partner_id and status <> 'canceled')`;
const ACTIVE_SQL = `
  select partner_id from budgets where ${COUNTS} and exists (
    select from usage_daily where partner_id = budgets.partner_id and last_call_at >= $1 and day >= ($1::timestamptz at time zone 'UTC')::date)
  order by partner_id`;

@Injectable()
export class BudgetRepository {
  constructor(private readonly database: Database) {}

  /** Null when the partner has none. */
  async find(partnerId: string): Promise<Budget | null> {
    const [row]: Row[] = await this.database.read((manager) =>
      manager.query(`select ${COLUMNS} from budgets where partner_id = $1 and ${COUNTS}`, [partnerId]),
    );
    return row ? toBudget(row) : null;
  }

  /** The same, which nobody changes until COMMIT. */
  async hold(tx: Transaction, partnerId: string): Promise<Budget | null> {
    const [row] = await tx.prepared<Row>(
      `select ${COLUMNS} from budgets where partner_id = $1 and ${COUNTS} for update`,
      [partnerId],
    );
    return row ? toBudget(row) : null;
  }

  async set(
    tx: Transaction,
    partnerId: string,
    { amount, at_limit, currency }: Pick<Budget, 'amount' | 'at_limit'> & { readonly currency: string },
    at: Date,
  ): Promise<void> {
    // Never the revision of an earlier budget, so that no gateway takes an old allowance for the new one.
    await tx.prepared(
      `insert into budgets (partner_id, amount, at_limit, revision, updated_at, generation, currency)
       values ($1, $2, $3, $4, $5, $4, $6)
       on conflict (partner_id) do update set amount = excluded.amount, at_limit = excluded.at_limit, currency = excluded.currency,
         revision = greatest(budgets.revision + 1, excluded.revision), updated_at = excluded.updated_at`,
      [partnerId, amount?.toString() ?? null, at_limit, at.getTime(), at, currency],
    );
  }

  /** False when the partner had none. */
  async remove(tx: Transaction, partnerId: string): Promise<boolean> {
    const rows = await tx.prepared('delete from budgets where partner_id = $1 returning 1', [partnerId]);
    return rows.length > 0;
  }

  /** Begins another generation, whose calls are counted from `baseline` on. */
  async renew(tx: Transaction, partnerId: string, basis: string, baseline: bigint): Promise<number> {
    const [row] = await tx.prepared<{ generation: number }>(
      `update budgets set generation = generation + 1, basis = $2, baseline = $3
       where partner_id = $1 returning generation::float8 as generation`,
      [partnerId, basis, baseline.toString()],
    );
    return row?.generation ?? 0;
  }

  async markStopped(tx: Transaction, partnerId: string, generation: number): Promise<void> {
    await tx.prepared('update budgets set stopped_generation = $2 where partner_id = $1', [
      partnerId,
      generation,
    ]);
  }

  /** Notes that the partner is told now. False when it was told before in this month. */
  async alert(
    tx: Transaction,
    partnerId: string,
    monthFrom: Date,
    percent: (typeof BUDGET_ALERTS)[number],
    at: Date,
  ): Promise<boolean> {
    const rows = await tx.prepared(
      `insert into budget_alerts (partner_id, month_from, percent, at) values ($1, $2, $3, $4)
       on conflict do nothing returning 1`,
      [partnerId, monthFrom, percent, at],
    );
    return rows.length > 0;
  }

  alerts(tx: Transaction, partnerId: string, monthFrom: Date): Promise<{ percent: number; at: Date }[]> {
    return tx.prepared(
      'select percent, at from budget_alerts where partner_id = $1 and month_from = $2 order by percent',
      [partnerId, monthFrom],
    );
  }

  /** Those of the partners that have a budget. */
  async among(partnerIds: readonly string[]): Promise<string[]> {
    const rows: { partner_id: string }[] = await this.database.read((manager) =>
      manager.query(
        `select partner_id from budgets where partner_id = any ($1) and ${COUNTS} order by partner_id`,
        [partnerIds],
      ),
    );
    return rows.map(({ partner_id }) => partner_id);
  }

  /** Partners with a budget that have called since a moment. */
  async active(since: Date): Promise<string[]> {
    const rows: { partner_id: string }[] = await this.database.read((manager) =>
      manager.query(ACTIVE_SQL, [since]),
    );
    return rows.map(({ partner_id }) => partner_id);
  }
}

const toBudget = (row: Row): Budget => ({
  ...row,
  amount: row.amount === null ? null : BigInt(row.amount),
  baseline: BigInt(row.baseline),
});
