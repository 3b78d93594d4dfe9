import type { Transaction } from '@gridworks/persistence';

const PARTITIONS_SQL = `
  select child.relname as name from pg_inherits
  join pg_class child on child.oid = inhrelid
  where inhparent = 'audit_entries'::regclass order by 1`;

/** The first day of a month, UTC: `2026-11-01`. */
const monthOf = (at: Date): string => `${at.toISOString().slice(0, 7)}-01`;
const nameOf = (month: string): string => `audit_entries_${month.slice(0, 7).replace('-', '')}`;

/** The partitions of `audit_entries`, one for each month, UTC. */
export class AuditPartitions {
  /** Months whose partition is known to be committed. */
  readonly #known = new Set<string>();

  /** Makes the partition for an entry of this moment. Returns what to call once the transaction has committed. */
  async make(tx: Transaction, at: Date): Promise<() => void> {
    const month = monthOf(at);
    if (this.#known.has(month)) return () => undefined;
    await tx.manager.query('select make_audit_partition($1::date)', [month]);
    return () => this.#known.add(month);
  }

  /**
   * Drops the partitions of months that are more than `months` months before this one. The chains keep the hash of
   * the last entry that goes as their anchor. Returns the names.
   */
  async dropOld(tx: Transaction, now: Date, months: number): Promise<string[]> {
    const oldest = nameOf(monthOf(new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - months, 1))));
    const rows = await tx.manager.query<{ name: string }[]>(PARTITIONS_SQL);
    const old = rows.map(({ name }) => name).filter((name) => name < oldest);
    for (const name of old) await tx.manager.query('select drop_audit_partition($1)', [name]);
    if (old.length > 0) this.#known.clear();
    return old;
  }
}
