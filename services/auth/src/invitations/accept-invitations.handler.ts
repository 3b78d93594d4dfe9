import { HandleRequest } from '@gridworks/bus';
import {
  ALREADY_MEMBER,
  AppError,
  acceptInvitation,
  callerOf,
  EMAIL_TAKEN,
  INVITED_ANOTHER,
  isPlatformRole,
  joinPartner,
  LINK_REFUSED,
  newId,
  type OutputOf,
  type ParsedInputOf,
  PLATFORM_PERSON,
  type PlatformRole,
  readInvitation,
  UNAUTHENTICATED,
} from '@gridworks/contracts';
import { type CallContext, noteAct } from '@gridworks/observability';
import { Database, type Transaction } from '@gridworks/persistence';
import { Controller } from '@nestjs/common';
import { MembershipRepository } from '../members/membership.repository.ts';
import { type Membership, presentMembership } from '../members/membership.ts';
import { BreachedPasswords } from '../users/breached-passwords.ts';
import { PasswordHasher } from '../users/password-hasher.ts';
import { UserRepository } from '../users/user.repository.ts';
import { NO_PREFERENCES, presentUser, type User } from '../users/user.ts';
import { InvitationRepository } from './invitation.repository.ts';
import type { InvitationRow } from './invitation.ts';

/** Joins a partner, or GridWorks, by the secret of an invitation's link. */
@Controller()
export class AcceptInvitationsHandler {
  constructor(
    private readonly database: Database,
    private readonly invitations: InvitationRepository,
    private readonly members: MembershipRepository,
    private readonly users: UserRepository,
    private readonly passwords: PasswordHasher,
    private readonly breached: BreachedPasswords,
  ) {}

  @HandleRequest(readInvitation)
  async read({ token }: ParsedInputOf<typeof readInvitation>): Promise<OutputOf<typeof readInvitation>> {
    const row = await this.#find(token);
    return {
      object: 'invitation_letter',
      email: row.email,
      partner_name: row.partner_name,
      role_name: row.role_name ?? row.role,
      invited_by: row.invited_by_email,
      expires_at: row.expires_at.toISOString(),
      has_account: (await this.users.findByEmail(row.email)) !== null,
    };
  }

  /** The link shows that the person reads the mail of the address: it counts as confirmed. */
  @HandleRequest(acceptInvitation)
  async accept({
    token,
    password,
    name,
  }: ParsedInputOf<typeof acceptInvitation>): Promise<OutputOf<typeof acceptInvitation>> {
    const row = await this.#find(token);
    await this.breached.refuse(password, '/password');
    // Before the transaction: hashing takes tens of milliseconds and must not hold a connection.
    const passwordHash = await this.passwords.hash(password);
    const now = new Date();
    const user: User = {
      id: newId('user'),
      email: row.email,
      password_hash: passwordHash,
      platform_role: isPlatformRole(row.role) ? (row.role as PlatformRole) : null,
      email_confirmed_at: now,
      last_partner_id: row.partner_id,
      created_at: now,
      ...NO_PREFERENCES,
      name: name ?? null,
    };
    noteAct({ partner_id: row.partner_id, actor_id: user.id });
    return this.database.transaction(async (tx) => {
      if (!(await this.users.insertUnlessTaken(tx, user)))
        throw new AppError(EMAIL_TAKEN, { detail: 'Log in with your account to accept the invitation.' });
      await this.#use(tx, row, user.id, now);
      if (row.partner_id) await this.members.insert(tx, membershipOf(row, row.partner_id, user.id, now));
      return { object: 'accepted_invitation' as const, user: presentUser(user) };
    });
  }

  @HandleRequest(joinPartner)
  async join(
    { token }: ParsedInputOf<typeof joinPartner>,
    call: CallContext,
  ): Promise<OutputOf<typeof joinPartner>> {
    const caller = callerOf(call);
    const user = caller.user_id ? await this.users.find(caller.user_id) : null;
    if (!user) throw new AppError(UNAUTHENTICATED);
    const row = await this.#find(token);
    if (user.email !== row.email)
      throw new AppError(INVITED_ANOTHER, {
        detail: `The invitation is for another address than ${user.email}. Log in as that person.`,
      });
    const { partner_id: partnerId } = row;
    if (user.platform_role || !partnerId) throw new AppError(PLATFORM_PERSON);
    const now = new Date();
    const membership = membershipOf(row, partnerId, user.id, now);
    noteAct({ partner_id: partnerId });
    await this.database.transaction(async (tx) => {
      await this.#use(tx, row, user.id, now);
      if (!(await this.members.insertUnlessMember(tx, membership))) throw new AppError(ALREADY_MEMBER);
      await this.users.confirmEmail(tx, user.id, now);
    });
    const joined = await this.members.find(user.id, { partner: partnerId });
    if (!joined) throw new AppError(LINK_REFUSED);
    return presentMembership(joined, caller.partner_id);
  }

  async #find(token: string): Promise<InvitationRow> {
    const row = await this.invitations.findByToken(token, new Date());
    if (!row) throw new AppError(LINK_REFUSED);
    return row;
  }

  async #use(tx: Transaction, row: InvitationRow, userId: string, at: Date): Promise<void> {
    if (!(await this.invitations.accept(tx, row, userId, at))) throw new AppError(LINK_REFUSED);
  }
}

function membershipOf(row: InvitationRow, partnerId: string, userId: string, now: Date): Membership {
  return {
    id: newId('member'),
    partner_id: partnerId,
    user_id: userId,
    role: row.role as Membership['role'],
    role_id: row.role_id,
    created_at: now,
  };
}
