import { type Page, pageOf } from '@gridworks/contracts';
import { Database, type Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import { ApiKeyEntity } from './api-key.entity.ts';

@Injectable()
export class ApiKeyRepository {
  constructor(private readonly database: Database) {}

  async insert(tx: Transaction, key: ApiKeyEntity): Promise<void> {
    await tx.manager.insert(ApiKeyEntity, key);
  }

  /** Newest first. A cursor only marks a place in the order: it may be foreign or gone and tells nothing. */
  async page(
    partnerId: string,
    query: { limit: number; starting_after?: string | undefined; ending_before?: string | undefined },
  ): Promise<Page<ApiKeyEntity>> {
    const backward = query.ending_before !== undefined;
    const cursor = query.ending_before ?? query.starting_after;
    const rows = await this.database.read((manager) => {
      const select = manager
        .createQueryBuilder(ApiKeyEntity, 'k')
        .where('k.partnerId = :partnerId', { partnerId })
        .orderBy('k.id', backward ? 'ASC' : 'DESC')
        .limit(query.limit + 1);
      if (cursor) select.andWhere(`k.id ${backward ? '>' : '<'} :cursor`, { cursor });
      return select.getMany();
    });
    return pageOf(rows, query.limit, backward);
  }

  /** Revokes once; `revoked` is false when it was revoked before. Null when the partner has no such key. */
  async revoke(
    tx: Transaction,
    partnerId: string,
    id: string,
    at: Date,
  ): Promise<{ key: ApiKeyEntity; revoked: boolean } | null> {
    const result = await tx.manager
      .createQueryBuilder()
      .update(ApiKeyEntity)
      .set({ revokedAt: at })
      .where('id = :id and partner_id = :partnerId and revoked_at is null', { id, partnerId })
      .execute();
    const key = await tx.manager.findOneBy(ApiKeyEntity, { id, partnerId });
    return key && { key, revoked: result.affected === 1 };
  }
}
