import { HandleRequest } from '@gridworks/bus';
import {
  AppError,
  metricRange,
  type OutputOf,
  type ParsedInputOf,
  readMetrics,
  SERIES_NOT_FOUND,
  seriesNames,
} from '@gridworks/contracts';
import { Controller } from '@nestjs/common';
import { timestamp } from '../symptoms/timestamp.ts';
import { MetricHistory } from './metric-history.ts';

@Controller()
export class ReadMetricsHandler {
  constructor(private readonly history: MetricHistory) {}

  /** Responds from memory, whatever else is away. Throws `MONITOR.SERIES_NOT_FOUND`, which names the first unknown series. */
  @HandleRequest(readMetrics)
  async read(query: ParsedInputOf<typeof readMetrics>): Promise<OutputOf<typeof readMetrics>> {
    const now = Date.now();
    const common = {
      object: 'metrics' as const,
      observed_at: timestamp(now),
      kept_since: timestamp(this.history.keptSince),
    };
    if (query.series === undefined)
      return { ...common, from: null, to: null, step: null, series: this.history.list(now) };
    const range = metricRange(query, now);
    return {
      ...common,
      from: timestamp(range.start),
      to: timestamp(range.end),
      step: query.step,
      series: seriesNames(query.series).map((name) => {
        const series = this.history.read(name, range, now);
        if (series) return series;
        throw new AppError(SERIES_NOT_FOUND, {
          detail: `Monitor keeps no series ${name}. Without \`series\` the response lists those it keeps.`,
          details: { series: name },
        });
      }),
    };
  }
}
