import { newId } from '@gridworks/contracts';
import { Database, type Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import { ExternalIdentityEntity } from './external-identity.entity.ts';
import type { ExternalIdentity } from './external-identity.ts';

/** What a provider has confirmed about somebody. */
interface Provided {
  readonly subject: string;
  readonly email: string | null;
}

@Injectable()
export class ExternalIdentityRepository {
  constructor(private readonly database: Database) {}

  find(provider: string, subject: string): Promise<ExternalIdentity | null> {
    return this.database.read((manager) => manager.findOneBy(ExternalIdentityEntity, { provider, subject }));
  }

  /** The identities of a user, the first linked first. */
  listOf(userId: string): Promise<ExternalIdentity[]> {
    return this.database.read((manager) =>
      manager.find(ExternalIdentityEntity, {
        where: { user_id: userId },
        order: { linked_at: 'ASC', id: 'ASC' },
      }),
    );
  }

  /** Gives an identity to a user. Returns null, and stores nothing, when some user has it already. */
  async link(
    tx: Transaction,
    userId: string,
    provider: string,
    { subject, email }: Provided,
    at: Date,
    usedAt: Date | null = null,
  ): Promise<ExternalIdentity | null> {
    const [row] = await tx.manager.query<ExternalIdentity[]>(
      `insert into external_identities (id, user_id, provider, subject, email, linked_at, last_used_at)
       values ($1, $2, $3, $4, $5, $6, $7) on conflict (provider, subject) do nothing returning *`,
      [newId('externalIdentity'), userId, provider, subject, email, at, usedAt],
    );
    return row ?? null;
  }

  /** Records a log-in. False when the identity is gone meanwhile. */
  async use(tx: Transaction, { id }: ExternalIdentity, email: string | null, at: Date): Promise<boolean> {
    const { affected } = await tx.manager.update(ExternalIdentityEntity, { id }, { email, last_used_at: at });
    return affected === 1;
  }

  /** Takes an identity from a user. Null when the user has no such one. */
  async remove(tx: Transaction, userId: string, id: string): Promise<ExternalIdentity | null> {
    const found = await tx.manager.findOneBy(ExternalIdentityEntity, { id, user_id: userId });
    if (found) await tx.manager.delete(ExternalIdentityEntity, { id });
    return found;
  }
}
