import { HandleRequest } from '@gridworks/bus';
import { getAccounts, type OutputOf, type ParsedInputOf } from '@gridworks/contracts';
import { Controller } from '@nestjs/common';
import { AccountRepository } from '../accounts/account.repository.ts';
import { callsOf } from '../plans/present-plan.ts';
import { PeriodRepository } from './period.repository.ts';

@Controller()
export class GetAccountsHandler {
  constructor(
    private readonly periods: PeriodRepository,
    private readonly accounts: AccountRepository,
  ) {}

  @HandleRequest(getAccounts)
  async get({ partner_ids }: ParsedInputOf<typeof getAccounts>): Promise<OutputOf<typeof getAccounts>> {
    const now = new Date();
    const [rows, versions] = [
      await this.periods.uses(partner_ids, now),
      await this.accounts.planVersions(partner_ids),
    ];
    return {
      observed_at: now.toISOString(),
      accounts: rows.flatMap(({ first_call_at, last_call_at, ...row }) => {
        const version = versions.get(row.partner_id);
        if (!version) return [];
        const { plan: id, name } = version;
        return {
          ...row,
          plan: { id, name, included_calls: callsOf(version)?.included ?? 0 },
          first_call_at: first_call_at?.toISOString() ?? null,
          last_call_at: last_call_at?.toISOString() ?? null,
        };
      }),
    };
  }
}
