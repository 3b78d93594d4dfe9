import { HandleRequest } from '@gridworks/bus';
import { getUsage, type OutputOf, type ParsedInputOf, partnerOf } from '@gridworks/contracts';
import type { CallContext } from '@gridworks/observability';
import { Controller } from '@nestjs/common';
import { toInteger } from '../money/money.ts';
import { dayIn } from '../periods/periods.ts';
import { UsageRepository } from '../usage/usage.repository.ts';
import { usageRange } from '../usage/usage-range.ts';
import { addUnits, NO_UNITS } from './cost-of-usage.ts';
import { type GroupedUsage, GroupUsage, type UsageGrouping } from './group-usage.ts';
import { UsagePeriods } from './usage-periods.ts';

type Input = ParsedInputOf<typeof getUsage>;
type Groups = NonNullable<OutputOf<typeof getUsage>['groups']>;

@Controller()
export class GetUsageHandler {
  constructor(
    private readonly usage: UsageRepository,
    private readonly periods: UsagePeriods,
    private readonly grouping: GroupUsage,
  ) {}

  @HandleRequest(getUsage)
  async get(input: Input, call: CallContext): Promise<OutputOf<typeof getUsage>> {
    const partnerId = partnerOf(call);
    const now = new Date();
    const groups = input.group_by ? await this.#groups(partnerId, input.group_by, input, now) : null;
    const range = groups?.range ?? usageRange(input, now);
    const { days, apiKeys, lastCallAt } = await this.usage.find(partnerId, range);
    return {
      object: 'usage',
      ...range,
      total_calls: days.reduce((sum, day) => sum + day.calls, 0),
      test_calls: days.reduce((sum, day) => sum + day.test_calls, 0),
      days: [...days],
      api_keys: [...apiKeys],
      // Calls are metered in the order of their responses, so all calls before a counted one are counted.
      // Without a counted call, only the time before the range is certain.
      counted_until: lastCallAt?.toISOString() ?? `${range.from}T00:00:00.000Z`,
      groups: groups?.page ?? null,
    };
  }

  async #groups(partnerId: string, by: UsageGrouping, input: Input, now: Date) {
    const terms = await this.periods.terms(partnerId, now);
    // Today is that of the subscription's clock.
    const range = usageRange(input, new Date(`${dayIn(now, terms.zone)}T12:00:00Z`));
    const all = await this.grouping.group(partnerId, by, range, terms, now);
    const place = all.findIndex(({ group }) => group === input.starting_after) + 1;
    const data = all.slice(place, place + input.limit);
    const total = all.reduce(
      (sum, { units, cost }) => ({ units: addUnits(sum.units, units), cost: addUnits(sum.cost, cost) }),
      { units: NO_UNITS, cost: NO_UNITS },
    );
    const { group: _, ...sum } = present({ group: '', ...total });
    const page: Groups = {
      ...{ by, time_zone: terms.zone, currency: terms.currency, total: sum },
      ...{ data: data.map(present), has_more: place + data.length < all.length },
    };
    return { range, page };
  }
}

const present = ({ group, units, cost }: GroupedUsage): Groups['data'][number] => ({
  ...{ group, calls: toInteger(units.calls), reported_units: toInteger(units.reported_units) },
  cost: toInteger(cost.calls + cost.reported_units),
});
