import type { Logger } from '@gridworks/observability';
import type { Database } from './database/database.ts';
import { WakeableLoop } from './loop/wakeable-loop.ts';

// Inbox rows outlive every replay of their event; idempotency keys outlive the day that callers are promised.
const EXPIRED = [
  { table: 'outbox', condition: `status = 'confirmed' and confirmed_at < now() - interval '7 days'` },
  { table: 'inbox', condition: `taken_in_at < now() - interval '30 days'` },
  { table: 'idempotency_keys', condition: `created_at < now() - interval '48 hours'` },
] as const;
const BATCH_SIZE = 5000;
const EVERY_MS = 3_600_000;

/** Rows of a table of the service that nobody needs any more, as an SQL condition. */
export interface ExpiredRows {
  readonly table: string;
  readonly condition: string;
}

/** Deletes expired rows of the library's tables and of these, in small transactions. Returns the number of rows. */
export async function deleteExpired(database: Database, more: readonly ExpiredRows[] = []): Promise<number> {
  let deleted = 0;
  for (const { table, condition } of [...EXPIRED, ...more]) {
    for (let last = BATCH_SIZE; last === BATCH_SIZE; deleted += last) {
      last = await database.transaction(async ({ manager }) => {
        const [, count]: [unknown, number] = await manager.query(
          `delete from ${table} where ctid = any (array(
             select ctid from ${table} where ${condition} limit ${BATCH_SIZE} for update skip locked))`,
        );
        return count;
      });
    }
  }
  return deleted;
}

/** Deletes expired rows every hour. */
export class ExpiryLoop {
  readonly #loop: WakeableLoop;

  constructor(database: Database, logger: Logger, more: readonly ExpiredRows[] = []) {
    this.#loop = new WakeableLoop(async () => {
      await deleteExpired(database, more).catch((error) =>
        logger.log('expired_rows.delete_failed', { error }),
      );
      return EVERY_MS;
    });
  }

  start(): void {
    this.#loop.start(60_000 + Math.random() * 60_000);
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }
}
