import { type LIMIT_NAMES, newId, type Page, pageOf } from '@gridworks/contracts';
import { Database, type ListPageQuery, readListPage, type Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';

export type LimitName = (typeof LIMIT_NAMES)[number];

/** A row of `limit_overrides`. */
export interface LimitOverride {
  readonly id: string;
  readonly name: LimitName;
  readonly quota: number;
  readonly expires_at: Date | null;
  readonly reason: string;
  readonly set_by: string;
  readonly created_at: Date;
}

const COLUMNS = 'id, name, quota::float8 as quota, expires_at, reason, set_by, created_at';

@Injectable()
export class LimitOverrideRepository {
  constructor(private readonly database: Database) {}

  /** Those that have not expired at `now`. */
  inForce(partnerId: string, now: Date): Promise<LimitOverride[]> {
    return this.database.read((manager) =>
      manager.query(
        `select ${COLUMNS} from limit_overrides
         where partner_id = $1 and (expires_at is null or expires_at > $2) order by name`,
        [partnerId, now],
      ),
    );
  }

  /** All that were not removed, newest first. */
  async page(partnerId: string, query: ListPageQuery): Promise<Page<LimitOverride>> {
    const source = { table: 'limit_overrides', columns: COLUMNS, list: { partner_id: partnerId } };
    const rows = await this.database.read((manager) => readListPage<LimitOverride>(manager, source, query));
    return pageOf(rows, query.limit, query.ending_before !== undefined);
  }

  /** Takes the place of the one with the same name. Returns both; `before` is null when there was none. */
  async set(
    tx: Transaction,
    partnerId: string,
    override: Omit<LimitOverride, 'id'>,
  ): Promise<{ override: LimitOverride; before: LimitOverride | null }> {
    const before = await this.remove(tx, partnerId, override.name);
    const id = newId('limitOverride', override.created_at.getTime());
    const { name, quota, expires_at, reason, set_by, created_at } = override;
    await tx.prepared(
      `insert into limit_overrides (id, partner_id, name, quota, expires_at, reason, set_by, created_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [id, partnerId, name, quota, expires_at, reason, set_by, created_at],
    );
    return { override: { id, ...override }, before };
  }

  /** Returns the removed one; null when there was none. */
  async remove(tx: Transaction, partnerId: string, name: LimitName): Promise<LimitOverride | null> {
    const [removed] = await tx.prepared<LimitOverride>(
      `delete from limit_overrides where partner_id = $1 and name = $2 returning ${COLUMNS}`,
      [partnerId, name],
    );
    return removed ?? null;
  }
}
