import { SYNTHETIC_PARTNER_ID } from '@gridworks/contracts';
import { Database, type Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import { PartnerEntity } from '../partners/partner.entity.ts';
import { UserEntity } from '../users/user.entity.ts';
import type { User } from '../users/user.ts';

/** A credential that was ended. */
export interface Ended {
  readonly kind: 'api_key' | 'session';
  readonly id: string;
  readonly digest: string;
}

const REVOKE_KEYS_SQL = `
  update api_keys set revoked_at = $2 where partner_id = $1 and revoked_at is null returning id, digest`;

/** The rows of the partner that monitor calls the portal as. */
@Injectable()
export class SyntheticPartnerRepository {
  constructor(private readonly database: Database) {}

  /** Its owner; null before the first time. */
  owner(): Promise<User | null> {
    return this.database.read((manager) =>
      manager
        .createQueryBuilder(UserEntity, 'person')
        .innerJoin('memberships', 'm', 'm.user_id = person.id')
        .where('m.partner_id = :id', { id: SYNTHETIC_PARTNER_ID })
        .getOne(),
    );
  }

  /** Does nothing when the partner exists already. */
  async insertPartner(tx: Transaction, now: Date): Promise<void> {
    await tx.manager
      .createQueryBuilder()
      .insert()
      .into(PartnerEntity)
      .values({ id: SYNTHETIC_PARTNER_ID, name: 'Synthetic partner of monitor', created_at: now })
      .orIgnore()
      .execute();
  }

  /** Revokes its keys, and deletes what was ended a day ago: monitor makes a session every minute. */
  async endKeys(tx: Transaction, userId: string, now: Date): Promise<Ended[]> {
    const [keys] = await tx.manager.query<[Omit<Ended, 'kind'>[], number]>(REVOKE_KEYS_SQL, [
      SYNTHETIC_PARTNER_ID,
      now,
    ]);
    const before = [new Date(now.getTime() - 86_400_000)];
    await tx.manager.query('delete from sessions where user_id = $1 and revoked_at < $2', [
      userId,
      ...before,
    ]);
    await tx.manager.query('delete from api_keys where partner_id = $1 and revoked_at < $2', [
      SYNTHETIC_PARTNER_ID,
      ...before,
    ]);
    return keys.map((key) => ({ kind: 'api_key', ...key }));
  }
}
