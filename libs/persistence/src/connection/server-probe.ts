import pg from 'pg';
import { type ConnectionOptions, clientConfig, TIMEOUTS } from './connection-pool.ts';
import { isConnectionLost } from './persistence.errors.ts';

/** A connection that responded within this time, ms, is taken for a working one. */
const FRESH_MS = 1500;

/**
 * Checks whether the server responds, and runs single statements, over a connection of its own: the result does not depend on a free
 * connection of the pool. Keeps its connection while it works.
 */
export class ServerProbe {
  readonly #options: ConnectionOptions;
  readonly #timeoutMs: number;
  #client: pg.Client | undefined;
  #running: Promise<void> | undefined;
  #boot: string | null = null;
  /** `performance.now()` of the last response. */
  #respondedAt = Number.NEGATIVE_INFINITY;
  #closed = false;

  /** `timeoutMs`: of each statement. */
  constructor(options: ConnectionOptions, timeoutMs: number = TIMEOUTS.probe) {
    this.#options = options;
    this.#timeoutMs = timeoutMs;
  }

  /** The start time of the server that responded last; null before the first response. */
  get boot(): string | null {
    return this.#boot;
  }

  /**
   * Resolves when the server responds; throws when it does not, after at most 0.8 s. Simultaneous callers
   * share one query.
   */
  ping(): Promise<void> {
    this.#running ??= this.#probe().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  /** Runs one statement over the connection of `ping`. Throws the server's error, after at most 1.6 s. */
  run<R extends pg.QueryResultRow>(statement: string): Promise<R[]> {
    return this.#statement((client) => client.query<R>(statement));
  }

  /**
   * The rows of one statement, over the connection of `ping`. Throws the server's error, after twice its timeout at most. Values
   * are parameters, never parts of the text.
   */
  rows<R extends pg.QueryResultRow>(statement: string, values: unknown[] = []): Promise<R[]> {
    return this.#statement((client) => client.query<R>(statement, values));
  }

  /** Drops the connection; the next query makes a new one. */
  reset(): void {
    this.#drop(this.#client);
  }

  close(): void {
    this.#closed = true;
    this.reset();
  }

  /** A connection that responded a moment ago is not asked first whether it does. */
  async #statement<T>(send: (client: pg.Client) => Promise<{ rows: T[] }>): Promise<T[]> {
    if (!this.#client || performance.now() - this.#respondedAt > FRESH_MS) await this.ping();
    const client = this.#client;
    if (!client) throw new Error('the connection was dropped');
    try {
      const { rows } = await send(client);
      this.#respondedAt = performance.now();
      return rows;
    } catch (error) {
      // Only the server's own refusal shows that the connection works.
      if (!(error instanceof pg.DatabaseError)) this.#drop(client);
      throw error;
    }
  }

  async #probe(): Promise<void> {
    if (this.#closed) throw new Error('the database was closed');
    const kept = this.#client;
    if (kept) {
      try {
        return await this.#query(kept);
      } catch (error) {
        this.#drop(kept);
        // That this one connection broke does not prove that the server is away; silence does.
        if (!isConnectionLost(error)) throw error;
      }
    }
    const client = this.#open();
    try {
      await client.connect();
      await this.#query(client);
      if (this.#closed) this.#drop(client);
      else this.#client = client;
    } catch (error) {
      this.#drop(client);
      throw error;
    }
  }

  async #query(client: pg.Client): Promise<void> {
    const { rows } = await client.query<{ boot: Date }>('select pg_postmaster_start_time() as boot');
    this.#respondedAt = performance.now();
    this.#boot = rows[0]?.boot.toISOString() ?? null;
  }

  #open(): pg.Client {
    const client = new pg.Client({
      ...clientConfig({ ...this.#options, applicationName: `${this.#options.applicationName}:probe` }),
      connectionTimeoutMillis: TIMEOUTS.probe,
      statement_timeout: this.#timeoutMs,
      query_timeout: this.#timeoutMs,
    });
    client.on('error', () => this.#drop(client));
    return client;
  }

  #drop(client: pg.Client | undefined): void {
    if (client === this.#client) this.#client = undefined;
    void client?.end().catch(() => undefined);
  }
}
