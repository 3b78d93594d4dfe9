import { newId, partnerRegistered } from '@gridworks/contracts';
import { noteAct } from '@gridworks/observability';
import type { Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import { AccountMails } from '../mail-requests/account-mails.ts';
import { MembershipRepository } from '../members/membership.repository.ts';
import { PartnerRepository } from '../partners/partner.repository.ts';
import type { Partner } from '../partners/partner.ts';
import { UserRepository } from '../users/user.repository.ts';
import { NO_PREFERENCES, type User } from '../users/user.ts';

export interface NewAccount {
  /** Of the partner. */
  readonly name: string;
  /** In lower case. */
  readonly email: string;
  /** Null for an owner who logs in with a provider. */
  readonly passwordHash: string | null;
  /** Whether the address is known to be the owner's. */
  readonly isConfirmed: boolean;
  /** Of the owner. */
  readonly personName: string | null;
}

/** A partner and its owner, before they are stored. */
export interface OpenedAccount {
  readonly partner: Partner;
  readonly owner: User;
}

/** Opens the account of a new partner. */
@Injectable()
export class OpenAccount {
  constructor(
    private readonly partners: PartnerRepository,
    private readonly users: UserRepository,
    private readonly members: MembershipRepository,
    private readonly mails: AccountMails,
  ) {}

  /** Makes both, and names them in the audit entry of the call. */
  prepare(account: NewAccount, now: Date): OpenedAccount {
    const partner = { id: newId('partner'), name: account.name, created_at: now };
    const owner: User = {
      id: newId('user'),
      email: account.email,
      password_hash: account.passwordHash,
      platform_role: null,
      email_confirmed_at: account.isConfirmed ? now : null,
      last_partner_id: partner.id,
      created_at: now,
      ...NO_PREFERENCES,
      name: account.personName,
    };
    noteAct({ partner_id: partner.id, actor_id: owner.id });
    return { partner, owner };
  }

  /**
   * Stores partner, owner and event. Returns false when the address is taken: then roll back, so that no partner stays
   * behind.
   */
  async store(tx: Transaction, { partner, owner }: OpenedAccount): Promise<boolean> {
    await this.partners.insert(tx, partner);
    if (!(await this.users.insertUnlessTaken(tx, owner))) return false;
    await this.members.insert(tx, {
      id: newId('member'),
      partner_id: partner.id,
      user_id: owner.id,
      role: 'owner',
      role_id: null,
      created_at: owner.created_at,
    });
    if (owner.email_confirmed_at === null) this.mails.confirmEmail(tx, owner.id, partner.id);
    tx.emit(
      partnerRegistered,
      { partner_id: partner.id, name: partner.name, registered_at: partner.created_at.toISOString() },
      { partnerId: partner.id },
    );
    return true;
  }
}
