import type { Suspension } from '@gridworks/contracts';
import { Database, type Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';

interface SuspensionRow {
  readonly partner_id: string;
  readonly reason: string;
  readonly suspended_by: string;
  readonly suspended_at: Date;
}

/** SQL: whether the partner in this column is suspended. */
export const isSuspended = (column: string): string =>
  `exists (select 1 from partner_suspensions where partner_id = ${column})`;

@Injectable()
export class SuspensionRepository {
  constructor(private readonly database: Database) {}

  /** The suspensions of these partners, by partner. */
  async of(partnerIds: readonly string[]): Promise<ReadonlyMap<string, Suspension>> {
    const rows = await this.database.read((manager) =>
      manager.query<SuspensionRow[]>('select * from partner_suspensions where partner_id = any($1)', [
        partnerIds,
      ]),
    );
    return new Map(rows.map((row) => [row.partner_id, presentSuspension(row)]));
  }

  async isSuspended(partnerId: string): Promise<boolean> {
    return (await this.of([partnerId])).has(partnerId);
  }

  /** Null when there is no such partner, or it is the synthetic one. Locks the partner until the transaction ends. */
  async hold(
    tx: Transaction,
    partnerId: string,
    spared: string,
  ): Promise<{ suspension: Suspension | null } | null> {
    const [partner] = await tx.manager.query<unknown[]>(
      'select 1 from partners where id = $1 and id <> $2 for no key update',
      [partnerId, spared],
    );
    if (!partner) return null;
    const [row] = await tx.manager.query<SuspensionRow[]>(
      'select * from partner_suspensions where partner_id = $1',
      [partnerId],
    );
    return { suspension: row ? presentSuspension(row) : null };
  }

  async begin(tx: Transaction, partnerId: string, reason: string, by: string, at: Date): Promise<void> {
    await tx.manager.query(
      'insert into partner_suspensions (partner_id, reason, suspended_by, suspended_at) values ($1, $2, $3, $4)',
      [partnerId, reason, by, at],
    );
  }

  async end(tx: Transaction, partnerId: string): Promise<void> {
    await tx.manager.query('delete from partner_suspensions where partner_id = $1', [partnerId]);
  }
}

function presentSuspension({ reason, suspended_by, suspended_at }: SuspensionRow): Suspension {
  return { reason, suspended_by, suspended_at: suspended_at.toISOString() };
}
