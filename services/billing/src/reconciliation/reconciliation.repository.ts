import { Database } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import type { Difference } from './difference.ts';
import type { Reconciliation } from './reconcile.ts';

/** A run that is over. */
export interface StoredRun {
  readonly ran_at: Date;
  readonly differences: number;
  /** The first ones. */
  readonly shown: readonly Difference[];
  /** Why it did not get to the end; null when it did. */
  readonly error: string | null;
}

/** So many differences of a run are stored; `npm run billing -- reconcile` prints all. */
const SHOWN = 20;
const KEPT_DAYS = 400;

/** The table `reconciliations`: one row for each run. */
@Injectable()
export class ReconciliationRepository {
  constructor(private readonly database: Database) {}

  /** Stores the result of a run, or why there is none, and deletes what is older than its retention. */
  async add(ranAt: Date, result: Reconciliation | { readonly error: string }): Promise<void> {
    const found = 'error' in result ? null : result;
    await this.database.transaction(async (tx) => {
      await tx.prepared(
        `insert into reconciliations (ran_at, partners, periods, units, invoices, differences, shown, error)
         values ($1, $2, $3, $4, $5, $6, $7, $8)`,
        [
          ...[ranAt, found?.partners ?? 0, found?.periods ?? 0, (found?.units ?? 0n).toString()],
          ...[found?.invoices ?? 0, found?.differences.length ?? 0],
          JSON.stringify(found?.differences.slice(0, SHOWN) ?? []),
          'error' in result ? result.error.slice(0, 500) : null,
        ],
      );
      await tx.prepared(
        'delete from reconciliations where ran_at < $1::timestamptz - make_interval(days => $2)',
        [...[ranAt, KEPT_DAYS]],
      );
    });
  }

  /** The newest run; null before the first one. */
  async last(): Promise<StoredRun | null> {
    const [row]: StoredRun[] = await this.database.read((manager) =>
      manager.query('select ran_at, differences, shown, error from reconciliations order by id desc limit 1'),
    );
    return row ?? null;
  }
}
