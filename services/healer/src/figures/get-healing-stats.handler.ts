import { HandleRequest } from '@gridworks/bus';
import { getHealingStats, type OutputOf, type ParsedInputOf } from '@gridworks/contracts';
import { Controller } from '@nestjs/common';
import { StatsRepository } from './stats.repository.ts';
import { rounded, successRate } from './success-rate.ts';

const HOUR_MS = 3_600_000;
const WINDOW_MS = { '24h': 24 * HOUR_MS, '7d': 7 * 24 * HOUR_MS, '30d': 30 * 24 * HOUR_MS } as const;

@Controller()
export class GetHealingStatsHandler {
  constructor(private readonly stats: StatsRepository) {}

  @HandleRequest(getHealingStats)
  async get({ window }: ParsedInputOf<typeof getHealingStats>): Promise<OutputOf<typeof getHealingStats>> {
    const now = new Date();
    const from = new Date(now.getTime() - WINDOW_MS[window]);
    // The queries run one after another: the healer's connection pool is small, and healing has priority.
    const tally = await this.stats.tally(from);
    const { incidents, open, auto_resolved, escalated } = tally;
    return {
      object: 'healing_stats',
      window,
      from: from.toISOString(),
      observed_at: now.toISOString(),
      ...{ incidents, open, auto_resolved, escalated },
      success_rate: successRate(tally),
      time_to_detect: { p50_ms: rounded(tally.detect_p50), p95_ms: rounded(tally.detect_p95) },
      time_to_heal: { p50_ms: rounded(tally.heal_p50), p95_ms: rounded(tally.heal_p95) },
      by_decider: await this.stats.byDecider(from),
      by_remedy: await this.stats.byRemedy(from),
      ...(await this.stats.errors(from)),
      prevented: await this.stats.prevented(from),
      model: await this.stats.model(),
    };
  }
}
