import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

/** A query of a dashboard takes up to so long: less than `lock_timeout` of the services. Milliseconds. */
const LOCKED_MS = 350;
/** Until the next lock is queued behind the queries that wait for this one. */
const QUEUED_MS = 20;

/**
 * Makes every query of one table slow for a while: the table is locked by one session after another. Between two of them the
 * queries go on that waited by then, so that no session keeps the others waiting for long. A lock ends with its connection, so nothing is
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
      const isLast = this.#stopped || performance.now() >= until;
      const locking = isLast ? next.end() : this.#lock(next);
      await sleep(QUEUED_MS);
      await this.#locked?.end();
      this.#locked = next;
      await locking;
      if (isLast) return;
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
