import { HandleRequest } from '@gridworks/bus';
import { callerOf, getIdentity, type OutputOf, type ParsedInputOf } from '@gridworks/contracts';
import type { CallContext } from '@gridworks/observability';
import { Controller } from '@nestjs/common';
import { PartnerRepository } from '../partners/partner.repository.ts';
import { presentPartner } from '../partners/partner.ts';
import { UserRepository } from '../users/user.repository.ts';
import { presentUser } from '../users/user.ts';

@Controller()
export class GetIdentityHandler {
  constructor(
    private readonly partners: PartnerRepository,
    private readonly users: UserRepository,
  ) {}

  @HandleRequest(getIdentity)
  async get(
    _input: ParsedInputOf<typeof getIdentity>,
    call: CallContext,
  ): Promise<OutputOf<typeof getIdentity>> {
    const principal = callerOf(call);
    const [partner, user] = await Promise.all([
      principal.partner_id ? this.partners.find(principal.partner_id) : null,
      principal.user_id ? this.users.find(principal.user_id) : null,
    ]);
    return {
      object: 'identity',
      principal,
      partner: partner && presentPartner(partner),
      user: user && presentUser(user),
    };
  }
}
