import type { HealthCheck } from '@gridworks/contracts';
import { counter, type Logger } from '@gridworks/observability';
import { LOGGER } from '@gridworks/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { HealthCheckRepository } from './health-check.repository.ts';
import { BATCH, HealthRows } from './health-rows.ts';
import { HealthTally } from './health-tally.ts';

const WRITE_EVERY_MS = 5000;
/**
 * Interval of writes while PostgreSQL is away. Each queued message is retried until it is back, so there
 * should be few.
 */
const QUEUE_EVERY_MS = 30_000;
const CLEAN_EVERY_MS = 3_600_000;

/** Writes the history of checks in the background. Monitoring never waits for it. */
@Injectable()
export class HealthRecorder {
  readonly #rows = new HealthRows();
  readonly #tally = new HealthTally();
  #writing: Promise<void> | undefined;
  /** The last rows were queued: then a change of status waits for the next regular write. */
  #queueing = false;
  #writtenAt = Number.NEGATIVE_INFINITY;
  #cleanedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly repository: HealthCheckRepository,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    counter(
      'monitor_health_checks_dropped_total',
      'Rows of the check history that were dropped because neither database nor bus took them',
      [],
      () => this.#rows.dropped,
    );
  }

  /** Processes the checks of this moment; `now` in ms of a monotonic clock. */
  update(checks: readonly HealthCheck[], now: number): void {
    const changed = this.#rows.update(checks, now);
    this.#tally.add(checks, now, Date.now());
    const seldom = this.#queueing && this.#rows.waiting < BATCH;
    const due = now - this.#writtenAt >= (seldom ? QUEUE_EVERY_MS : WRITE_EVERY_MS);
    if (!due && (this.#queueing || !changed)) return;
    this.#writtenAt = now;
    this.#writing ??= this.#write(now).finally(() => {
      this.#writing = undefined;
    });
  }

  async close(): Promise<void> {
    await this.#writing;
    await this.#write(this.#cleanedAt);
  }

  async #write(now: number): Promise<void> {
    const rows = this.#rows.take();
    try {
      if (rows.length > 0)
        this.#queueing = (await this.repository.write(rows, this.#tally.take())) === 'queued';
    } catch (error) {
      // That the database is away has been reported already, as for any other target.
      this.#rows.drop(rows);
      this.logger.log('health_history.rows_lost', { error, rows: rows.length });
      return;
    }
    if (this.#queueing || now - this.#cleanedAt < CLEAN_EVERY_MS) return;
    this.#cleanedAt = now;
    await this.repository.deleteOld().catch((error: unknown) => {
      this.logger.log('health_history.delete_failed', { error });
    });
  }
}
