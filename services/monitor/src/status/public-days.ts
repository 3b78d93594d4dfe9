import { PUBLIC_SERVICES, type PublicService } from '@gridworks/contracts';
import { Injectable } from '@nestjs/common';
import { RollupRepository } from '../health/rollup.repository.ts';
import { DAY_MS, type StatusDay, statusDays, uptimeOf } from './status-days.ts';

export interface ComponentDays {
  readonly name: PublicService;
  readonly uptime: number | null;
  readonly days: StatusDay[];
}

@Injectable()
export class PublicDays {
  constructor(private readonly rollups: RollupRepository) {}

  /** The last `count` days of every public component. Throws `PLATFORM.UNAVAILABLE` while PostgreSQL is away. */
  async read(count: number): Promise<ComponentDays[]> {
    const now = Date.now();
    const names = PUBLIC_SERVICES.map((name) => `public:${name}`);
    const range = { step: 'day' as const, start: now - count * DAY_MS, end: now };
    const rows = await this.rollups.rollups(names, range);
    return PUBLIC_SERVICES.map((name) => {
      const own = rows.filter(({ component }) => component === `public:${name}`);
      return { name, uptime: uptimeOf(own), days: statusDays(own, count, now) };
    });
  }
}
