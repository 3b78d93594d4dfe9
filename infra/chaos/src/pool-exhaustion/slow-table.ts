import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

/** A query of a dashboard takes up to so long: less than `lock_timeout` of the services. Milliseconds. */
const LOCKED_MS = 500;
const FREE_MS = 40;

/**
 * Makes every query of one table slow for a while: the table is locked, released for a moment, and locked again, each time
 * by another session, so that no session keeps the others waiting for long. A lock ends with its connection, so nothing is
 * left behind whatever happens to this process.
 */
export class SlowTable {
  readonly #url: string;
  readonly #table: string;
  #locked: pg.Client | undefined;
  #running: Promise<void> | undefined;
  #stopped = false;

  /** @param table with its schema, `auth.api_keys`. @param databaseUrl of a superuser */
  constructor(databaseUrl: string, table: string) {
    this.#url = databaseUrl;
    this.#table = table;
  }

  /** Resolves once the table is locked for the first time. */
  async slowFor(durationMs: number): Promise<void> {
    this.#locked = await this.#lock(await this.#connect());
    this.#running = this.#repeat(performance.now() + durationMs).catch(() => undefined);
  }

  /** Resolves when the table is as before. */
  async over(): Promise<void> {
    await this.#running;
  }

  async close(): Promise<void> {
    this.#stopped = true;
    await this.#locked?.end().catch(() => undefined);
  }

  async #repeat(until: number): Promise<void> {
    for (;;) {
      const [next] = await Promise.all([this.#connect(), sleep(LOCKED_MS)]);
      await this.#locked?.end();
      this.#locked = next;
      if (this.#stopped || performance.now() >= until) return next.end();
      await sleep(FREE_MS);
      await this.#lock(next);
    }
  }

  async #connect(): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: this.#url, connectionTimeoutMillis: 3000 });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  }

  async #lock(client: pg.Client): Promise<pg.Client> {
    await client.query(
      `begin; set local lock_timeout = '2s'; lock table ${this.#table} in access exclusive mode`,
    );
    return client;
  }
}
