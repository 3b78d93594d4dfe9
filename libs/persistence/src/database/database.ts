import { currentContext, type DependencyProbe, type KeyedCall, type PoolUse } from '@gridworks/observability';
import type { HealingEnvironment } from '@gridworks/resilience';
import type { Client } from 'pg';
import type { EntityManager } from 'typeorm';
import { isWriteRefused } from '../connection/persistence.errors.ts';
import {
  PostgresConnection,
  type PostgresConnectionOptions,
  type SessionLimits,
} from '../connection/postgres-connection.ts';
import type { ServerProbe } from '../connection/server-probe.ts';
import { GuardedPool } from '../pool/guarded-pool.ts';
import { DatabaseCall } from './database-call.ts';
import { type DatabaseSites, databaseSites } from './database-sites.ts';
import { Idempotency } from './idempotency.ts';
import type { IdempotentCall } from './key-digests.ts';
import { recordAct } from './record-act.ts';
import { TransactionRunner } from './run-transaction.ts';
import type { Transaction, TransactionOptions } from './transaction.ts';

export interface DatabaseOptions extends PostgresConnectionOptions {
  /** Whether the service cannot work without the database. Default true. */
  readonly critical?: boolean | undefined;
  /** For a database that is not critical: how the service is degraded while it is away, in words. */
  readonly degraded?: string | undefined;
  /**
   * The environment that heals its calls, and receives their errors. Default: the environment of the process.
   */
  readonly healing?: HealingEnvironment | undefined;
}

/** A connection outside of the pool, which its owner ends. */
export type DatabaseSession = Client;

const TAKE_IN_SQL =
  'insert into inbox (consumer, event_id) values ($1, $2) on conflict do nothing returning event_id';

/**
 * The service's own schema in PostgreSQL. Work gets a manager for as long as it runs; there is no other way
 * to run a query. While the server is away every call ends with `PLATFORM.UNAVAILABLE` within seconds.
 */
export class Database implements DependencyProbe {
  readonly name = 'postgres';
  readonly critical: boolean;
  readonly #connection: PostgresConnection;
  /** Who gets a connection, when they run out. */
  readonly connections: GuardedPool;
  readonly #degraded: string | null;
  readonly #idempotency = new Idempotency((key, work, options) => this.#transact(work, options, key));
  readonly #transactions: TransactionRunner;
  readonly #sites: DatabaseSites;
  /** Calls with a key that have had their transaction. */
  readonly #keyed = new WeakSet<KeyedCall>();
  #lastCheckFailed = false;
  #readOutbox: () => number | null = () => null;

  constructor(options: DatabaseOptions) {
    this.#connection = new PostgresConnection(options);
    this.connections = new GuardedPool(this.#connection, options.logger);
    this.#transactions = new TransactionRunner(`/${options.schema}/${options.applicationName}`);
    this.#sites = databaseSites(options.schema, this.#connection, options.healing);
    this.critical = options.critical ?? true;
    this.#degraded = options.degraded ?? null;
  }

  /** Starts to connect and migrate in the background. */
  start(): void {
    this.#connection.start();
  }

  /** Resolves once connected and migrated. Waits for as long as that takes. */
  whenReady(): Promise<void> {
    return this.#connection.whenReady();
  }

  /** Waits for the current work, then closes every connection. */
  close(): Promise<void> {
    this.connections.close();
    return this.#connection.close();
  }

  /** Calls the handler after each commit that stored events. */
  onEmitted(handler: () => void): void {
    this.#transactions.onEmitted(handler);
  }

  /**
   * Runs `work` in one transaction. When the transaction is rolled back (a deadlock, a serialization failure,
   * a connection that broke before COMMIT), the whole of `work` may run again, within the caller's deadline:
   * it must do nothing that a rollback does not undo. Throws `PLATFORM.UNAVAILABLE` when a repeat did not
   * help or the server is away, and nothing was changed; `PLATFORM.DEADLINE_EXCEEDED` when the connection
   * broke during COMMIT, so that the outcome is unknown.
   *
   * In the handler of a call with an idempotency key, the key and the result of `work` are stored in the same
   * transaction, and a repeat gets that result through JSON without running `work`. So such a handler has one
   * transaction, and returns its result. Then also throws `IDEMPOTENCY_KEY_REUSED` and
   * `IDEMPOTENCY_KEY_IN_FLIGHT`.
   *
   * The first transaction in the handler of a call that is audited emits its audit entry.
   */
  transaction<T>(work: (tx: Transaction) => Promise<T>, options: TransactionOptions = {}): Promise<T> {
    const { keyed, act } = currentContext() ?? {};
    if (!act || act.isRecorded)
      return keyed ? this.#transactOnce(keyed, work, options) : this.#transact(work, options);
    const recording = recordAct(act, work);
    const done = keyed ? this.#transactOnce(keyed, recording, options) : this.#transact(recording, options);
    return done.then((result) => {
      // Also after a repeat with a key: the first call has left the entry.
      act.isRecorded = true;
      return result;
    });
  }

  /**
   * Runs queries that change nothing, outside of a transaction, on one connection; repeats them when that
   * connection breaks. Throws `PERSISTENCE.OUTSIDE_TRANSACTION` within an open transaction, where the call
   * could wait for ever for a connection that this very transaction holds; `PLATFORM.UNAVAILABLE` when the
   * server is away.
   */
  async read<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    this.#transactions.refuseNested('read()');
    await this.#connection.admit();
    const attempt = () => this.#connection.use(({ runner }) => work(runner.manager));
    const call = () => new DatabaseCall(attempt).through(this.#sites.read) as Promise<T>;
    return this.connections.run(call);
  }

  /**
   * Consumes an event once for this consumer (`<service>_<handler>`), however often the event is delivered:
   * the inbox row and the effect of `work` are committed together. Returns `duplicate` without running `work`
   * when the event was consumed before.
   */
  once(
    event: { readonly id: string },
    consumer: string,
    work: (tx: Transaction) => Promise<void>,
  ): Promise<'done' | 'duplicate'> {
    // A repeat finds its own inbox row, when the connection broke before the commit was confirmed.
    let ran = false;
    const takeIn = async (tx: Transaction) => {
      const taken = await tx.prepared(TAKE_IN_SQL, [consumer, event.id]);
      if (taken.length === 0) return ran ? 'done' : 'duplicate';
      await work(tx);
      ran = true;
      return 'done';
    };
    return this.#transact(takeIn, {}, `${consumer}:${event.id}`);
  }

  /**
   * Whether `once` has consumed the event for this consumer. For an effect outside of the database, a mail for
   * instance: ask, do it, and then `once` with nothing to do. A crash in between does it again.
   */
  async wasConsumed(event: { readonly id: string }, consumer: string): Promise<boolean> {
    const rows = await this.read<unknown[]>((manager) =>
      manager.query('select 1 from inbox where consumer = $1 and event_id = $2', [consumer, event.id]),
    );
    return rows.length > 0;
  }

  /**
   * Does a call once for each key of a caller, and returns the same response every time. See
   * `Idempotency.run`.
   */
  idempotent<T>(call: IdempotentCall, work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.#idempotency.run(call, work);
  }

  async check(signal?: AbortSignal): Promise<void> {
    try {
      await abortable(this.#connection.check(), signal);
      this.#lastCheckFailed = false;
    } catch (error) {
      this.#lastCheckFailed = true;
      throw error;
    }
  }

  /**
   * Whether the server accepts writes, over a connection outside of the pool and without healing: null when
   * the statement was run, else the reason why the server refuses to write, with its SQLSTATE (25006: it is read-only; 53100: its disk is
   * full). Throws when neither is known.
   */
  async writeRefusal(statement: string, signal?: AbortSignal): Promise<string | null> {
    try {
      await abortable(this.#connection.server.run(statement), signal);
      return null;
    } catch (error) {
      // The SQLSTATE comes first: the message depends on the language of the server.
      if (isWriteRefused(error)) return `${(error as { code?: string }).code}: ${(error as Error).message}`;
      throw error;
    }
  }

  /**
   * A further connection of the same role, beside the pool and the probe, without healing: for statements that must
   * neither wait for others nor delay them. The caller closes it. `purpose` ends its application name; `timeoutMs` of a statement is 800 by default.
   */
  aside(purpose: string, timeoutMs?: number): ServerProbe {
    return this.#connection.aside(purpose, timeoutMs);
  }

  /**
   * A further connection of the same role for several statements that belong together, or for one that takes long,
   * without healing. The caller ends it. `purpose` ends its application name: `migrations` says that nobody may end it. Throws while the server is away.
   */
  session(purpose: string, limits: SessionLimits): Promise<DatabaseSession> {
    return this.#connection.session(purpose, limits);
  }

  connectionsLost(): number {
    return this.#connection.pool.lost;
  }

  /** Connections of the pool that are lent, and callers that wait for one. */
  pool(): PoolUse {
    return this.connections.use();
  }

  setPool(mode: PoolUse['mode'], size: number): void {
    this.connections.set(mode, size);
  }

  /** Tells `outboxWaiting` where to read. */
  readOutbox(read: () => number | null): void {
    this.#readOutbox = read;
  }

  outboxWaiting(): number | null {
    return this.#readOutbox();
  }

  /** The start time of the server. */
  boot(): string | null {
    return this.#connection.server.boot;
  }

  reset(): Promise<void> {
    return this.#connection.renew();
  }

  degraded(): string | null {
    return this.#lastCheckFailed ? this.#degraded : null;
  }

  async #transactOnce<T>(
    keyed: KeyedCall,
    work: (tx: Transaction) => Promise<T>,
    options: TransactionOptions,
  ): Promise<T> {
    if (this.#keyed.has(keyed)) throw new Error(`${keyed.scope}: a call with a key has one transaction`);
    this.#keyed.add(keyed);
    keyed.kept = await this.#idempotency.runJson(keyed, work, options);
    return JSON.parse(keyed.kept) as T;
  }

  /** `key`: `work` stores it with its effect, and a repeat that finds it does nothing. */
  async #transact<T>(
    work: (tx: Transaction) => Promise<T>,
    options: TransactionOptions,
    key?: string,
  ): Promise<T> {
    this.#transactions.refuseNested('transaction()');
    await this.#connection.admit();
    const attempt = () => this.#connection.use((lease) => this.#transactions.run(lease, work, options));
    const call = () => new DatabaseCall(attempt, key).through(this.#sites.transaction) as Promise<T>;
    return this.connections.run(call);
  }
}

async function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
