import type { PlatformRole } from '@gridworks/contracts';
import { Database, type Transaction } from '@gridworks/persistence';
import { clientNetwork } from '@gridworks/runtime';
import { Injectable } from '@nestjs/common';
import { KnownNetworkEntity } from './known-network.entity.ts';
import { KNOWN_FOR_DAYS, networkDigest } from './known-network.repository.ts';
import { UserEntity } from './user.entity.ts';
import { USER_COLUMNS, type User } from './user.ts';

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
      `insert into users (id, email, password_hash, platform_role, email_confirmed_at, last_partner_id, name, created_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8)
       on conflict ((lower(email))) do nothing returning id`,
      [
        user.id,
        user.email,
        user.password_hash,
        user.platform_role,
        user.email_confirmed_at,
        user.last_partner_id,
        user.name,
        user.created_at,
      ],
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
        `select ${USER_COLUMNS}, exists (
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

  /** Records that the person reads the mail of the address; the first time counts. */
  async confirmEmail(tx: Transaction, id: string, at: Date): Promise<void> {
    await tx.manager.query(
      'update users set email_confirmed_at = coalesce(email_confirmed_at, $2) where id = $1',
      [id, at],
    );
  }

  /** Gives a person of GridWorks another role of the platform. Returns null for everyone else. */
  async setPlatformRole(tx: Transaction, id: string, role: PlatformRole | null): Promise<User | null> {
    const [[user]] = await tx.manager.query<[User[], number]>(
      `update users set platform_role = $2 where id = $1 and platform_role is not null returning ${USER_COLUMNS}`,
      [id, role],
    );
    return user ?? null;
  }

  /** The user, locked until the transaction ends. */
  findLocked(tx: Transaction, id: string): Promise<User | null> {
    return tx.manager.findOne(UserEntity, { where: { id }, lock: { mode: 'pessimistic_write' } });
  }

  async removePassword(tx: Transaction, id: string): Promise<void> {
    await tx.manager.update(UserEntity, { id }, { password_hash: null });
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
