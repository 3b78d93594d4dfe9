import { Database, type Transaction } from '@gridworks/persistence';
import { clientNetwork } from '@gridworks/runtime';
import { Injectable } from '@nestjs/common';
import { KnownNetworkEntity } from './known-network.entity.ts';
import { KNOWN_FOR_DAYS, networkDigest } from './known-network.repository.ts';
import { UserEntity } from './user.entity.ts';
import type { User } from './user.ts';

/** The members of a user that the user may change. */
export type Preferences = {
  readonly [K in 'name' | 'locale' | 'zone' | 'theme']?: User[K] | undefined;
};

@Injectable()
export class UserRepository {
  constructor(private readonly database: Database) {}

  /**
   * Returns false and inserts nothing when another user has this email address. Waits for a registration
   * under way.
   */
  async insertUnlessTaken(tx: Transaction, user: User): Promise<boolean> {
    const rows = await tx.manager.query<unknown[]>(
      `insert into users (id, partner_id, email, password_hash, role, created_at)
       values ($1, $2, $3, $4, $5, $6)
       on conflict ((lower(email))) do nothing returning id`,
      [user.id, user.partner_id, user.email, user.password_hash, user.role, user.created_at],
    );
    return rows.length === 1;
  }

  find(id: string): Promise<User | null> {
    return this.database.read((manager) => manager.findOneBy(UserEntity, { id }));
  }

  /** The user, read in the transaction. */
  within(tx: Transaction, id: string): Promise<User | null> {
    return tx.manager.findOneBy(UserEntity, { id });
  }

  /** Stores the given preferences; those left out stay. */
  async prefer(tx: Transaction, id: string, preferences: Preferences): Promise<User | null> {
    const given = Object.fromEntries(Object.entries(preferences).filter(([, value]) => value !== undefined));
    if (Object.keys(given).length > 0) await tx.manager.update(UserEntity, { id }, given);
    return tx.manager.findOneBy(UserEntity, { id });
  }

  /** `email` in lower case. */
  findByEmail(email: string): Promise<User | null> {
    return this.database.read((manager) =>
      manager
        .createQueryBuilder(UserEntity, 'found')
        .where('lower(found.email) = :email', { email })
        .getOne(),
    );
  }

  /**
   * The user of an address, and whether that user has logged in from this network before. `email` in lower
   * case. One statement, which takes the same time for an unknown address. SQL, since every guess runs it.
   */
  async findForLogIn(
    email: string,
    clientIp: string | undefined,
  ): Promise<{ user: User | null; isKnownNetwork: boolean }> {
    const [row] = await this.database.read((manager) =>
      manager.query<(User & { is_known: boolean })[]>(
        `select id, partner_id, email, password_hash, role, created_at, name, locale, zone, theme, exists (
           select 1 from known_networks k
           where k.user_id = users.id and k.digest = ${networkDigest('users.id', '$2::text')}
             and k.used_at > now() - interval '${KNOWN_FOR_DAYS} days') as is_known
         from users where lower(email) = $1`,
        [email, clientIp === undefined ? '' : clientNetwork(clientIp)],
      ),
    );
    if (!row) return { user: null, isKnownNetwork: false };
    const { is_known: isKnownNetwork, ...user } = row;
    return { user, isKnownNetwork };
  }

  /**
   * Sets another password. Deletes the user's known networks and ends the user's sessions, except the kept
   * one; returns the ended ones.
   */
  async changePassword(
    tx: Transaction,
    id: string,
    passwordHash: string,
    at: Date,
    keptSession: string | null = null,
  ): Promise<{ id: string; digest: string }[]> {
    await tx.manager.update(UserEntity, { id }, { password_hash: passwordHash });
    await tx.manager.delete(KnownNetworkEntity, { user_id: id });
    const [ended] = await tx.manager.query<[{ id: string; digest: string }[], number]>(
      `update sessions set revoked_at = $2
       where user_id = $1 and revoked_at is null and id is distinct from $3 returning id, digest`,
      [id, at, keptSession],
    );
    return ended;
  }
}
