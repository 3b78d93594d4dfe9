import { HandleRequest } from '@gridworks/bus';
import {
  AppError,
  callerOf,
  createMembership,
  isPlatformRole,
  LAST_OWNER,
  leavePartner,
  listMemberships,
  listPage,
  MEMBER_NOT_FOUND,
  newId,
  type OutputOf,
  type ParsedInputOf,
  PLATFORM_PERSON,
  partnerRegistered,
  UNAUTHENTICATED,
} from '@gridworks/contracts';
import { type CallContext, noteAct } from '@gridworks/observability';
import { Database } from '@gridworks/persistence';
import { Controller } from '@nestjs/common';
import { PartnerRepository } from '../partners/partner.repository.ts';
import { MembershipRepository } from './membership.repository.ts';
import { presentMembership } from './membership.ts';

/** The partners that a person belongs to. */
@Controller()
export class MembershipsHandler {
  constructor(
    private readonly database: Database,
    private readonly members: MembershipRepository,
    private readonly partners: PartnerRepository,
  ) {}

  @HandleRequest(listMemberships)
  async list(
    _input: ParsedInputOf<typeof listMemberships>,
    call: CallContext,
  ): Promise<OutputOf<typeof listMemberships>> {
    const { partner_id: actsFor } = callerOf(call);
    const rows = await this.members.listOf(personOf(call));
    const data = rows.map((row) => presentMembership(row, actsFor));
    return listPage(listMemberships, { data, has_more: false });
  }

  @HandleRequest(createMembership)
  async create(
    { name }: ParsedInputOf<typeof createMembership>,
    call: CallContext,
  ): Promise<OutputOf<typeof createMembership>> {
    const userId = personOf(call);
    if (isPlatformRole(callerOf(call).role)) throw new AppError(PLATFORM_PERSON);
    const now = new Date();
    const partner = { id: newId('partner'), name, created_at: now };
    const membership = {
      id: newId('member'),
      partner_id: partner.id,
      user_id: userId,
      role: 'owner' as const,
      role_id: null,
      created_at: now,
    };
    noteAct({ partner_id: partner.id, object_id: partner.id });
    return this.database.transaction(async (tx) => {
      await this.partners.insert(tx, partner);
      await this.members.insert(tx, membership);
      tx.emit(
        partnerRegistered,
        { partner_id: partner.id, name, registered_at: now.toISOString() },
        { partnerId: partner.id },
      );
      const row = { ...membership, role_name: null, partner_name: name, partner_created_at: now };
      return presentMembership(row, callerOf(call).partner_id);
    });
  }

  /** A membership of another person and a missing one get the same error. */
  @HandleRequest(leavePartner)
  async leave(
    { id }: ParsedInputOf<typeof leavePartner>,
    call: CallContext,
  ): Promise<OutputOf<typeof leavePartner>> {
    const own = (await this.members.listOf(personOf(call))).find((one) => one.id === id);
    if (!own) throw new AppError(MEMBER_NOT_FOUND);
    return this.database.transaction(async (tx) => {
      const held = await this.members.hold(tx, own.partner_id, id);
      if (!held) throw new AppError(MEMBER_NOT_FOUND);
      if (held.member.role === 'owner' && held.owners === 1) throw new AppError(LAST_OWNER);
      await this.members.end(tx, held.member, new Date());
      return { object: 'membership' as const, id, removed: true as const };
    });
  }
}

function personOf(call: CallContext): string {
  const { user_id: userId } = callerOf(call);
  if (!userId) throw new AppError(UNAUTHENTICATED);
  return userId;
}
