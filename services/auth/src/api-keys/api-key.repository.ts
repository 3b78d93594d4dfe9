import { type Page, pageOf } from '@gridworks/contracts';
import { Database, IsNull, type ListPageQuery, readListPage, type Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import { ApiKeyEntity } from './api-key.entity.ts';
import type { ApiKey } from './api-key.ts';

const columns = 'id, name, mode, digest, last4, created_at, revoked_at';

/** A partner's keys. The partner is part of every condition: what is foreign is not there. */
@Injectable()
export class ApiKeyRepository {
  constructor(private readonly database: Database) {}

  async insert(tx: Transaction, key: ApiKey, partnerId: string, createdBy: string): Promise<void> {
    await tx.manager.insert(ApiKeyEntity, { ...key, partner_id: partnerId, created_by: createdBy });
  }

  find(partnerId: string, id: string): Promise<ApiKey | null> {
    return this.database.read((manager) => manager.findOneBy(ApiKeyEntity, { id, partner_id: partnerId }));
  }

  /** Newest first. */
  async page(partnerId: string, query: ListPageQuery): Promise<Page<ApiKey>> {
    const rows = await this.database.read((manager) =>
      readListPage<ApiKey>(manager, { table: 'api_keys', columns, list: { partner_id: partnerId } }, query),
    );
    return pageOf(rows, query.limit, query.ending_before !== undefined);
  }

  /** The key under its new name; null when the partner has no such key. */
  async rename(tx: Transaction, partnerId: string, id: string, name: string): Promise<ApiKey | null> {
    await tx.manager.update(ApiKeyEntity, { id, partner_id: partnerId }, { name });
    return tx.manager.findOneBy(ApiKeyEntity, { id, partner_id: partnerId });
  }

  /** Revokes once; `revoked` is false when it was revoked before. Null when the partner has no such key. */
  async revoke(
    tx: Transaction,
    partnerId: string,
    id: string,
    at: Date,
  ): Promise<{ key: ApiKey; revoked: boolean } | null> {
    const { affected } = await tx.manager.update(
      ApiKeyEntity,
      { id, partner_id: partnerId, revoked_at: IsNull() },
      { revoked_at: at },
    );
    const key = await tx.manager.findOneBy(ApiKeyEntity, { id, partner_id: partnerId });
    return key && { key, revoked: affected === 1 };
  }
}
