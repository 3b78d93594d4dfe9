import { HandleRequest } from '@gridworks/bus';
import { type OutputOf, type ParsedInputOf, partnerOf, summarizeUsage } from '@gridworks/contracts';
import type { CallContext } from '@gridworks/observability';
import { Controller } from '@nestjs/common';
import { AccountRepository } from '../accounts/account.repository.ts';
import { toInteger } from '../money/money.ts';
import { presentPlan } from '../plans/present-plan.ts';
import { rateCharges } from '../rating/rate-plan.ts';
import { totalOf } from '../rating/rate-usage.ts';
import { forecastUsage } from './forecast-usage.ts';
import { PeriodRepository, periodOf } from './period.repository.ts';

@Controller()
export class SummarizeUsageHandler {
  constructor(
    private readonly accounts: AccountRepository,
    private readonly periods: PeriodRepository,
  ) {}

  @HandleRequest(summarizeUsage)
  async summarize(
    _input: ParsedInputOf<typeof summarizeUsage>,
    call: CallContext,
  ): Promise<OutputOf<typeof summarizeUsage>> {
    const partnerId = partnerOf(call);
    const now = new Date();
    const period = periodOf(now);
    const version = await this.accounts.planVersion(partnerId);
    const plan = presentPlan(version);
    const found = await this.periods.find(partnerId, now);
    const included = plan.included_calls;
    const forecast = forecastUsage({ ...found, included }, period.to, now);
    const extra = rateCharges(version, plan.currency, { calls: BigInt(forecast.calls) });
    return {
      object: 'usage_summary',
      plan,
      period: { from: dayOf(period.from), to: dayOf(period.to) },
      used_calls: found.used,
      test_calls: found.testCalls,
      included_calls: included,
      forecast_calls: forecast.calls,
      used_up_on: forecast.usedUpOn,
      forecast_extra: toInteger(totalOf(extra)),
      counted_until: (found.lastCallAt ?? period.from).toISOString(),
      observed_at: now.toISOString(),
    };
  }
}

const dayOf = (moment: Date): string => moment.toISOString().slice(0, 10);
