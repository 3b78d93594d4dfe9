import { credentialDigest, newId, newLinkToken } from '@gridworks/contracts';
import { Database, type Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import { AccountTokenEntity } from './account-token.entity.ts';
import { type AccountToken, LINK_LIFETIMES_MS } from './account-token.ts';

@Injectable()
export class AccountTokenRepository {
  constructor(private readonly database: Database) {}

  /** Makes a secret and stores its digest. An earlier one for the same purpose stops working. */
  async renew(
    tx: Transaction,
    user: { readonly id: string; readonly email: string },
    purpose: AccountToken['purpose'],
    now: Date,
  ): Promise<string> {
    const token = newLinkToken();
    const row = {
      id: newId('accountToken'),
      user_id: user.id,
      purpose,
      email: user.email,
      digest: credentialDigest(token),
      created_at: now,
      expires_at: new Date(now.getTime() + LINK_LIFETIMES_MS[purpose]),
    };
    await tx.manager
      .createQueryBuilder()
      .insert()
      .into(AccountTokenEntity)
      .values(row)
      .orUpdate(['id', 'email', 'digest', 'created_at', 'expires_at'], ['user_id', 'purpose'])
      .execute();
    return token;
  }

  /** Null for a secret that is wrong, was replaced, or has expired, and for one of another address than the person has now. */
  async find(
    token: string,
    purposes: readonly AccountToken['purpose'][],
    now: Date,
  ): Promise<AccountToken | null> {
    const [row] = await this.database.read<AccountToken[]>((manager) =>
      manager.query(
        `select t.* from account_tokens t join users u on u.id = t.user_id
         where t.digest = $1 and t.purpose = any($2) and t.expires_at > $3 and lower(u.email) = lower(t.email)`,
        [credentialDigest(token), purposes, now],
      ),
    );
    return row ?? null;
  }

  /** Uses the secret up. Returns false when it was used up or replaced before. */
  async use(tx: Transaction, { id, digest }: AccountToken): Promise<boolean> {
    const { affected } = await tx.manager.delete(AccountTokenEntity, { id, digest });
    return affected === 1;
  }
}
