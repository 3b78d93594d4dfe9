import { HandleRequest } from '@gridworks/bus';
import {
  AppError,
  type OutputOf,
  PARTNER_NOT_FOUND,
  type ParsedInputOf,
  partnerOf,
  updatePartner,
} from '@gridworks/contracts';
import type { CallContext } from '@gridworks/observability';
import { Database } from '@gridworks/persistence';
import { Controller } from '@nestjs/common';
import { PartnerRepository } from '../partners/partner.repository.ts';
import { presentPartner } from '../partners/partner.ts';

@Controller()
export class UpdatePartnerHandler {
  constructor(
    private readonly database: Database,
    private readonly partners: PartnerRepository,
  ) {}

  @HandleRequest(updatePartner)
  async update(
    { name }: ParsedInputOf<typeof updatePartner>,
    call: CallContext,
  ): Promise<OutputOf<typeof updatePartner>> {
    const partner = await this.database.transaction((tx) => this.partners.rename(tx, partnerOf(call), name));
    if (!partner) throw new AppError(PARTNER_NOT_FOUND);
    return presentPartner(partner);
  }
}
