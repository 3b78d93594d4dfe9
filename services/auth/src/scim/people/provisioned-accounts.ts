import {
  AppError,
  newId,
  PLATFORM_PERSON,
  SCIM_ACCOUNT_UNTOUCHED,
  SCIM_OWNER_UNTOUCHED,
} from '@gridworks/contracts';
import { acrossTenants, Database, type Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import { AccountMails } from '../../mail-requests/account-mails.ts';
import { MembershipRepository } from '../../members/membership.repository.ts';
import type { Membership } from '../../members/membership.ts';
import { UserRepository } from '../../users/user.repository.ts';
import { NO_PREFERENCES, type User } from '../../users/user.ts';
import { taken } from '../documents/scim-refusal.ts';
import type { GivenRole } from './choose-role.ts';

/** Accounts and memberships, as far as a directory may touch them. */
@Injectable()
export class ProvisionedAccounts {
  constructor(
    private readonly database: Database,
    private readonly users: UserRepository,
    private readonly members: MembershipRepository,
    private readonly mails: AccountMails,
  ) {}

  /**
   * The account of an address: the one there is, or a new one without a password, whose address counts as confirmed since
   * the domain is verified. Throws `AUTH.PLATFORM_PERSON` for a person of GridWorks.
   */
  async findOrMake(
    tx: Transaction,
    partnerId: string,
    { email, name }: { readonly email: string; readonly name: string | null },
    now: Date,
  ): Promise<Pick<User, 'id'>> {
    const user: User = {
      id: newId('user'),
      email,
      password_hash: null,
      platform_role: null,
      email_confirmed_at: now,
      last_partner_id: null,
      created_at: now,
      ...NO_PREFERENCES,
      name,
    };
    if (await this.users.insertUnlessTaken(tx, user)) {
      await tx.manager.query(
        'insert into scim_accounts (user_id, partner_id, created_at) values ($1, $2, $3)',
        [user.id, partnerId, now],
      );
      return user;
    }
    const [found] = await tx.manager.query<Pick<User, 'id' | 'platform_role'>[]>(
      'select id, platform_role from users where lower(email) = $1',
      [email],
    );
    if (!found || found.platform_role) throw new AppError(PLATFORM_PERSON);
    return found;
  }

  /**
   * Whether the directory of this partner may change an account: it has made the account, and the person belongs to no
   * other partner. Looks at the memberships of all partners, so no transaction of this partner can do it.
   */
  async mayChange(partnerId: string, userId: string): Promise<boolean> {
    const rows = await acrossTenants(() =>
      this.database.read<unknown[]>((manager) =>
        manager.query(
          `select 1 from scim_accounts a where a.user_id = $1 and a.partner_id = $2
             and not exists (select 1 from memberships m where m.user_id = $1 and m.partner_id <> $2)`,
          [userId, partnerId],
        ),
      ),
    );
    return rows.length > 0;
  }

  /** Gives an account another address, which `mayChange`. Links in mails to the old one stop working. */
  async changeAddress(tx: Transaction, userId: string, email: string): Promise<void> {
    const taker = await tx.manager.query<unknown[]>(
      'select 1 from users where lower(email) = $1 and id <> $2',
      [email, userId],
    );
    if (taker.length > 0) throw taken('Another account has this address.');
    await tx.manager.query('update users set email = $2 where id = $1', [userId, email]);
  }

  /** Gives an account another name, which `mayChange`. */
  async changeName(tx: Transaction, userId: string, name: string | null): Promise<void> {
    await tx.manager.query('update users set name = $2 where id = $1', [userId, name]);
  }

  /** The membership of a person, locked until the transaction ends; null for none. */
  async membershipOf(tx: Transaction, partnerId: string, userId: string): Promise<Membership | null> {
    const [row] = await tx.manager.query<Membership[]>(
      `select id, partner_id, user_id, role, role_id, created_at from memberships
       where partner_id = $1 and user_id = $2 for update`,
      [partnerId, userId],
    );
    return row ?? null;
  }

  /** Makes a person a member, and mails them: with a link to choose a password, when they have none. */
  async join(
    tx: Transaction,
    partnerId: string,
    userId: string,
    { role, role_id }: GivenRole,
    now: Date,
  ): Promise<void> {
    const membership = {
      id: newId('member'),
      partner_id: partnerId,
      user_id: userId,
      role,
      role_id,
      created_at: now,
    };
    if (!(await this.members.insertUnlessMember(tx, membership))) return;
    this.mails.toMember(
      tx,
      'provisioned',
      { user_id: userId, partner_id: partnerId },
      { partner: await this.#nameOf(tx, partnerId) },
    );
  }

  /** Ends a membership with its sessions. Throws `AUTH.SCIM_OWNER_UNTOUCHED` for an owner. */
  async leave(tx: Transaction, member: Membership, now: Date): Promise<void> {
    if (member.role === 'owner') throw new AppError(SCIM_OWNER_UNTOUCHED);
    await this.members.end(tx, member, now);
    this.mails.toMember(tx, 'member-removed', member, {
      partner: await this.#nameOf(tx, member.partner_id),
    });
  }

  async #nameOf(tx: Transaction, partnerId: string): Promise<string> {
    const [row] = await tx.manager.query<{ name: string }[]>('select name from partners where id = $1', [
      partnerId,
    ]);
    return row?.name ?? '';
  }
}

/** The directory wants to change an account that is not its own. */
export const untouched = (): AppError =>
  new AppError(SCIM_ACCOUNT_UNTOUCHED, { details: { scim_type: 'mutability' } });
