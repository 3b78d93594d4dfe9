import { HandleRequest } from '@gridworks/bus';
import {
  ABOVE_OWN_ROLE,
  AppError,
  callerOf,
  changeMemberRole,
  isFixedRole,
  LAST_OWNER,
  listMembers,
  listPage,
  MEMBER_NOT_FOUND,
  type OutputOf,
  type ParsedInputOf,
  type Principal,
  partnerOf,
  ROLE_NOT_FOUND,
  removeMember,
  transferOwnership,
} from '@gridworks/contracts';
import { type CallContext, noteAct } from '@gridworks/observability';
import { Database, type Transaction } from '@gridworks/persistence';
import { Controller } from '@nestjs/common';
import { AccountMails } from '../mail-requests/account-mails.ts';
import { PartnerRepository } from '../partners/partner.repository.ts';
import { RoleRepository } from '../roles/role.repository.ts';
import { covers, permissionsOf } from '../roles/role.ts';
import { MembershipRepository } from './membership.repository.ts';
import { type MemberRow, type Membership, presentMember } from './membership.ts';

/** The people of a partner. Nobody gives or takes a role that may do more than their own. */
@Controller()
export class MembersHandler {
  constructor(
    private readonly database: Database,
    private readonly members: MembershipRepository,
    private readonly roles: RoleRepository,
    private readonly partners: PartnerRepository,
    private readonly mails: AccountMails,
  ) {}

  @HandleRequest(listMembers)
  async list(
    input: ParsedInputOf<typeof listMembers>,
    call: CallContext,
  ): Promise<OutputOf<typeof listMembers>> {
    const page = await this.members.page(partnerOf(call), input);
    return listPage(listMembers, { ...page, data: page.data.map(presentMember) });
  }

  @HandleRequest(changeMemberRole)
  async changeRole(
    { id, role: given }: ParsedInputOf<typeof changeMemberRole>,
    call: CallContext,
  ): Promise<OutputOf<typeof changeMemberRole>> {
    const partnerId = partnerOf(call);
    const caller = callerOf(call);
    const partner = await this.partners.find(partnerId);
    return this.database.transaction(async (tx) => {
      const { member, owners } = await this.#hold(tx, partnerId, id);
      const role = await this.#role(tx, partnerId, given);
      mustCover(caller, member.role, member.permissions);
      mustCover(caller, role.role, role.permissions);
      if (member.role === 'owner' && role.role !== 'owner' && owners === 1) throw new AppError(LAST_OWNER);
      const isSame = member.role === role.role && member.role_id === role.role_id;
      noteAct(isSame ? { isRepeat: true } : { before: { role: shownRole(member) } });
      if (isSame) return presentMember(member);
      const changed = await this.members.setRole(tx, member, role);
      if (member.user_id !== caller.user_id)
        this.mails.toMember(tx, 'role-changed', member, {
          partner: partner?.name ?? '',
          role: changed.role_name ?? changed.role,
        });
      return presentMember(changed);
    });
  }

  /** Keys that the person made stay: they belong to the partner. */
  @HandleRequest(removeMember)
  async remove(
    { id }: ParsedInputOf<typeof removeMember>,
    call: CallContext,
  ): Promise<OutputOf<typeof removeMember>> {
    const partnerId = partnerOf(call);
    const caller = callerOf(call);
    const partner = await this.partners.find(partnerId);
    return this.database.transaction(async (tx) => {
      const { member, owners } = await this.#hold(tx, partnerId, id);
      mustCover(caller, member.role, member.permissions);
      if (member.role === 'owner' && owners === 1) throw new AppError(LAST_OWNER);
      noteAct({ before: { role: shownRole(member) } });
      await this.members.end(tx, member, new Date());
      if (member.user_id !== caller.user_id)
        this.mails.toMember(tx, 'member-removed', member, { partner: partner?.name ?? '' });
      return { object: 'member' as const, id, removed: true as const };
    });
  }

  /** Both roles change in one transaction: the partner has an owner at every moment. */
  @HandleRequest(transferOwnership)
  async transfer(
    { member_id: id }: ParsedInputOf<typeof transferOwnership>,
    call: CallContext,
  ): Promise<OutputOf<typeof transferOwnership>> {
    const partnerId = partnerOf(call);
    const caller = callerOf(call);
    const ownId = await this.members.idOf(partnerId, caller.user_id ?? '');
    return this.database.transaction(async (tx) => {
      const { member } = await this.#hold(tx, partnerId, id);
      const { member: own } = await this.#hold(tx, partnerId, ownId ?? '');
      // Another transfer may have been first.
      if (own.role !== 'owner') throw new AppError(ABOVE_OWN_ROLE);
      const [owner, previous] =
        own.id === member.id
          ? [own, own]
          : [
              await this.members.setRole(tx, member, { role: 'owner', role_id: null }),
              await this.members.setRole(tx, own, { role: 'admin', role_id: null }),
            ];
      return {
        object: 'ownership_transfer' as const,
        owner: presentMember(owner),
        previous_owner: presentMember(previous),
      };
    });
  }

  async #hold(
    tx: Transaction,
    partnerId: string,
    id: string,
  ): Promise<{ member: MemberRow; owners: number }> {
    const held = await this.members.hold(tx, partnerId, id);
    if (!held) throw new AppError(MEMBER_NOT_FOUND);
    return held;
  }

  async #role(
    tx: Transaction,
    partnerId: string,
    given: string,
  ): Promise<Pick<Membership, 'role' | 'role_id'> & { permissions: string[] | null }> {
    if (isFixedRole(given)) return { role: given, role_id: null, permissions: null };
    const role = await this.roles.hold(tx, partnerId, given);
    if (!role) throw new AppError(ROLE_NOT_FOUND);
    return { role: 'custom', role_id: role.id, permissions: role.permissions };
  }
}

/** A role as the input of a change names it. */
const shownRole = ({ role, role_id }: Membership): string => role_id ?? role;

function mustCover(caller: Principal, role: string, permissions: string[] | null): void {
  if (!covers(caller, permissionsOf(role, permissions))) throw new AppError(ABOVE_OWN_ROLE);
}
