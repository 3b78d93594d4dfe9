import { counter, type Logger } from '@gridworks/observability';
import type { Database } from './database/database.ts';
import { WakeableLoop } from './loop/wakeable-loop.ts';

/**
 * Tables of the service of which more rows than there are (and at least 1,000) have changed since their statistics were made, and to which
 * autovacuum has not come for ten minutes. It comes by itself after a tenth of the rows, unless it is off, held up or far behind.
 */
const STALE = `
  select format('%I.%I', schemaname, relname) as address, relname as name from pg_stat_user_tables
  where schemaname = current_schema() and n_mod_since_analyze > greatest(n_live_tup, 1000)
    and coalesce(greatest(last_analyze, last_autoanalyze), '-infinity') < now() - interval '10 minutes'
  order by n_mod_since_analyze desc limit 10`;
const EVERY_MS = 600_000;
/** ANALYZE reads a sample of 30,000 rows, however large the table is. */
const TIMEOUT_MS = 30_000;

const analyzed = counter(
  'postgres_tables_analyzed_total',
  'Tables whose statistics the service made anew, because autovacuum had not come',
);

/**
 * Makes the statistics of such tables anew: with those of another time PostgreSQL chooses slow plans. Reads and
 * writes go on meanwhile, and a table that somebody else locks is left out. Returns the names of the tables. Throws PostgreSQL's error.
 */
export async function refreshStatistics(database: Database): Promise<string[]> {
  const server = database.aside('statistics', TIMEOUT_MS);
  try {
    const stale = await server.rows<{ address: string; name: string }>(STALE);
    for (const { address } of stale) await server.run(`analyze (skip_locked) ${address}`);
    analyzed.inc(stale.length);
    return stale.map(({ name }) => name);
  } finally {
    server.close();
  }
}

/** Looks for stale statistics every ten minutes. */
export class StatisticsLoop {
  readonly #loop: WakeableLoop;

  constructor(database: Database, logger: Logger) {
    this.#loop = new WakeableLoop(async () => {
      await refreshStatistics(database).then(
        (tables) => tables.length > 0 && logger.log('statistics.refreshed', { tables }),
        (error) => logger.log('statistics.refresh_failed', { error }),
      );
      return EVERY_MS;
    });
  }

  start(): void {
    this.#loop.start(EVERY_MS / 2 + Math.random() * EVERY_MS);
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }
}
