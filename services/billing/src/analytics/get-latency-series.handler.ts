import { HandleRequest } from '@gridworks/bus';
import { getLatencySeries, type OutputOf, type ParsedInputOf, partnerOf } from '@gridworks/contracts';
import type { CallContext } from '@gridworks/observability';
import { Controller } from '@nestjs/common';
import { UsageRepository } from '../usage/usage.repository.ts';
import { percentile } from './percentile.ts';
import { RollupRepository } from './rollup.repository.ts';
import { seriesRange } from './series-range.ts';

@Controller()
export class GetLatencySeriesHandler {
  constructor(
    private readonly rollups: RollupRepository,
    private readonly usage: UsageRepository,
  ) {}

  @HandleRequest(getLatencySeries)
  async get(
    input: ParsedInputOf<typeof getLatencySeries>,
    call: CallContext,
  ): Promise<OutputOf<typeof getLatencySeries>> {
    const partnerId = partnerOf(call);
    const range = seriesRange(input, new Date());
    const rows = await this.rollups.latencies({ partnerId, range, mode: input.mode });
    const lastCallAt = await this.usage.lastCallAt(partnerId);
    const histograms = new Map(range.times.map((time) => [time.getTime(), new Map<number, number>()]));
    for (const { at, value, calls } of rows) histograms.get(at.getTime())?.set(Number(value), calls);
    const steps = [...histograms.values()];
    return {
      object: 'latency_series',
      from: range.from.toISOString(),
      to: range.to.toISOString(),
      step: range.step,
      times: range.times.map((time) => time.toISOString()),
      counted_until: (lastCallAt ?? range.from).toISOString(),
      calls: steps.map((step) => [...step.values()].reduce((sum, calls) => sum + calls, 0)),
      p50_ms: steps.map((step) => percentile(step, 0.5)),
      p95_ms: steps.map((step) => percentile(step, 0.95)),
    };
  }
}
