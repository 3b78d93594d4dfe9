import type { Logger } from '@gridworks/observability';
import { Database, HourlyUpkeep } from '@gridworks/persistence';
import { CONFIG, LOGGER } from '@gridworks/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { UsageRepository } from '../usage/usage.repository.ts';
import { RollupRepository } from './rollup.repository.ts';

interface RetentionConfig {
  readonly BILLING_USAGE_MONTHS: number;
  readonly BILLING_USAGE_HOUR_DAYS: number;
  readonly BILLING_USAGE_DAY_DAYS: number;
}

const monthsFrom = (now: Date, months: number): Date =>
  new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + months, 1));

/** Every hour: makes the next month of calls, drops the months and deletes the roll-ups that are older than their retention. */
@Injectable()
export class UsageRetention extends HourlyUpkeep {
  constructor(
    database: Database,
    private readonly usage: UsageRepository,
    private readonly rollups: RollupRepository,
    @Inject(CONFIG) private readonly config: RetentionConfig,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    super(database, (error) => logger.log('usage_rollup.delete_failed', { error }));
  }

  async run(now: Date): Promise<void> {
    for (const months of [0, 1]) await this.usage.prepareMonth(monthsFrom(now, months));
    const dropped = await this.usage.dropBefore(monthsFrom(now, -this.config.BILLING_USAGE_MONTHS));
    if (dropped.length > 0) this.logger.log('usage_records.months_dropped', { tables: dropped });
    await this.usage.deleteOldEvents();
    await this.rollups.deleteOld({
      hour: this.config.BILLING_USAGE_HOUR_DAYS,
      day: this.config.BILLING_USAGE_DAY_DAYS,
    });
  }
}
