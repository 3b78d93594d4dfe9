import { PUBLIC_SERVICES, type PublicService } from '@gridworks/contracts';
import { Injectable } from '@nestjs/common';
import { RollupRepository } from '../health/rollup.repository.ts';
import { DAY_MS, statusDays, type WatchedDay } from './status-days.ts';

export interface ComponentDays {
  readonly name: PublicService;
  readonly days: readonly WatchedDay[];
}

@Injectable()
export class PublicDays {
  constructor(private readonly rollups: RollupRepository) {}

  /** The last `count` days of every public component. Throws `PLATFORM.UNAVAILABLE` while PostgreSQL is away. */
  async read(count: number): Promise<ComponentDays[]> {
    const now = Date.now();
    const names = PUBLIC_SERVICES.map((name) => `public:${name}`);
    const range = { step: 'day' as const, start: now - count * DAY_MS, end: now };
    const [rows, began] = await Promise.all([
      this.rollups.rollups(names, range),
      this.rollups.firstRecord(names),
    ]);
    return PUBLIC_SERVICES.map((name) => {
      const own = rows.filter(({ component }) => component === `public:${name}`);
      return { name, days: statusDays(own, count, now, began) };
    });
  }
}
