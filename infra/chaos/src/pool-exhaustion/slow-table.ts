import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

/** A query of a dashboard takes up to so long: less than `lock_timeout` of the services. Milliseconds. */
const LOCKED_MS = 700;
const FREE_MS = 40;

/**
 * Makes every query of one table slow for a while: the table is locked, released for a moment, and locked again. A lock
 * ends with its connection, so nothing is left behind whatever happens to this process.
 */
export class SlowTable {
  readonly #client: pg.Client;
  readonly #table: string;
  #running: Promise<void> | undefined;
  #stopped = false;

  /** @param table with its schema, `auth.api_keys`. @param databaseUrl of a superuser */
  constructor(databaseUrl: string, table: string) {
    this.#table = table;
    this.#client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 3000 });
    this.#client.on('error', () => undefined);
  }

  async connect(): Promise<void> {
    await this.#client.connect();
  }

  /** Resolves once the table is locked for the first time. */
  async slowFor(durationMs: number): Promise<void> {
    await this.#lock();
    this.#running = this.#repeat(performance.now() + durationMs).catch(() => undefined);
  }

  /** Resolves when the table is as before. */
  async over(): Promise<void> {
    await this.#running;
  }

  async close(): Promise<void> {
    this.#stopped = true;
    await this.#client.end().catch(() => undefined);
  }

  async #repeat(until: number): Promise<void> {
    for (;;) {
      await sleep(LOCKED_MS);
      await this.#client.query('rollback');
      if (this.#stopped || performance.now() >= until) return;
      await sleep(FREE_MS);
      await this.#lock();
    }
  }

  async #lock(): Promise<void> {
    await this.#client.query(
      `begin; set local lock_timeout = '2s'; lock table ${this.#table} in access exclusive mode`,
    );
  }
}
