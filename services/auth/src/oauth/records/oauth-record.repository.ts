import { accessTokensChanged, credentialDigest } from '@gridworks/contracts';
import { Database, type Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';

/** What the provider stores; `jti` is the id itself, often a token, and is not stored. */
export interface OAuthPayload {
  readonly [member: string]: unknown;
  readonly grantId?: string | undefined;
  readonly uid?: string | undefined;
  readonly clientId?: string | undefined;
  readonly accountId?: string | undefined;
  /** Epoch seconds, once the record was used up. */
  readonly consumed?: number | undefined;
}

interface Row {
  readonly payload: OAuthPayload;
  readonly consumed_at: Date | null;
}

/**
 * Codes, refresh tokens, grants and interactions of the OAuth provider. A record is found by the SHA-256 of its id, since the
 * id of most is the secret itself. Nothing of an exchange is in memory: any instance continues what another began.
 */
@Injectable()
export class OAuthRecordRepository {
  constructor(private readonly database: Database) {}

  async upsert(model: string, id: string, payload: OAuthPayload, expiresInS: number): Promise<void> {
    const { jti: _secret, ...stored } = payload;
    await this.database.transaction((tx) =>
      tx.manager.query(
        `insert into oauth_records (model, digest, payload, grant_id, uid, client_id, account_id, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (model, digest) do update set payload = excluded.payload, grant_id = excluded.grant_id,
           uid = excluded.uid, client_id = excluded.client_id, account_id = excluded.account_id,
           expires_at = excluded.expires_at`,
        [
          ...[model, credentialDigest(id), JSON.stringify(stored)],
          ...[payload.grantId, payload.uid, payload.clientId, payload.accountId].map((one) => one ?? null),
          new Date(Date.now() + expiresInS * 1000),
        ],
      ),
    );
  }

  async find(model: string, id: string): Promise<OAuthPayload | undefined> {
    const [row] = await this.database.read((manager) =>
      manager.query<Row[]>(
        'select payload, consumed_at from oauth_records where model = $1 and digest = $2 and expires_at > now()',
        [model, credentialDigest(id)],
      ),
    );
    return row && { ...present(row), jti: id };
  }

  /** Uses a record up: true once, whatever runs at the same time. */
  async consume(model: string, id: string): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      const [, affected] = await tx.manager.query<[unknown[], number]>(
        `update oauth_records set consumed_at = now() where model = $1 and digest = $2 and consumed_at is null`,
        [model, credentialDigest(id)],
      );
      return affected === 1;
    });
  }

  async destroy(model: string, id: string): Promise<void> {
    await this.database.transaction((tx) =>
      tx.manager.query('delete from oauth_records where model = $1 and digest = $2', [
        model,
        credentialDigest(id),
      ]),
    );
  }

  /** Ends a grant with all its tokens; gateways forget its access tokens. Repeating does nothing. */
  async endGrant(grantId: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      await tx.manager.query('delete from oauth_records where grant_id = $1', [grantId]);
      const [ended] = await tx.manager.query<[{ client_id: string; account_id: string }[], number]>(
        `delete from oauth_records where model = 'Grant' and digest = $1 returning client_id, account_id`,
        [credentialDigest(grantId)],
      );
      for (const { client_id, account_id } of ended)
        tx.emit(accessTokensChanged, { application_id: client_id, user_id: account_id, digest: null });
    });
  }

  /** Ends all grants of an application, or those of one person. Gateways forget the access tokens. */
  async endGrantsOf(
    tx: Transaction,
    application: { readonly id: string; readonly partner_id: string },
    userId: string | null,
  ): Promise<void> {
    await tx.manager.query(
      'delete from oauth_records where client_id = $1 and ($2::text is null or account_id = $2)',
      [application.id, userId],
    );
    tx.emit(
      accessTokensChanged,
      { application_id: application.id, user_id: userId, digest: null },
      { partnerId: application.partner_id },
    );
  }
}

function present({ payload, consumed_at: consumed }: Row): OAuthPayload {
  return consumed ? { ...payload, consumed: Math.floor(consumed.getTime() / 1000) } : payload;
}
