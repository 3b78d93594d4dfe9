import { gauge, type Logger } from '@gridworks/observability';
import { Database, HourlyUpkeep } from '@gridworks/persistence';
import { LOGGER } from '@gridworks/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { MeteredUsageRepository } from '../invoicing/metered-usage.repository.ts';
import { reconcile } from './reconcile.ts';

/** The hour of UTC in which it runs: the calls of the day before have arrived. */
const AT_HOUR = 3;
/** A line of the log for each difference, up to so many. */
const LOGGED = 20;

/** Compares meter, invoices and ledger every night. Each instance does; it changes nothing. */
@Injectable()
export class NightlyReconciliation extends HourlyUpkeep {
  #differences = 0;

  constructor(
    private readonly database: Database,
    private readonly usage: MeteredUsageRepository,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    super(database, (error) => logger.log('reconciliation.failed', { error }));
    gauge(
      'billing_reconciliation_differences',
      'In how many places meter, invoices and ledger did not agree in the last night',
      [],
      () => this.#differences,
    );
  }

  async run(now: Date): Promise<void> {
    if (now.getUTCHours() !== AT_HOUR) return;
    const { differences } = await reconcile(this.database, this.usage);
    this.#differences = differences.length;
    for (const { id, what } of differences.slice(0, LOGGED))
      this.logger.log('reconciliation.differs', { id, what, differences: differences.length });
  }
}
