import { type Page, pageOf } from '@gridworks/contracts';
import { Database, type ListPageQuery, readListPage, type Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import type { ApiKey } from './api-key.ts';

const columns = 'id, name, mode, digest, last4, created_at, revoked_at';

/** A partner's keys. The partner is part of every condition: what is foreign is not there. */
@Injectable()
export class ApiKeyRepository {
  constructor(private readonly database: Database) {}

  async insert(tx: Transaction, key: ApiKey, partnerId: string, createdBy: string): Promise<void> {
    await tx.manager.query(
      `insert into api_keys (id, partner_id, created_by, name, mode, digest, last4, created_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [key.id, partnerId, createdBy, key.name, key.mode, key.digest, key.last4, key.created_at],
    );
  }

  /** Newest first. */
  async page(partnerId: string, query: ListPageQuery): Promise<Page<ApiKey>> {
    const rows = await this.database.read((manager) =>
      readListPage<ApiKey>(manager, { table: 'api_keys', columns, list: { partner_id: partnerId } }, query),
    );
    return pageOf(rows, query.limit, query.ending_before !== undefined);
  }

  /** Revokes once; `revoked` is false when it was revoked before. Null when the partner has no such key. */
  async revoke(
    tx: Transaction,
    partnerId: string,
    id: string,
    at: Date,
  ): Promise<{ key: ApiKey; revoked: boolean } | null> {
    const [, changed] = await tx.manager.query<[unknown[], number]>(
      'update api_keys set revoked_at = $3 where id = $1 and partner_id = $2 and revoked_at is null',
      [id, partnerId, at],
    );
    const [key] = await tx.manager.query<ApiKey[]>(
      `select ${columns} from api_keys where id = $1 and partner_id = $2`,
      [id, partnerId],
    );
    return key ? { key, revoked: changed === 1 } : null;
  }
}
