import { AppError, newId, SCIM_DOMAIN_UNVERIFIED, SCIM_USER_NOT_FOUND } from '@gridworks/contracts';
import { noteAct } from '@gridworks/observability';
import { Database, type Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import { DomainRepository } from '../../domains/domain.repository.ts';
import { domainOf } from '../../domains/read-domain.ts';
import { taken } from '../documents/scim-refusal.ts';
import { ROLE_WITHOUT_GROUP } from '../people/choose-role.ts';
import { GroupRoles } from '../people/group-roles.ts';
import { ProvisionedAccounts, untouched } from '../people/provisioned-accounts.ts';
import { ScimUserRepository } from './scim-user.repository.ts';
import { fullNameOf, type ScimUser, type UserFields } from './scim-user.ts';

/** Makes, changes and removes the users of directories. */
@Injectable()
export class WriteUsers {
  constructor(
    private readonly database: Database,
    private readonly users: ScimUserRepository,
    private readonly accounts: ProvisionedAccounts,
    private readonly roles: GroupRoles,
    private readonly domains: DomainRepository,
  ) {}

  /** An account where there is none, and a membership where the person has none and is active. */
  async create(partnerId: string, fields: UserFields): Promise<ScimUser> {
    await this.#mustOwnDomain(partnerId, fields.email);
    const now = new Date();
    return this.database.transaction(async (tx) => {
      await lockPartner(tx, partnerId);
      const account = await this.accounts.findOrMake(
        tx,
        partnerId,
        { email: fields.email, name: fullNameOf(fields) },
        now,
      );
      const member = await this.accounts.membershipOf(tx, partnerId, account.id);
      const id = newId('scimUser', now.getTime());
      const isNew = await this.users.insertUnlessTaken(tx, {
        ...{ id, partner_id: partnerId, user_id: account.id, manages_role: member === null, created_at: now },
        ...fields,
      });
      if (!isNew) throw taken('There is a user with this userName or address already.');
      if (fields.active && !member)
        await this.accounts.join(tx, partnerId, account.id, ROLE_WITHOUT_GROUP, now);
      if (!fields.active && member) await this.accounts.leave(tx, member, now);
      noteAct({ after: { user_id: account.id, active: fields.active } });
      return this.#held(tx, partnerId, id);
    });
  }

  /**
   * Changes a user to what `change` makes of it. `active` decides about the membership; the address and the name of an
   * account change only when the directory has made it. Throws `AUTH.SCIM_USER_NOT_FOUND`.
   */
  async change(partnerId: string, id: string, change: (row: ScimUser) => UserFields): Promise<ScimUser> {
    // The looks at the domain and at other partners are no part of the transaction.
    const seen = await this.users.find(partnerId, id);
    if (!seen) throw new AppError(SCIM_USER_NOT_FOUND);
    const intended = follow(seen, change(seen));
    if (intended.email !== seen.email || (intended.active && !seen.active))
      await this.#mustOwnDomain(partnerId, intended.email);
    const mayChange = await this.accounts.mayChange(partnerId, seen.user_id);
    if (intended.email !== seen.email && !mayChange) throw untouched();
    const now = new Date();
    return this.database.transaction(async (tx) => {
      await lockPartner(tx, partnerId);
      const row = await this.#held(tx, partnerId, id);
      const fields = follow(row, change(row));
      // Another request was faster: what was checked is not what would be stored.
      if (fields.email !== intended.email) throw taken('The user has just changed. Send the request again.');
      if (await this.users.isNameTaken(tx, partnerId, fields.user_name, id))
        throw taken('There is a user with this userName already.');
      if (fields.email !== row.email) await this.accounts.changeAddress(tx, row.user_id, fields.email);
      if (mayChange && fullNameOf(fields) !== fullNameOf(row))
        await this.accounts.changeName(tx, row.user_id, fullNameOf(fields));
      await this.users.update(tx, id, fields, now);
      await this.#setActive(tx, row, fields.active, now);
      noteAct({
        before: { active: row.active },
        after: {
          user_id: row.user_id,
          active: fields.active,
          ...(fields.email !== row.email && { address_changed: true }),
        },
      });
      return this.#held(tx, partnerId, id);
    });
  }

  /** The membership ends; the account stays, also one that the directory has made. */
  async delete(partnerId: string, id: string): Promise<{ id: string }> {
    return this.database.transaction(async (tx) => {
      await lockPartner(tx, partnerId);
      const row = await this.#held(tx, partnerId, id);
      await this.#setActive(tx, row, false, new Date());
      await this.users.delete(tx, id);
      noteAct({ before: { user_id: row.user_id, active: row.active } });
      return { id };
    });
  }

  async #setActive(tx: Transaction, row: ScimUser, active: boolean, now: Date): Promise<void> {
    const member = await this.accounts.membershipOf(tx, row.partner_id, row.user_id);
    if (!active && member) await this.accounts.leave(tx, member, now);
    if (!active || member) return;
    const role = (await this.roles.given(tx, row.id)) ?? ROLE_WITHOUT_GROUP;
    await this.accounts.join(tx, row.partner_id, row.user_id, role, now);
    await this.users.manageRoles(tx, [row.id]);
  }

  async #held(tx: Transaction, partnerId: string, id: string): Promise<ScimUser> {
    const row = await this.users.hold(tx, partnerId, id);
    if (!row) throw new AppError(SCIM_USER_NOT_FOUND);
    return row;
  }

  async #mustOwnDomain(partnerId: string, email: string): Promise<void> {
    const domain = domainOf(email);
    if (!(await this.domains.isVerified(partnerId, domain)))
      throw new AppError(SCIM_DOMAIN_UNVERIFIED, {
        detail: `${domain} is no verified domain of yours. Verify it in the console, at /settings/domains.`,
      });
  }
}

/** Writes of one partner's directory run one after another. */
export async function lockPartner(tx: Transaction, partnerId: string): Promise<void> {
  await tx.manager.query('select 1 from partners where id = $1 for no key update', [partnerId]);
}

/**
 * A directory that sends no addresses has the user name for one: another user name is another address then. What it sends is
 * read from a resource that shows the old address.
 */
function follow(row: ScimUser, fields: UserFields): UserFields {
  const isName = row.email === row.user_name.toLowerCase();
  const hasOtherName = fields.user_name.toLowerCase() !== row.email && fields.user_name.includes('@');
  return isName && hasOtherName && fields.email === row.email
    ? { ...fields, email: fields.user_name.toLowerCase() }
    : fields;
}
