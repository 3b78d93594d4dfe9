import { HandleRequest } from '@gridworks/bus';
import {
  getBillingProfile,
  type OutputOf,
  type ParsedInputOf,
  partnerOf,
  putBillingProfile,
} from '@gridworks/contracts';
import { type CallContext, noteAct } from '@gridworks/observability';
import { Database } from '@gridworks/persistence';
import { Controller } from '@nestjs/common';
import { BillingProfileRepository } from './billing-profile.repository.ts';
import { presentProfile } from './billing-profile.ts';
import { checkProfile } from './check-profile.ts';

@Controller()
export class BillingProfileHandler {
  constructor(
    private readonly database: Database,
    private readonly profiles: BillingProfileRepository,
  ) {}

  @HandleRequest(getBillingProfile)
  async get(
    _input: ParsedInputOf<typeof getBillingProfile>,
    call: CallContext,
  ): Promise<OutputOf<typeof getBillingProfile>> {
    return presentProfile(await this.profiles.get(partnerOf(call)));
  }

  @HandleRequest(putBillingProfile)
  async put(
    input: ParsedInputOf<typeof putBillingProfile>,
    call: CallContext,
  ): Promise<OutputOf<typeof putBillingProfile>> {
    const partnerId = partnerOf(call);
    const checked = checkProfile(input);
    return this.database.transaction(async (tx) => {
      const { legal_name, country, state, tax_id, currency, time_zone } = await this.profiles.hold(
        tx,
        partnerId,
      );
      noteAct({ before: { legal_name, country, state, tax_id, currency, time_zone } });
      const profile = { ...checked, partner_id: partnerId, updated_at: new Date() };
      await this.profiles.put(tx, profile);
      return presentProfile(profile);
    });
  }
}
