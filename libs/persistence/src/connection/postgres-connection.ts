import { setTimeout as sleep } from 'node:timers/promises';
import { currentContext, type Logger } from '@gridworks/observability';
import pg from 'pg';
import { DataSource, type DataSourceOptions, type QueryRunner } from 'typeorm';
import { setTenant } from '../tenancy/tenant-setting.ts';
import { applyMigrations, type MigrationClass } from './apply-migrations.ts';
import { type ConnectionOptions, ConnectionPool, clientConfig, TIMEOUTS } from './connection-pool.ts';
import {
  cutAtDeadline,
  errorOnConnection,
  isAway,
  isConnectionLost,
  isDemoted,
  SchemaNotReadyError,
  unavailable,
} from './persistence.errors.ts';
import { ServerProbe } from './server-probe.ts';
import { ServerWatch } from './server-watch.ts';

export interface PostgresConnectionOptions extends ConnectionOptions {
  readonly entities?: DataSourceOptions['entities'];
  readonly migrations: readonly MigrationClass[];
  /** False: the schema is used as it exists. Default true. */
  readonly migrate?: boolean | undefined;
  readonly logger: Logger;
}

/** Milliseconds; 0: without a limit. */
export interface SessionLimits {
  readonly lockMs: number;
  readonly statementMs: number;
}

/** One connection of the pool, lent for one piece of work. */
export interface ConnectionLease {
  readonly runner: QueryRunner;
  readonly client: pg.PoolClient;
  /** For statements that must not be cut: COMMIT. */
  ignoreDeadline(): void;
}

/** The time that a response needs to reach the caller before the deadline. Milliseconds. */
export const RESPONSE_MS = 150;

/**
 * A TypeORM data source whose server may be away: at the start, permanently, or for a moment. The connection
 * is made and the schema migrated in the background. While the server is known to be away, calls are refused
 * at once instead of waiting.
 */
export class PostgresConnection {
  readonly pool: ConnectionPool;
  readonly #options: PostgresConnectionOptions;
  /** Tracks whether the server is away. */
  readonly server: ServerWatch;
  readonly #ready = Promise.withResolvers<void>();
  #source: DataSource | undefined;
  #isReady = false;
  #demoted = false;
  #closed = false;
  #lastFailure = 'no attempt was made yet';

  constructor(options: PostgresConnectionOptions) {
    this.#options = options;
    this.pool = new ConnectionPool(options, () => void this.server.probe());
    this.server = new ServerWatch(options);
  }

  /** Starts to connect and migrate, and returns. Tries until it succeeds or `close` is called. */
  start(): void {
    void this.#connect();
  }

  /** Resolves once connected and migrated; never, if that never happens. */
  whenReady(): Promise<void> {
    return this.#ready.promise;
  }

  /**
   * Throws `UNAVAILABLE`: at once when the server is known to be away, after a while when the first
   * connection is not made yet.
   */
  async admit(): Promise<void> {
    if (this.#closed) throw unavailable(new Error('the database was closed'));
    if (this.server.away !== undefined) throw unavailable(this.server.away);
    if (!this.#isReady)
      await Promise.race([
        this.#ready.promise,
        sleep(TIMEOUTS.acquire, undefined, { ref: false }).then(() => {
          throw unavailable(new Error(`not connected yet: ${this.#lastFailure}`));
        }),
      ]);
  }

  /**
   * Lends a connection that sees the rows of the tenant of the call, after `admit`. Throws the error of the server or of `work`; the last failure of the
   * server when the server is known to be away. Shortly before the deadline of the surrounding call the
   * connection is cut: nothing was changed then, and the caller still gets a response that says so.
   */
  async use<T>(work: (lease: ConnectionLease) => Promise<T>): Promise<T> {
    if (this.server.away !== undefined) throw this.server.away;
    const runner = (this.#source as DataSource).createQueryRunner();
    let client: pg.PoolClient | undefined;
    let gaveUp = false;
    let deadline: NodeJS.Timeout | undefined;
    try {
      const lent = (await runner.connect()) as pg.PoolClient;
      client = lent;
      const { deadlineAt, tenant } = currentContext() ?? {};
      if (deadlineAt !== undefined) {
        const cut = () => {
          gaveUp = true;
          void lent.end().catch(() => undefined);
        };
        deadline = setTimeout(cut, deadlineAt - RESPONSE_MS - Date.now());
      }
      await setTenant(lent, tenant);
      return await work({ runner, client, ignoreDeadline: () => clearTimeout(deadline) });
    } catch (caught) {
      const raw = errorOnConnection(caught, runner.isReleased || gaveUp);
      const error = gaveUp && isConnectionLost(raw) ? cutAtDeadline(raw) : raw;
      if (client && !gaveUp && isConnectionLost(error)) this.pool.countLost(client);
      if (isDemoted(error)) this.#demoted = true;
      if (isAway(error)) void this.server.probe();
      throw error;
    } finally {
      clearTimeout(deadline);
      await runner.release();
    }
  }

  /** Throws when the server does not respond, and SchemaNotReadyError while the schema is not ready yet. */
  async check(): Promise<void> {
    try {
      await this.server.ping();
    } catch (error) {
      void this.server.probe();
      throw error;
    }
    if (!this.#isReady) throw new SchemaNotReadyError(`the schema is not ready: ${this.#lastFailure}`);
  }

  /** See `Database.aside`. */
  aside(purpose: string, timeoutMs?: number): ServerProbe {
    const { applicationName } = this.#options;
    return new ServerProbe({ ...this.#options, applicationName: `${applicationName}:${purpose}` }, timeoutMs);
  }

  /** See `Database.session`. */
  async session(purpose: string, limits: SessionLimits): Promise<pg.Client> {
    const { applicationName } = this.#options;
    const client = new pg.Client({
      ...clientConfig({ ...this.#options, applicationName: `${applicationName}:${purpose}` }),
      connectionTimeoutMillis: TIMEOUTS.acquire,
      lock_timeout: limits.lockMs,
      statement_timeout: limits.statementMs,
      query_timeout: limits.statementMs === 0 ? undefined : limits.statementMs + 500,
    });
    client.on('error', () => undefined); // the current query fails, which is enough
    try {
      await client.connect();
      return client;
    } catch (error) {
      void client.end().catch(() => undefined);
      throw error;
    }
  }

  /** Replaces every connection, and waits until a new one works. */
  async renew(): Promise<void> {
    this.server.reset();
    this.pool.renew();
    (await this.pool.connect()).release();
  }

  /**
   * Called after a connection broke. The pool has dropped the connection, and the others may still work: so
   * this only waits until the server responds, at most a second. Connections to a server that is no longer
   * the primary are replaced.
   */
  async recover(): Promise<void> {
    if (this.#demoted) {
      this.#demoted = false;
      this.server.reset();
      this.pool.renew();
    }
    await this.server.untilBack();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.server.close();
    await this.pool.end();
  }

  async #connect(): Promise<void> {
    for (let waitMs = 100; !this.#closed; waitMs = Math.min(waitMs * 2, 500)) {
      try {
        await this.server.ping();
        const { migrate, migrations, logger } = this.#options;
        if (migrate !== false) {
          const applied = await applyMigrations(this.pool, this.#options, migrations);
          if (applied.length > 0) logger.log('schema.migrated', { migrations: applied });
        }
        this.#source = await this.#initialize();
        this.#isReady = true;
        this.server.away = undefined;
        this.#ready.resolve();
        return;
      } catch (error) {
        // Callers wait a little while the server may be there any moment; they do not wait when the server
        // certainly is not there.
        this.server.away = isConnectionLost(error) ? error : undefined;
        this.#note(error);
      }
      await sleep(waitMs, undefined, { ref: false });
    }
  }

  /** Logs the same failure once, not ten times a second. */
  #note(error: unknown): void {
    const message = error instanceof Error ? error.message || error.constructor.name : String(error);
    if (message === this.#lastFailure || this.#closed) return;
    this.#lastFailure = message;
    this.#options.logger.log(isAway(error) ? 'postgres.away' : 'postgres.connect_failed', { error });
  }

  async #initialize(): Promise<DataSource> {
    const { pool } = this;
    const source = new DataSource({
      type: 'postgres',
      url: this.#options.url,
      schema: this.#options.schema,
      entities: this.#options.entities ?? [],
      installExtensions: false,
      // TypeORM makes its pool with `new Pool`: it gets our pool, which counts and checks connections, and
      // can be renewed.
      driver: {
        ...pg,
        Pool: function Pool() {
          return { connect: pool.lend.bind(pool), end: (done: () => void) => done(), on: () => undefined };
        },
      },
    });
    return source.initialize();
  }
}
