import { AppError, IDEMPOTENCY_KEY_IN_FLIGHT } from '@gridworks/contracts';
import { isLockTimeout } from '../connection/persistence.errors.ts';
import { IdempotencySecrets } from './idempotency-secrets.ts';
import { canonicalJson, type IdempotentCall, keyReused } from './key-digests.ts';
import type { Transaction, TransactionOptions } from './transaction.ts';

/** `key`: stored by `work`, which does nothing when the key is stored already. */
type RunTransaction = <T>(
  key: string,
  work: (tx: Transaction) => Promise<T>,
  options: TransactionOptions,
) => Promise<T>;

interface Running {
  readonly hash: string;
  readonly result: Promise<string>;
}

/**
 * Does a call once for each key. The key is stored in the transaction of the effect: either both are
 * committed or neither, so a failed call may be repeated. Responses are stored as encrypted JSON, which only
 * the caller's key opens.
 */
export class Idempotency {
  readonly #transaction: RunTransaction;
  // Simultaneous calls with one key share one transaction and its connection.
  readonly #running = new Map<string, Running>();

  constructor(transaction: RunTransaction) {
    this.#transaction = transaction;
  }

  /**
   * The result of `work`, from this call or from the first one; it goes through JSON either way. Throws
   * `IDEMPOTENCY_KEY_REUSED` for another request under the same key, `IDEMPOTENCY_KEY_IN_FLIGHT` while
   * another process works on it for longer than the lock timeout, and the error of `work`.
   */
  async run<T>(call: IdempotentCall, work: (tx: Transaction) => Promise<T>): Promise<T> {
    return JSON.parse(await this.runJson(call, work)) as T;
  }

  /** As `run`, but returns the JSON. */
  async runJson(
    call: IdempotentCall,
    work: (tx: Transaction) => Promise<unknown>,
    options: TransactionOptions = {},
  ): Promise<string> {
    const secrets = new IdempotencySecrets(call.scope, call.key);
    const hash = secrets.digest(canonicalJson(call.request));
    const id = `${call.scope} ${secrets.id}`;
    let running = this.#running.get(id);
    if (running && running.hash !== hash) throw keyReused();
    if (!running) {
      running = { hash, result: this.#once(id, call.scope, secrets, hash, work, options) };
      this.#running.set(id, running);
      const forget = () => this.#running.delete(id);
      running.result.then(forget, forget);
    }
    return running.result;
  }

  #once(
    id: string,
    scope: string,
    secrets: IdempotencySecrets,
    hash: string,
    work: (tx: Transaction) => Promise<unknown>,
    options: TransactionOptions,
  ): Promise<string> {
    const attempt = async (tx: Transaction): Promise<string> => {
      // Waits here while another process holds the same key in an open transaction.
      const taken: unknown[] = await tx.manager
        .query(
          `insert into idempotency_keys (scope, key, request_hash) values ($1, $2, $3)
           on conflict do nothing returning key`,
          [scope, secrets.id, hash],
        )
        .catch((error: unknown) => {
          throw isLockTimeout(error)
            ? new AppError(IDEMPOTENCY_KEY_IN_FLIGHT, { retryAfterMs: 1000, cause: error })
            : error;
        });
      if (taken.length === 0) return this.#stored(tx, scope, secrets, hash);
      const result = JSON.stringify((await work(tx)) ?? null);
      await tx.manager.query(`update idempotency_keys set response = $3 where scope = $1 and key = $2`, [
        scope,
        secrets.id,
        JSON.stringify(secrets.seal(result)),
      ]);
      return result;
    };
    return this.#transaction(id, attempt, options);
  }

  async #stored(tx: Transaction, scope: string, secrets: IdempotencySecrets, hash: string): Promise<string> {
    const [row]: { request_hash: string; response: string }[] = await tx.manager.query(
      `select request_hash, response from idempotency_keys where scope = $1 and key = $2`,
      [scope, secrets.id],
    );
    // Deleted at this very moment because of its age: the caller's next try starts from the beginning.
    if (!row) throw new AppError(IDEMPOTENCY_KEY_IN_FLIGHT, { retryAfterMs: 1000 });
    if (row.request_hash !== hash) throw keyReused();
    return secrets.open(row.response);
  }
}
