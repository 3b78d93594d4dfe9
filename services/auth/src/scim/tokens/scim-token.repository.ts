import { Database, type Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import type { ScimToken } from './scim-token.ts';

const COLUMNS =
  'id, partner_id, name, digest, last4, created_by, created_at, expires_at, revoked_at, last_used_at';

/** The SCIM tokens of partners. */
@Injectable()
export class ScimTokenRepository {
  constructor(private readonly database: Database) {}

  /** Newest first. */
  listOf(partnerId: string): Promise<ScimToken[]> {
    return this.database.read((manager) =>
      manager.query(`select ${COLUMNS} from scim_tokens where partner_id = $1 order by id desc limit 100`, [
        partnerId,
      ]),
    );
  }

  /** The valid ones. Locks the partner, so that its tokens are counted one after another. */
  async countValid(tx: Transaction, partnerId: string, now: Date): Promise<number> {
    await tx.manager.query('select 1 from partners where id = $1 for no key update', [partnerId]);
    const [row] = await tx.manager.query<[{ count: number }]>(
      `select count(*)::int as count from scim_tokens
       where partner_id = $1 and revoked_at is null and expires_at > $2`,
      [partnerId, now],
    );
    return row.count;
  }

  async insert(tx: Transaction, row: ScimToken): Promise<void> {
    await tx.manager.query(
      `insert into scim_tokens (id, partner_id, name, digest, last4, created_by, created_at, expires_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        row.id,
        row.partner_id,
        row.name,
        row.digest,
        row.last4,
        row.created_by,
        row.created_at,
        row.expires_at,
      ],
    );
  }

  /** Revokes a token once; `revoked` is false when it was revoked before. Null when the partner has no such token. */
  async revoke(
    tx: Transaction,
    partnerId: string,
    id: string,
    at: Date,
  ): Promise<{ row: ScimToken; revoked: boolean } | null> {
    const [changed] = await tx.manager.query<[ScimToken[], number]>(
      `update scim_tokens set revoked_at = $3 where id = $1 and partner_id = $2 and revoked_at is null
       returning ${COLUMNS}`,
      [id, partnerId, at],
    );
    if (changed[0]) return { row: changed[0], revoked: true };
    const [row] = await tx.manager.query<ScimToken[]>(
      `select ${COLUMNS} from scim_tokens where id = $1 and partner_id = $2`,
      [id, partnerId],
    );
    return row ? { row, revoked: false } : null;
  }
}
