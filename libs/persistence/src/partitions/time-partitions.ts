import type { Transaction } from '../database/transaction.ts';

/** How much time a partition has: a day or a month of the calendar, UTC. */
export type PartitionStep = 'day' | 'month';

interface Partition {
  readonly name: string;
  readonly from: Date;
  /** Not included. */
  readonly to: Date;
}

const PARTITIONS_SQL = `
  select child.relname as name from pg_inherits
  join pg_class child on child.oid = inhrelid
  where inhparent = $1::regclass order by 1`;
// By the rows of the catalogue: `to_regclass` does not see at once what another instance has committed.
const IS_THERE_SQL = `
  select exists (select from pg_inherits join pg_class child on child.oid = inhrelid
    where inhparent = $1::regclass and child.relname = $2) as "isThere"`;
/** Two instances that begin a step at once make its partition one after the other. */
const LOCK_SQL = 'select pg_advisory_xact_lock(hashtext($1))';

/**
 * The partitions of a table that is partitioned by range of a `timestamptz`, one for each day or month, UTC:
 * `usage_records_202611`, `system_health_checks_20261129`. Whoever writes the first row of a step makes its partition.
 */
export class TimePartitions {
  readonly #table: string;
  readonly #step: PartitionStep;
  /** Partitions that are known to be committed. */
  readonly #known = new Set<string>();
  readonly #madeIn = new WeakMap<Transaction, Set<string>>();

  /** `table`: a name of the code, never one of a user. */
  constructor(table: string, step: PartitionStep) {
    this.#table = table;
    this.#step = step;
  }

  /**
   * Makes the missing partitions for rows of these moments, before the rows are inserted. Readers and writers of the other partitions do
   * not wait for it.
   */
  async make(tx: Transaction, moments: Iterable<Date | string>): Promise<void> {
    const missing = new Map<string, Partition>();
    for (const moment of moments) {
      const partition = this.#around(new Date(moment));
      if (!this.#known.has(partition.name)) missing.set(partition.name, partition);
    }
    for (const partition of missing.values()) {
      if (await this.#isThere(tx, partition)) continue;
      await tx.manager.query(LOCK_SQL, [`${this.#table} partitions`]);
      if (!(await this.#isThere(tx, partition))) await this.#create(tx, partition);
    }
  }

  /** After an error nothing is certain: the database may be an earlier one. */
  forget(): void {
    this.#known.clear();
  }

  /**
   * Drops the partitions that end before the step of a moment. Returns their names, oldest first. Waits for those who use the table, as
   * long as every statement waits for a lock.
   */
  async dropOld(tx: Transaction, oldest: Date): Promise<string[]> {
    const { name: first } = this.#around(oldest);
    const rows = await tx.manager.query<{ name: string }[]>(PARTITIONS_SQL, [this.#table]);
    const old = rows.map(({ name }) => name).filter((name) => name < first);
    for (const name of old) await tx.manager.query(`drop table ${name}`);
    if (old.length > 0) this.forget();
    return old;
  }

  async #isThere(tx: Transaction, { name }: Partition): Promise<boolean> {
    const [row] = await tx.manager.query<{ isThere: boolean }[]>(IS_THERE_SQL, [this.#table, name]);
    if (!row?.isThere) return false;
    // What this transaction has made goes with its rollback.
    if (!this.#madeIn.get(tx)?.has(name)) this.#known.add(name);
    return true;
  }

  /** A table that is attached locks less than one that is made as a partition, which nobody may read beside. */
  async #create(tx: Transaction, { name, from, to }: Partition): Promise<void> {
    await tx.manager.query(`create table ${name} (like ${this.#table} including all)`);
    await tx.manager.query(
      `alter table ${this.#table} attach partition ${name}
       for values from ('${from.toISOString()}') to ('${to.toISOString()}')`,
    );
    const made = this.#madeIn.get(tx) ?? new Set();
    this.#madeIn.set(tx, made.add(name));
  }

  #around(moment: Date): Partition {
    const [year, month, day] = [moment.getUTCFullYear(), moment.getUTCMonth(), moment.getUTCDate()];
    const isMonth = this.#step === 'month';
    const from = new Date(Date.UTC(year, month, isMonth ? 1 : day));
    const to = new Date(isMonth ? Date.UTC(year, month + 1, 1) : Date.UTC(year, month, day + 1));
    const digits = from.toISOString().slice(0, isMonth ? 7 : 10);
    return { name: `${this.#table}_${digits.replaceAll('-', '')}`, from, to };
  }
}
