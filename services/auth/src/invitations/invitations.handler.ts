import { HandleRequest } from '@gridworks/bus';
import {
  ABOVE_OWN_ROLE,
  ALREADY_INVITED,
  ALREADY_MEMBER,
  AppError,
  actorOf,
  callerOf,
  createInvitation,
  EMAIL_TAKEN,
  INVITATION_NOT_FOUND,
  invitePlatformPerson,
  isFixedRole,
  listInvitations,
  listPage,
  newId,
  type OutputOf,
  type ParsedInputOf,
  partnerOf,
  ROLE_NOT_FOUND,
  resendInvitation,
  revokeInvitation,
} from '@gridworks/contracts';
import type { CallContext } from '@gridworks/observability';
import { Database, type Transaction } from '@gridworks/persistence';
import { Controller } from '@nestjs/common';
import { AccountMails } from '../mail-requests/account-mails.ts';
import { MembershipRepository } from '../members/membership.repository.ts';
import { RoleRepository } from '../roles/role.repository.ts';
import { covers, permissionsOf } from '../roles/role.ts';
import { InvitationThrottle } from '../throttling/invitation-throttle.ts';
import { UserRepository } from '../users/user.repository.ts';
import { InvitationRepository } from './invitation.repository.ts';
import { type Invitation, type InvitationRow, PLATFORM_LIST, presentInvitation } from './invitation.ts';

type PublicInvitation = OutputOf<typeof createInvitation>;
type Invited = Pick<Invitation, 'list' | 'partner_id' | 'email' | 'role' | 'role_id'>;

/** Invites persons by mail. Nobody invites to a role that may do more than their own. */
@Controller()
export class InvitationsHandler {
  constructor(
    private readonly database: Database,
    private readonly invitations: InvitationRepository,
    private readonly members: MembershipRepository,
    private readonly roles: RoleRepository,
    private readonly users: UserRepository,
    private readonly mails: AccountMails,
    private readonly throttle: InvitationThrottle,
  ) {}

  @HandleRequest(createInvitation)
  async create(input: ParsedInputOf<typeof createInvitation>, call: CallContext): Promise<PublicInvitation> {
    const partnerId = partnerOf(call);
    if (await this.members.isMember(partnerId, input.email)) throw new AppError(ALREADY_MEMBER);
    await this.throttle.admit(partnerId);
    return this.database.transaction(async (tx) => {
      const role = await this.#role(tx, partnerId, input.role);
      if (!covers(callerOf(call), permissionsOf(role.role, role.permissions)))
        throw new AppError(ABOVE_OWN_ROLE);
      const { permissions: _, ...given } = role;
      const invited = { list: partnerId, partner_id: partnerId, email: input.email, ...given };
      return this.#invite(tx, invited, input.expires_in_days, actorOf(call));
    });
  }

  @HandleRequest(invitePlatformPerson)
  async invite(
    input: ParsedInputOf<typeof invitePlatformPerson>,
    call: CallContext,
  ): Promise<PublicInvitation> {
    // A person is either of GridWorks or of partners.
    if (await this.users.findByEmail(input.email)) throw new AppError(EMAIL_TAKEN);
    await this.throttle.admit(PLATFORM_LIST);
    const { email, role } = input;
    return this.database.transaction((tx) =>
      this.#invite(
        tx,
        { list: PLATFORM_LIST, partner_id: null, email, role, role_id: null },
        input.expires_in_days,
        actorOf(call),
      ),
    );
  }

  @HandleRequest(listInvitations)
  async list(
    input: ParsedInputOf<typeof listInvitations>,
    call: CallContext,
  ): Promise<OutputOf<typeof listInvitations>> {
    const page = await this.invitations.page(partnerOf(call), input);
    const now = new Date();
    return listPage(listInvitations, {
      ...page,
      data: page.data.map((row) => presentInvitation(row, now)),
    });
  }

  @HandleRequest(resendInvitation)
  async resend(
    { id, expires_in_days: days }: ParsedInputOf<typeof resendInvitation>,
    call: CallContext,
  ): Promise<PublicInvitation> {
    const partnerId = partnerOf(call);
    await this.throttle.admit(partnerId);
    const now = new Date();
    return this.database.transaction(async (tx) => {
      const row = await this.#hold(tx, partnerId, id);
      // Whoever sends it vouches for the role.
      if (!covers(callerOf(call), permissionsOf(row.role, row.permissions)))
        throw new AppError(ABOVE_OWN_ROLE);
      const expires_at = inDays(now, days);
      await this.invitations.prolong(tx, id, expires_at);
      this.mails.invitation(tx, id, partnerId);
      return presentInvitation({ ...row, expires_at, sent_at: null }, now);
    });
  }

  @HandleRequest(revokeInvitation)
  async revoke(
    { id }: ParsedInputOf<typeof revokeInvitation>,
    call: CallContext,
  ): Promise<OutputOf<typeof revokeInvitation>> {
    return this.database.transaction(async (tx) => {
      await this.#hold(tx, partnerOf(call), id);
      await this.invitations.revoke(tx, id, new Date());
      return { object: 'invitation' as const, id, revoked: true as const };
    });
  }

  async #invite(tx: Transaction, invited: Invited, days: number, by: string): Promise<PublicInvitation> {
    const now = new Date();
    const invitation: Invitation = {
      id: newId('invitation'),
      ...invited,
      invited_by: by,
      created_at: now,
      expires_at: inDays(now, days),
      digest: null,
      sent_at: null,
      ended_at: null,
      accepted_by: null,
    };
    if (!(await this.invitations.insertUnlessInvited(tx, invitation))) throw new AppError(ALREADY_INVITED);
    this.mails.invitation(tx, invitation.id, invited.partner_id);
    return presentInvitation(await this.#hold(tx, invited.list, invitation.id), now);
  }

  async #hold(tx: Transaction, list: string, id: string): Promise<InvitationRow> {
    const row = await this.invitations.hold(tx, list, id);
    if (!row) throw new AppError(INVITATION_NOT_FOUND);
    return row;
  }

  async #role(
    tx: Transaction,
    partnerId: string,
    given: string,
  ): Promise<Pick<Invitation, 'role' | 'role_id'> & { permissions: string[] | null }> {
    if (isFixedRole(given)) return { role: given, role_id: null, permissions: null };
    const role = await this.roles.hold(tx, partnerId, given);
    if (!role) throw new AppError(ROLE_NOT_FOUND);
    return { role: 'custom', role_id: role.id, permissions: role.permissions };
  }
}

const inDays = (now: Date, days: number): Date => new Date(now.getTime() + days * 86_400_000);
