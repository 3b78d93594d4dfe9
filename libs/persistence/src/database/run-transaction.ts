import { AsyncLocalStorage } from 'node:async_hooks';
import { createHash } from 'node:crypto';
import { AppError } from '@gridworks/contracts';
import type { QueryRunner } from 'typeorm';
import {
  isInFailedTransaction,
  isOutcomeUnknown,
  markLostDuringCommit,
  OUTSIDE_TRANSACTION,
  TRANSACTION_ABORTED,
} from '../connection/persistence.errors.ts';
import type { ConnectionLease } from '../connection/postgres-connection.ts';
import { insertEvents, type StoredEvent, storedEvent } from './outbox.ts';
import type { Transaction, TransactionOptions } from './transaction.ts';

interface Scope {
  open: boolean;
}

/** Runs work in a transaction, and tracks the code within which a transaction is open. */
export class TransactionRunner {
  readonly #source: string;
  readonly #scopes = new AsyncLocalStorage<Scope>();
  readonly #handlers: (() => void)[] = [];

  /** `source`: the publisher, `/<service>/<instance>`. */
  constructor(source: string) {
    this.#source = source;
  }

  /** Calls the handler after each commit that stored events. */
  onEmitted(handler: () => void): void {
    this.#handlers.push(handler);
  }

  /** Throws `PERSISTENCE.OUTSIDE_TRANSACTION` when the calling code runs within an open transaction. */
  refuseNested(what: string): void {
    if (this.#scopes.getStore()?.open) throw outside(what);
  }

  /**
   * One attempt at a transaction. Throws the error of `work` or of the server, after a rollback; after an
   * error that `isLostDuringCommit` the outcome of COMMIT is unknown.
   */
  async run<T>(
    { runner, client, ignoreDeadline }: ConnectionLease,
    work: (tx: Transaction) => Promise<T>,
    { isolation }: TransactionOptions,
  ): Promise<T> {
    const scope: Scope = { open: true };
    const emitted: StoredEvent[] = [];
    await runner.startTransaction(isolation);
    guard(runner, scope);
    const tx: Transaction = {
      manager: runner.manager,
      prepared: async (sql, values) => {
        if (!scope.open) throw outside('a query');
        return (await client.query({ name: nameOf(sql), text: sql, values: [...values] })).rows;
      },
      emit: (contract, payload, options) => {
        if (!scope.open) throw outside('emit()');
        emitted.push(storedEvent(contract, payload, { source: this.#source, ...options }));
      },
    };
    let committing = false;
    try {
      const result = await this.#scopes.run(scope, () => work(tx));
      if (emitted.length > 0) await insertEvents(runner.manager, emitted);
      scope.open = false;
      committing = true;
      ignoreDeadline();
      // After an error that `work` ignored, PostgreSQL replies to COMMIT with ROLLBACK, and without an error.
      // Its status before that is not reliable: it may arrive later than the error.
      const { command } = await client.query('COMMIT');
      if (command === 'ROLLBACK') throw new AppError(TRANSACTION_ABORTED);
      if (emitted.length > 0) for (const handler of this.#handlers) handler();
      return result;
    } catch (error) {
      scope.open = false;
      if (committing && isOutcomeUnknown(error)) {
        markLostDuringCommit(error);
        throw error;
      }
      // ROLLBACK is not queued behind a query that still runs: then the pool drops the connection, which
      // rolls back as well.
      if ((client as { readyForQuery?: boolean }).readyForQuery)
        await client.query('ROLLBACK').catch(() => undefined);
      if (!isInFailedTransaction(error)) throw error;
      throw new AppError(TRANSACTION_ABORTED, { cause: error });
    }
  }
}

const names = new Map<string, string>();

/** The name of a prepared statement: PostgreSQL takes at most 63 bytes. */
function nameOf(sql: string): string {
  const name = names.get(sql) ?? createHash('sha256').update(sql).digest('base64url');
  names.set(sql, name);
  return name;
}

/** Queries that the work did not await must not run after the transaction on the same connection. */
function guard(runner: QueryRunner, scope: Scope): void {
  const query = runner.query.bind(runner) as (...args: unknown[]) => Promise<unknown>;
  runner.query = ((...args: unknown[]) =>
    scope.open ? query(...args) : Promise.reject(outside('a query'))) as typeof runner.query;
}

function outside(what: string): AppError {
  return new AppError(OUTSIDE_TRANSACTION, {
    detail:
      `${what} was called outside of the transaction that this code runs in, or after its end. ` +
      'Use `tx.manager` of the transaction and await every query before the work returns.',
  });
}
