import { gauge, type Logger } from '@gridworks/observability';
import { Database, HourlyUpkeep } from '@gridworks/persistence';
import { LOGGER } from '@gridworks/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { Reconcile } from './reconcile.ts';
import { ReconciliationRepository, type StoredRun } from './reconciliation.repository.ts';

/** The hour of UTC in which it runs: the calls of the day before have arrived. */
const AT_HOUR = 3;
const HOUR_MS = 3_600_000;
/** Another instance has run it in this night. */
const SAME_NIGHT_MS = 20 * HOUR_MS;
/** The night was missed. */
const MISSED_MS = 26 * HOUR_MS;
/** A line of the log for each difference, up to so many. */
const LOGGED = 20;

/** Whether a run is due: in the hour of the night, and at once when there was none in the last night. */
export function isDue(last: StoredRun | null, now: Date): boolean {
  const age = last === null ? Number.POSITIVE_INFINITY : now.getTime() - last.ran_at.getTime();
  return age > MISSED_MS || (age > SAME_NIGHT_MS && now.getUTCHours() === AT_HOUR);
}

/**
 * Compares meter, invoices, ledger and provider every night; one instance does. Monitor reads the result, and the healer tells a human of
 * what differs.
 */
@Injectable()
export class NightlyReconciliation extends HourlyUpkeep {
  #differences = 0;

  constructor(
    database: Database,
    private readonly reconciling: Reconcile,
    private readonly runs: ReconciliationRepository,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    super(database, (error) => logger.log('reconciliation.failed', { error }));
    gauge(
      'billing_reconciliation_differences',
      'In how many places meter, invoices, ledger and provider did not agree in the last night',
      [],
      () => this.#differences,
    );
  }

  async run(now: Date): Promise<void> {
    const last = await this.runs.last();
    this.#differences = last?.differences ?? 0;
    if (!isDue(last, now)) return;
    try {
      const found = await this.reconciling.run(now);
      await this.runs.add(now, found);
      this.#differences = found.differences.length;
      for (const { id, what } of found.differences.slice(0, LOGGED))
        this.logger.log('reconciliation.differs', { id, what, differences: found.differences.length });
    } catch (error) {
      this.logger.log('reconciliation.failed', { error });
      await this.runs.add(now, { error: error instanceof Error ? error.message : String(error) });
    }
  }
}
