import { currentContext } from '@gridworks/observability';
import { attachHealing, healingOf } from '@gridworks/resilience';
import {
  isConflict,
  isLostDuringCommit,
  outcomeUnknown,
  toAppError,
} from '../connection/persistence.errors.ts';
import { RESPONSE_MS } from '../connection/postgres-connection.ts';

/**
 * No repeat starts after this many milliseconds. Shorter than the wait for a full pool, longer than the wait
 * for a lock.
 */
const PATIENCE_MS = 1_400;

/** One call of the database with all its attempts, and the result for its caller. */
export class DatabaseCall {
  /** Stored with the effect of the call: a repeat finds it, and does nothing a second time. */
  readonly key: string | undefined;
  readonly #work: () => Promise<unknown>;
  readonly #began = performance.now();
  readonly #deadlineAt = currentContext()?.deadlineAt;
  #running: Promise<unknown> | undefined;
  #lostDuringCommit: unknown;
  #failure: { readonly error: unknown } | undefined;

  constructor(work: () => Promise<unknown>, key?: string) {
    this.#work = work;
    this.key = key;
  }

  /** Throws errors of the driver unchanged; throws the last error again when it is too late for a repeat. */
  async attempt(): Promise<unknown> {
    if (this.#failure !== undefined && this.#isOverdue()) throw this.#failure.error;
    const running = this.#work();
    this.#running = running;
    try {
      return await running;
    } catch (error) {
      if (isLostDuringCommit(error)) this.#lostDuringCommit = error;
      this.#failure = { error };
      throw error;
    } finally {
      if (this.#running === running) this.#running = undefined;
    }
  }

  /** Milliseconds until the caller needs a response; 0 when nothing may be started any more. */
  remainingMs(): number {
    if (this.#isOverdue()) return 0;
    return (this.#deadlineAt ?? Number.POSITIVE_INFINITY) - RESPONSE_MS - Date.now();
  }

  /**
   * A slow call is not waited for a second time. A conflict is over as soon as it is reported, so for its
   * repeats only the caller's deadline counts.
   */
  #isOverdue(): boolean {
    if (isConflict(this.#failure?.error)) return false;
    return performance.now() - this.#began > PATIENCE_MS;
  }

  /** Makes the call through `site`. Throws the errors that callers of the database get. */
  async through(site: (call: DatabaseCall) => Promise<unknown>): Promise<unknown> {
    try {
      return await site(this);
    } catch (error) {
      return this.#conclude(error);
    }
  }

  async #conclude(error: unknown): Promise<unknown> {
    let last = error;
    if (this.#running !== undefined) {
      // A repeat for which no time was left still runs, and may be in COMMIT: its result is the final one.
      try {
        return await this.#running;
      } catch (late) {
        last = late;
      }
    }
    const reported =
      this.#lostDuringCommit === undefined ? toAppError(last) : outcomeUnknown(this.#lostDuringCommit);
    const record = healingOf(error);
    if (record !== undefined && reported !== error) attachHealing(reported, record);
    throw reported;
  }
}
