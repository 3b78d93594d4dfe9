import { type ApiKeyMode, type Page, pageOf } from '@gridworks/contracts';
import { Database, IsNull, type ListPageQuery, readListPage, type Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import { ApiKeyEntity } from './api-key.entity.ts';
import type { ApiKey } from './api-key.ts';

const COLUMNS =
  'id, name, mode, purpose, digest, last4, imported, scopes, allowed_networks, limits, created_by, created_at, expires_at, replaced_at, revoked_at, leaked_at';

/** The status of a key, derived from its row. */
const STATUS_SQL = `
  case when revoked_at is not null then 'revoked' when expires_at <= now() then 'expired' else 'active' end`;

/** One statement for a thousand keys, in their order. */
const INSERT_UNKNOWN_SQL = `
  insert into api_keys (${COLUMNS}, partner_id)
  select ${COLUMNS}, $2 from jsonb_to_recordset($1::jsonb) as given (
    id text, name text, mode text, purpose text, digest text, last4 text, imported boolean, scopes text[],
    allowed_networks text[], limits jsonb, created_by text, created_at timestamptz, expires_at timestamptz, replaced_at timestamptz,
    revoked_at timestamptz, leaked_at timestamptz)
  on conflict (digest) do nothing returning digest`;

export interface ApiKeyQuery extends ListPageQuery {
  readonly mode?: ApiKeyMode | undefined;
  readonly status?: 'active' | 'expired' | 'revoked' | undefined;
  readonly purpose?: ApiKey['purpose'] | undefined;
}

/**
 * A partner's keys. The partner is part of every condition, so that a key of another partner is never found.
 */
@Injectable()
export class ApiKeyRepository {
  constructor(private readonly database: Database) {}

  async insert(tx: Transaction, key: ApiKey, partnerId: string): Promise<void> {
    await tx.manager.insert(ApiKeyEntity, { ...key, partner_id: partnerId });
  }

  /** Stores those keys whose digest is new, and returns the stored digests. */
  async insertUnknown(tx: Transaction, keys: readonly ApiKey[], partnerId: string): Promise<Set<string>> {
    const rows = await tx.manager.query<{ digest: string }[]>(INSERT_UNKNOWN_SQL, [
      JSON.stringify(keys),
      partnerId,
    ]);
    return new Set(rows.map(({ digest }) => digest));
  }

  find(partnerId: string, id: string): Promise<ApiKey | null> {
    return this.database.read((manager) => manager.findOneBy(ApiKeyEntity, { id, partner_id: partnerId }));
  }

  /** Newest first. */
  async page(partnerId: string, query: ApiKeyQuery): Promise<Page<ApiKey>> {
    const source = {
      table: 'api_keys',
      columns: COLUMNS,
      from: `(select *, ${STATUS_SQL} as status from api_keys) api_keys`,
      list: { partner_id: partnerId },
      where: { mode: query.mode, status: query.status, purpose: query.purpose },
    };
    const rows = await this.database.read((manager) => readListPage<ApiKey>(manager, source, query));
    return pageOf(rows, query.limit, query.ending_before !== undefined);
  }

  /**
   * Locks a key until the transaction ends, so that two changes of it run one after the other. Null when there is
   * no such key.
   */
  async hold(tx: Transaction, partnerId: string, id: string): Promise<ApiKey | null> {
    const [key] = await tx.manager.query<ApiKey[]>(
      `select ${COLUMNS} from api_keys where id = $1 and partner_id = $2 for update`,
      [id, partnerId],
    );
    return key ?? null;
  }

  /** Changes a key that the transaction holds, and returns it as it is then. */
  async update(
    tx: Transaction,
    key: ApiKey,
    change: Partial<
      Pick<ApiKey, 'name' | 'scopes' | 'allowed_networks' | 'limits' | 'expires_at' | 'replaced_at'>
    >,
  ): Promise<ApiKey> {
    if (Object.keys(change).length > 0) await tx.manager.update(ApiKeyEntity, { id: key.id }, change);
    return { ...key, ...change };
  }

  /**
   * Revokes the valid explorer keys of a user, except the newest `spared` ones. Locks the user until the
   * transaction ends, so that simultaneous requests of the user count the keys one after another.
   */
  async revokeExplorerKeys(
    tx: Transaction,
    userId: string,
    at: Date,
    spared = 0,
  ): Promise<{ id: string; digest: string }[]> {
    await tx.manager.query('select 1 from users where id = $1 for no key update', [userId]);
    const [revoked] = await tx.manager.query<[{ id: string; digest: string }[], number]>(
      `update api_keys set revoked_at = $2
       where id in (
         select id from api_keys
         where created_by = $1 and purpose = 'explorer' and revoked_at is null and expires_at > $2
         order by created_at desc, id desc offset $3)
       returning id, digest`,
      [userId, at, spared],
    );
    return revoked;
  }

  /**
   * Revokes a key once; `revoked` is false when it was revoked before. Null when the partner has no such key.
   */
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
