import type { SupportAccess } from '@gridworks/contracts';
import { Database, type Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';

/** A row of `support_accesses`. */
export interface SupportAccessRow {
  readonly id: string;
  readonly partner_id: string;
  readonly access: 'read' | 'write';
  readonly granted_by: string;
  readonly granted_at: Date;
  readonly expires_at: Date;
  readonly revoked_at: Date | null;
}
/** A row of `impersonations`. */
export interface ImpersonationRow {
  readonly session_id: string;
  readonly support_access_id: string;
  readonly impersonator: string;
  readonly reason: string;
  readonly started_at: Date;
  readonly expires_at: Date;
  readonly ended_at: Date | null;
}

const ACCESSES = 100;
const USES = 20;

@Injectable()
export class SupportAccessRepository {
  constructor(private readonly database: Database) {}

  async insert(tx: Transaction, row: SupportAccessRow): Promise<void> {
    await tx.manager.query(
      `insert into support_accesses (id, partner_id, access, granted_by, granted_at, expires_at)
       values ($1, $2, $3, $4, $5, $6)`,
      [row.id, row.partner_id, row.access, row.granted_by, row.granted_at, row.expires_at],
    );
  }

  /** Newest first, each with its uses. */
  async listOf(partnerId: string): Promise<{ row: SupportAccessRow; uses: ImpersonationRow[] }[]> {
    return this.database.read(async (manager) => {
      const rows = await manager.query<SupportAccessRow[]>(
        `select * from support_accesses where partner_id = $1 order by id desc limit ${ACCESSES}`,
        [partnerId],
      );
      const uses = await manager.query<ImpersonationRow[]>(
        'select * from impersonations where support_access_id = any($1) order by started_at desc',
        [rows.map(({ id }) => id)],
      );
      return rows.map((row) => ({
        row,
        uses: uses.filter(({ support_access_id }) => support_access_id === row.id).slice(0, USES),
      }));
    });
  }

  /** Ends an access of this partner. Null when it has none with this id; `ended` is false when it had ended before. */
  async revoke(
    tx: Transaction,
    partnerId: string,
    id: string,
    at: Date,
  ): Promise<{ row: SupportAccessRow; ended: boolean } | null> {
    const [changed] = await tx.manager.query<[SupportAccessRow[], number]>(
      `update support_accesses set revoked_at = $3
       where id = $1 and partner_id = $2 and revoked_at is null and expires_at > $3 returning *`,
      [id, partnerId, at],
    );
    if (changed[0]) return { row: changed[0], ended: true };
    const [row] = await tx.manager.query<SupportAccessRow[]>(
      'select * from support_accesses where id = $1 and partner_id = $2',
      [id, partnerId],
    );
    return row ? { row, ended: false } : null;
  }

  /** The access of a partner that holds now: the one that permits most, of those the longest. Null for none. */
  async active(tx: Transaction, partnerId: string, now: Date): Promise<SupportAccessRow | null> {
    const [row] = await tx.manager.query<SupportAccessRow[]>(
      `select * from support_accesses
       where partner_id = $1 and revoked_at is null and expires_at > $2
       order by access desc, expires_at desc limit 1 for share`,
      [partnerId, now],
    );
    return row ?? null;
  }

  async start(tx: Transaction, row: ImpersonationRow): Promise<void> {
    await tx.manager.query(
      `insert into impersonations (session_id, support_access_id, impersonator, reason, started_at, expires_at)
       values ($1, $2, $3, $4, $5, $6)`,
      [row.session_id, row.support_access_id, row.impersonator, row.reason, row.started_at, row.expires_at],
    );
  }

  /** Ends the impersonations of a session, or of an access. Returns the ids of their sessions. */
  async end(
    tx: Transaction,
    by: { readonly session_id: string } | { readonly support_access_id: string },
    at: Date,
  ): Promise<string[]> {
    const [[column, id]] = Object.entries(by) as [[string, string]];
    const [ended] = await tx.manager.query<[{ session_id: string }[], number]>(
      `update impersonations set ended_at = $2 where ${column} = $1 and ended_at is null and expires_at > $2
       returning session_id`,
      [id, at],
    );
    return ended.map(({ session_id }) => session_id);
  }
}

/** An access as its partner sees it. */
export function presentSupportAccess(
  row: SupportAccessRow,
  uses: readonly ImpersonationRow[],
  now: Date,
): SupportAccess {
  return {
    object: 'support_access',
    id: row.id,
    access: row.access,
    granted_by: row.granted_by,
    granted_at: row.granted_at.toISOString(),
    expires_at: row.expires_at.toISOString(),
    revoked_at: row.revoked_at?.toISOString() ?? null,
    active: row.revoked_at === null && row.expires_at > now,
    impersonations: uses.map(({ impersonator, reason, started_at, ended_at, expires_at }) => ({
      impersonator,
      reason,
      started_at: started_at.toISOString(),
      ended_at: (ended_at ?? (expires_at <= now ? expires_at : null))?.toISOString() ?? null,
    })),
  };
}
