import type { Transaction } from '@gridworks/persistence';

const DAY_MS = 86_400_000;
/** Whole days, UTC, before today. */
export const KEPT_DAYS = 7;

const PARTITIONS_SQL = `
  select child.relname as name from pg_inherits
  join pg_class child on child.oid = inhrelid
  where inhparent = 'system_health_checks'::regclass order by 1`;
/** Two instances that begin a day at once make its partition one after the other. */
const LOCK_SQL = `select pg_advisory_xact_lock(hashtext('system_health_checks partitions'))`;

/** The partition of a day in ms since the epoch: `system_health_checks_20261129`. */
const nameOf = (day: number): string =>
  `system_health_checks_${new Date(day).toISOString().slice(0, 10).replaceAll('-', '')}`;

/** The partitions of `system_health_checks`, one for each day, UTC. */
export class CheckPartitions {
  /** Days whose partition is known to be there, in ms since the epoch. */
  readonly #known = new Set<number>();

  /**
   * Makes the missing partitions for rows of these moments. Returns what to call once the transaction has committed:
   * a rollback takes the partitions back.
   */
  async make(tx: Transaction, moments: readonly string[]): Promise<() => void> {
    const days = new Set(moments.map((at) => Math.floor(Date.parse(at) / DAY_MS) * DAY_MS));
    const missing = [...days].filter((day) => !this.#known.has(day));
    if (missing.length > 0) await tx.manager.query(LOCK_SQL);
    for (const day of missing) {
      const [from, to] = [day, day + DAY_MS].map((at) => new Date(at).toISOString());
      await tx.manager.query(
        `create table if not exists ${nameOf(day)} partition of system_health_checks
         for values from ('${from}') to ('${to}')`,
      );
    }
    return () => {
      for (const day of missing) this.#known.add(day);
    };
  }

  /** After an error nothing is certain: the database may be an earlier one. */
  forget(): void {
    this.#known.clear();
  }

  /** Drops the partitions of days that are older than their retention. Returns their names. */
  async dropOld(tx: Transaction, now: number): Promise<string[]> {
    const oldest = nameOf(Math.floor(now / DAY_MS) * DAY_MS - KEPT_DAYS * DAY_MS);
    const rows = await tx.manager.query<{ name: string }[]>(PARTITIONS_SQL);
    const old = rows.map(({ name }) => name).filter((name) => name < oldest);
    for (const name of old) await tx.manager.query(`drop table ${name}`);
    if (old.length > 0) this.forget();
    return old;
  }
}
