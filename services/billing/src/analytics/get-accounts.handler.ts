import { HandleRequest } from '@gridworks/bus';
import { getAccounts, type OutputOf, type ParsedInputOf } from '@gridworks/contracts';
import { Controller } from '@nestjs/common';
import { planOf } from '../plans/plan.ts';
import { PeriodRepository } from './period.repository.ts';

@Controller()
export class GetAccountsHandler {
  constructor(private readonly periods: PeriodRepository) {}

  @HandleRequest(getAccounts)
  async get({ partner_ids }: ParsedInputOf<typeof getAccounts>): Promise<OutputOf<typeof getAccounts>> {
    const now = new Date();
    const rows = await this.periods.accounts(partner_ids, now);
    return {
      observed_at: now.toISOString(),
      accounts: rows.map(({ plan_id, first_call_at, last_call_at, ...row }) => {
        const { id, name, included_calls } = planOf(plan_id);
        return {
          ...row,
          plan: { id, name, included_calls },
          first_call_at: first_call_at?.toISOString() ?? null,
          last_call_at: last_call_at?.toISOString() ?? null,
        };
      }),
    };
  }
}
