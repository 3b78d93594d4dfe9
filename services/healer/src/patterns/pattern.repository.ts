import { type Page, type Pattern, pageOf } from '@gridworks/contracts';
import { Database, type ListPageQuery, readListPage, type Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import type { PatternRecord } from './pattern.ts';
import { COLUMN_TYPES, columns, fromRow, type PatternRow, toRow } from './pattern-row.ts';

type Manager = Transaction['manager'];

export interface PatternQuery extends ListPageQuery {
  readonly state?: Pattern['state'] | undefined;
}

const names = columns.join(', ');
const DECIDED = `state in ('deciding', 'trial')`;

/** The table `healing_patterns`. All methods throw `PLATFORM.UNAVAILABLE` while PostgreSQL is away. */
@Injectable()
export class PatternRepository {
  constructor(private readonly database: Database) {}

  /**
   * Stops other learners until the end of the transaction. What one strategy may do depends on the other rows
   * of its error, some of which may not exist yet, so row locks are not enough.
   */
  async lock(tx: Transaction): Promise<void> {
    await tx.manager.query(`select pg_advisory_xact_lock(hashtext('healing_patterns'))`);
  }

  /** Changes the patterns of these errors under the lock. Returns the rows that changed. */
  async change(
    tx: Transaction,
    fingerprints: readonly string[],
    decide: (known: readonly PatternRecord[]) => readonly PatternRecord[],
  ): Promise<readonly PatternRecord[]> {
    await this.lock(tx);
    const changed = decide(await this.ofErrors(tx, fingerprints));
    await this.save(tx, changed);
    return changed;
  }

  /** Returns those of the captures that were not counted before, and marks them as counted. */
  async takeUncounted(tx: Transaction, captureIds: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await tx.manager.query<{ capture_id: string }[]>(
      `insert into healing_captures_counted (capture_id) select distinct unnest($1::text[])
       on conflict do nothing returning capture_id`,
      [captureIds],
    );
    return new Set(rows.map(({ capture_id }) => capture_id));
  }

  /** Every row of these errors. */
  async ofErrors(tx: Transaction, fingerprints: readonly string[]): Promise<PatternRecord[]> {
    return select(tx.manager, 'where fingerprint = any($1)', [fingerprints]);
  }

  /** Every row of the errors for which a strategy decides. */
  async ofDecidedErrors(tx: Transaction): Promise<PatternRecord[]> {
    return select(
      tx.manager,
      `where fingerprint in (select fingerprint from healing_patterns where state = 'deciding')`,
    );
  }

  async find(tx: Transaction, id: string): Promise<PatternRecord | null> {
    return (await select(tx.manager, 'where id = $1', [id]))[0] ?? null;
  }

  /** Writes rows by their key, which is error and strategy. */
  async save(tx: Transaction, records: readonly PatternRecord[]): Promise<void> {
    // Rows that stop deciding are written first: the index allows only one deciding row for each error.
    for (const deciding of [false, true]) {
      const rows = records.filter(({ state }) => (state === 'deciding') === deciding).map(toRow);
      if (rows.length === 0) continue;
      await tx.manager.query(
        `insert into healing_patterns (${names})
         select * from unnest(${columns.map((name, i) => `$${i + 1}::${COLUMN_TYPES[name]}[]`).join(', ')})
         on conflict (fingerprint, strategy) do update set
           ${columns.map((name) => `${name} = excluded.${name}`).join(', ')}`,
        columns.map((name) => rows.map((row) => row[name])),
      );
    }
  }

  /** The patterns that every process may use now: those that decide, and trials. */
  inUse(limit: number): Promise<PatternRecord[]> {
    return this.database.read((manager) =>
      select(manager, `where ${DECIDED} order by state, updated_at desc limit $1`, [limit]),
    );
  }

  /** Newest first. */
  async page(query: PatternQuery): Promise<Page<PatternRecord>> {
    const rows = await this.database.read((manager) =>
      readListPage<PatternRow>(
        manager,
        { table: 'healing_patterns', columns: names, where: { state: query.state } },
        query,
      ),
    );
    return pageOf(rows.map(fromRow), query.limit, query.ending_before !== undefined);
  }

  /** The rows of these errors and strategies that exist. */
  async states(
    keys: readonly { readonly fingerprint: string; readonly strategy: string }[],
  ): Promise<PatternRecord[]> {
    return this.database.read((manager) =>
      select(manager, 'where (fingerprint, strategy) in (select * from unnest($1::text[], $2::text[]))', [
        keys.map(({ fingerprint }) => fingerprint),
        keys.map(({ strategy }) => strategy),
      ]),
    );
  }

  /**
   * Deletes patterns without recent outcomes (60 days), and counted captures that will not be sent again (30
   * days).
   */
  async deleteExpired(tx: Transaction): Promise<void> {
    await tx.manager.query(
      `delete from healing_patterns where not ${DECIDED} and updated_at < now() - interval '60 days'`,
    );
    await tx.manager.query(
      `delete from healing_captures_counted where counted_at < now() - interval '30 days'`,
    );
  }
}

async function select(manager: Manager, condition: string, values: unknown[] = []): Promise<PatternRecord[]> {
  const rows = await manager.query<PatternRow[]>(
    `select ${names} from healing_patterns ${condition}`,
    values,
  );
  return rows.map(fromRow);
}
