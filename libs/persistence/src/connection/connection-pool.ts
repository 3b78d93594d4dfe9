import pg from 'pg';
import { EVERY_PARTNER_OPTION } from '../tenancy/tenant-setting.ts';

export interface ConnectionOptions {
  /** `postgres://role:password@host:port/database` */
  readonly url: string;
  /** The schema of the service; it has the service's name. */
  readonly schema: string;
  /** Shown in `pg_stat_activity`: the name of the instance. */
  readonly applicationName: string;
  /** Maximum number of connections. Default 8. */
  readonly poolSize?: number | undefined;
}

/**
 * Milliseconds. The client's own limit on a query is longer than the server's, for a server that is frozen.
 * The limit on a lock is longer than the server's wait before it searches for deadlocks (`deadlock_timeout`,
 * 1 s): otherwise both sides of a deadlock would fail by the lock timeout.
 */
export const TIMEOUTS = {
  acquire: 1500,
  statement: 3000,
  lock: 1200,
  idleInTransaction: 5000,
  query: 3500,
  probe: 800,
} as const;

/** A connection that serves no request, and sees the rows of every partner. */
export function clientConfig(options: ConnectionOptions): pg.ClientConfig & { options: string } {
  const config = tenantConfig(options);
  return { ...config, options: `${config.options} ${EVERY_PARTNER_OPTION}` };
}

/** A connection that sees the rows of no partner until `setTenant`. */
function tenantConfig(options: ConnectionOptions): pg.ClientConfig & { options: string } {
  return {
    connectionString: options.url,
    application_name: options.applicationName,
    // Also for a server where the role's own search_path was not set.
    options: `-c search_path=${options.schema}`,
    keepAlive: true,
    keepAliveInitialDelayMillis: 5000,
  };
}

type Checked = pg.PoolClient & { readonly readyForQuery?: boolean };

/**
 * node-postgres' pool with every timeout set. The pool never lends a connection in an unknown state, counts
 * the connections that broke, and can be renewed while it is in use.
 */
export class ConnectionPool {
  readonly #config: pg.PoolConfig;
  readonly #onLost: () => void;
  readonly #counted = new WeakSet<object>();
  #pool: pg.Pool;
  #lost = 0;

  constructor(options: ConnectionOptions, onLost: () => void = () => undefined) {
    this.#onLost = onLost;
    this.#config = {
      ...tenantConfig(options),
      max: options.poolSize ?? 8,
      connectionTimeoutMillis: TIMEOUTS.acquire,
      statement_timeout: TIMEOUTS.statement,
      lock_timeout: TIMEOUTS.lock,
      idle_in_transaction_session_timeout: TIMEOUTS.idleInTransaction,
      query_timeout: TIMEOUTS.query,
      idleTimeoutMillis: 30_000,
    };
    this.#pool = this.#open();
  }

  connect(): Promise<pg.PoolClient> {
    return this.#pool.connect();
  }

  /** The same with a callback, in the form that TypeORM uses. */
  lend(callback: Parameters<pg.Pool['connect']>[0]): void {
    this.#pool.connect(callback);
  }

  query<R extends pg.QueryResultRow>(sql: string, values: unknown[] = []): Promise<pg.QueryResult<R>> {
    return this.#pool.query<R>(sql, values);
  }

  /** Connections that broke since the start. Connections that this process gave up or closed do not count. */
  get lost(): number {
    return this.#lost;
  }

  get counts(): { total: number; idle: number; waiting: number; max: number } {
    const { totalCount, idleCount, waitingCount } = this.#pool;
    return { total: totalCount, idle: idleCount, waiting: waitingCount, max: this.#config.max ?? 0 };
  }

  /** The configured number of connections at most, or what `resize` made of it. */
  get size(): number {
    return this.#config.max ?? 0;
  }

  /** Makes at most so many connections from now on. Those beyond it are closed when they have been idle. */
  resize(size: number): void {
    this.#config.max = size;
    this.#pool.options.max = size;
  }

  /** Counts a connection as lost, once. */
  countLost(client: object): void {
    if (this.#counted.has(client)) return;
    this.#counted.add(client);
    this.#lost++;
    this.#onLost();
  }

  /**
   * Closes idle connections now, and busy ones when they are returned; new connections are made from now on.
   */
  renew(): void {
    const old = this.#pool;
    this.#pool = this.#open();
    if (!old.ending) void old.end().catch(() => undefined);
  }

  /** Waits for the connections in use. */
  async end(): Promise<void> {
    if (!this.#pool.ending) await this.#pool.end();
  }

  #open(): pg.Pool {
    const pool = new pg.Pool(this.#config);
    pool.on('error', () => undefined); // an idle connection broke: counted below, removed by the pool
    pool.on('connect', (client) => {
      client.on('error', () => this.countLost(client));
    });
    pool.on('release', (_error, client) => {
      // After our own timeout a query may still run on the connection, after a failed rollback a transaction:
      // the next user would read the response to another query. The pool drops a client that has been ended.
      const { readyForQuery } = client as Checked;
      if (!readyForQuery || client.getTransactionStatus() !== 'I') void client.end().catch(() => undefined);
    });
    return pool;
  }
}
