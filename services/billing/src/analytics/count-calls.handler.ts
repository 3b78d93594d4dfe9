import { HandleRequest } from '@gridworks/bus';
import { countCalls, type OutputOf } from '@gridworks/contracts';
import { Controller } from '@nestjs/common';
import { RollupRepository } from './rollup.repository.ts';

const DAY_MS = 86_400_000;
const DAYS = 30;

@Controller()
export class CountCallsHandler {
  constructor(private readonly rollups: RollupRepository) {}

  @HandleRequest(countCalls)
  async count(): Promise<OutputOf<typeof countCalls>> {
    const now = Date.now();
    const today = now - (now % DAY_MS);
    const days = await this.rollups.callsByDay(new Date(today - (DAYS - 1) * DAY_MS));
    const sum = (rows: typeof days) => ({
      calls: rows.reduce((all, { calls }) => all + calls, 0),
      errors: rows.reduce((all, { errors }) => all + errors, 0),
    });
    return {
      today: sum(days.filter(({ at }) => at.getTime() >= today)),
      last_30_days: sum(days),
      observed_at: new Date(now).toISOString(),
    };
  }
}
