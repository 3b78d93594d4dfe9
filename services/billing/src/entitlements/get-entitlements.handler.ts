import { HandleRequest } from '@gridworks/bus';
import { getEntitlements, type OutputOf, type ParsedInputOf } from '@gridworks/contracts';
import { Controller } from '@nestjs/common';
import { AccountRepository } from '../accounts/account.repository.ts';
import { CallAllowances } from '../budgets/call-allowances.ts';
import { LimitOverrideRepository } from './limit-override.repository.ts';

@Controller()
export class GetEntitlementsHandler {
  constructor(
    private readonly accounts: AccountRepository,
    private readonly overrides: LimitOverrideRepository,
    private readonly allowances: CallAllowances,
  ) {}

  @HandleRequest(getEntitlements)
  async get({
    partner_id,
    used_up,
  }: ParsedInputOf<typeof getEntitlements>): Promise<OutputOf<typeof getEntitlements>> {
    const now = new Date();
    const [{ limits }, overrides, budget] = await Promise.all([
      this.accounts.planVersion(partner_id),
      this.overrides.inForce(partner_id, now),
      this.allowances.of(partner_id, used_up, now),
    ]);
    return {
      limits,
      overrides: overrides.map(({ name, quota, expires_at }) => ({
        ...{ name, quota },
        expires_at: expires_at?.toISOString() ?? null,
      })),
      ...(budget === null ? {} : { budget }),
    };
  }
}
