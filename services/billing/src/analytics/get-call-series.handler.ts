import { HandleRequest } from '@gridworks/bus';
import { getCallSeries, type OutputOf, type ParsedInputOf, partnerOf } from '@gridworks/contracts';
import type { CallContext } from '@gridworks/observability';
import { Controller } from '@nestjs/common';
import { UsageRepository } from '../usage/usage.repository.ts';
import { RollupRepository } from './rollup.repository.ts';
import { seriesRange } from './series-range.ts';

@Controller()
export class GetCallSeriesHandler {
  constructor(
    private readonly rollups: RollupRepository,
    private readonly usage: UsageRepository,
  ) {}

  @HandleRequest(getCallSeries)
  async get(
    input: ParsedInputOf<typeof getCallSeries>,
    call: CallContext,
  ): Promise<OutputOf<typeof getCallSeries>> {
    const partnerId = partnerOf(call);
    const range = seriesRange(input, new Date());
    const points = await this.rollups.series({ partnerId, range, mode: input.mode }, input.by);
    const lastCallAt = await this.usage.lastCallAt(partnerId);
    const places = new Map(range.times.map((time, index) => [time.getTime(), index]));
    const byValue = new Map<string | null, number[]>();
    for (const { at, value, calls } of points) {
      const line = byValue.get(value) ?? range.times.map(() => 0);
      byValue.set(value, line);
      line[places.get(at.getTime()) as number] = calls;
    }
    const other = byValue.get(null);
    const series = [...byValue]
      .filter((entry): entry is [string, number[]] => entry[0] !== null)
      .map(([value, calls]) => ({
        value: input.by === 'all' ? 'all' : value,
        total_calls: sum(calls),
        calls,
      }))
      .sort((a, b) => b.total_calls - a.total_calls || (a.value < b.value ? -1 : 1));
    return {
      object: 'call_series',
      from: range.from.toISOString(),
      to: range.to.toISOString(),
      step: range.step,
      by: input.by,
      times: range.times.map((time) => time.toISOString()),
      counted_until: (lastCallAt ?? range.from).toISOString(),
      total_calls: sum([...byValue.values()].map(sum)),
      series,
      other: other ? { total_calls: sum(other), calls: other } : null,
    };
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((whole, one) => whole + one, 0);
