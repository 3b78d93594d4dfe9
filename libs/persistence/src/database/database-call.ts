import { currentContext } from '@gridworks/observability';
import { attachHealing, healingOf } from '@gridworks/resilience';
import {
  isConflict,
  isLostDuringCommit,
  outcomeUnknown,
  toAppError,
} from '../connection/persistence.errors.ts';
import { RESPONSE_MS } from '../connection/postgres-connection.ts';

/** After this many milliseconds no repeat begins. Less than a full pool is waited for, and more than a lock is. */
const PATIENCE_MS = 1_400;

/** One call of the database with all its attempts, and what its caller must be told in the end. */
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

  /** Throws errors of the driver as they are; the last one again when it is too late for a repeat. */
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

  /** Milliseconds until the caller must have an answer; 0 when nothing is to be begun any more. */
  remainingMs(): number {
    if (this.#isOverdue()) return 0;
    return (this.#deadlineAt ?? Number.POSITIVE_INFINITY) - RESPONSE_MS - Date.now();
  }

  /**
   * What was slow once is not waited for a second time. A conflict is over as soon as it is told, so for its repeats
   * only the caller's deadline counts.
   */
  #isOverdue(): boolean {
    if (isConflict(this.#failure?.error)) return false;
    return performance.now() - this.#began > PATIENCE_MS;
  }

  /** Makes the call by `site`. Throws what callers of the database get. */
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
      // A repeat for which no time was left still runs, and may be within COMMIT: it has the last word.
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
