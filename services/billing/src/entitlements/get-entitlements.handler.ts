import { HandleRequest } from '@gridworks/bus';
import { getEntitlements, type OutputOf, type ParsedInputOf } from '@gridworks/contracts';
import { Controller } from '@nestjs/common';
import { AccountRepository } from '../accounts/account.repository.ts';
import { LimitOverrideRepository } from './limit-override.repository.ts';

@Controller()
export class GetEntitlementsHandler {
  constructor(
    private readonly accounts: AccountRepository,
    private readonly overrides: LimitOverrideRepository,
  ) {}

  @HandleRequest(getEntitlements)
  async get({
    partner_id,
  }: ParsedInputOf<typeof getEntitlements>): Promise<OutputOf<typeof getEntitlements>> {
    const [{ limits }, overrides] = await Promise.all([
      this.accounts.planVersion(partner_id),
      this.overrides.inForce(partner_id, new Date()),
    ]);
    return {
      limits,
      overrides: overrides.map(({ name, quota, expires_at }) => ({
        ...{ name, quota },
        expires_at: expires_at?.toISOString() ?? null,
      })),
    };
  }
}
