import { HandleRequest } from '@gridworks/bus';
import { getUsage, type OutputOf, type ParsedInputOf, partnerOf } from '@gridworks/contracts';
import type { CallContext } from '@gridworks/observability';
import { Controller } from '@nestjs/common';
import { UsageRepository } from './usage.repository.ts';
import { usageRange } from './usage-range.ts';

@Controller()
export class GetUsageHandler {
  constructor(private readonly usage: UsageRepository) {}

  @HandleRequest(getUsage)
  async get(input: ParsedInputOf<typeof getUsage>, call: CallContext): Promise<OutputOf<typeof getUsage>> {
    const partnerId = partnerOf(call);
    const range = usageRange(input, new Date());
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
    };
  }
}
