import { HandleRequest } from '@gridworks/bus';
import { getHealthHistory, healthRange, type OutputOf, type ParsedInputOf } from '@gridworks/contracts';
import { Controller } from '@nestjs/common';
import { RollupRepository } from '../health/rollup.repository.ts';
import { historySteps } from './history-steps.ts';

@Controller()
export class GetHealthHistoryHandler {
  constructor(private readonly rollups: RollupRepository) {}

  /** Throws `PLATFORM.UNAVAILABLE` while PostgreSQL is away. */
  @HandleRequest(getHealthHistory)
  async get(query: ParsedInputOf<typeof getHealthHistory>): Promise<OutputOf<typeof getHealthHistory>> {
    const now = Date.now();
    const { component, step } = query;
    const range = healthRange(query, now);
    const [rollups, latencies] = await Promise.all([
      this.rollups.rollups([component], { ...range, step }),
      this.rollups.latencies(component, { ...range, step }),
    ]);
    return {
      object: 'health_history',
      component,
      step,
      from: new Date(range.start).toISOString(),
      to: new Date(range.end).toISOString(),
      observed_at: new Date(now).toISOString(),
      steps: historySteps(range, rollups, latencies, now),
    };
  }
}
