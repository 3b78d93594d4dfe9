import { HandleRequest } from '@gridworks/bus';
import { type OutputOf, type ParsedInputOf, partnerOf, summarizeUsage } from '@gridworks/contracts';
import type { CallContext } from '@gridworks/observability';
import { Controller } from '@nestjs/common';
import { toInteger } from '../money/money.ts';
import { dayIn } from '../periods/periods.ts';
import { presentPlan } from '../plans/present-plan.ts';
import { rateCharges } from '../rating/rate-plan.ts';
import { totalOf } from '../rating/rate-usage.ts';
import { UsagePeriods } from '../usage-costs/usage-periods.ts';
import { UsageSpansRepository } from '../usage-costs/usage-spans.repository.ts';
import { forecastUsage } from './forecast-usage.ts';
import { PeriodRepository } from './period.repository.ts';

@Controller()
export class SummarizeUsageHandler {
  constructor(
    private readonly terms: UsagePeriods,
    private readonly usage: UsageSpansRepository,
    private readonly periods: PeriodRepository,
  ) {}

  @HandleRequest(summarizeUsage)
  async summarize(
    _input: ParsedInputOf<typeof summarizeUsage>,
    call: CallContext,
  ): Promise<OutputOf<typeof summarizeUsage>> {
    const partnerId = partnerOf(call);
    const now = new Date();
    const { version, zone, month } = await this.terms.terms(partnerId, now);
    const plan = presentPlan(version);
    const found = await this.periods.find(partnerId, month.from, now);
    const [counted] = await this.usage.units(partnerId, [{ from: month.from, to: month.to }], now);
    const used = toInteger(counted?.calls ?? 0n);
    const included = plan.included_calls;
    const forecast = forecastUsage({ ...found, used, included }, month.to, now);
    const extra = rateCharges(version, plan.currency, { calls: BigInt(forecast.calls) });
    return {
      object: 'usage_summary',
      plan,
      period: { from: dayIn(month.from, zone), to: dayIn(month.to, zone) },
      used_calls: used,
      test_calls: found.testCalls,
      included_calls: included,
      forecast_calls: forecast.calls,
      used_up_on: forecast.usedUpOn,
      forecast_extra: toInteger(totalOf(extra)),
      counted_until: (found.lastCallAt ?? month.from).toISOString(),
      observed_at: now.toISOString(),
    };
  }
}
