import { currentContext } from '@gridworks/observability';
import { attachHealing, healingOf } from '@gridworks/resilience';
import { TIMEOUTS } from './connection-pool.ts';
import { isConflict, isLostDuringCommit, outcomeUnknown, toAppError } from './persistence.errors.ts';
import { ANSWER_MS } from './postgres-connection.ts';

/** One call of the database with all its attempts, and what its caller must be told in the end. */
export class DatabaseCall {
  /** Stored with the effect of the call: a repeat finds it, and does nothing a second time. */
  readonly key: string | undefined;
  readonly #work: () => Promise<unknown>;
  readonly #began = performance.now();
  readonly #deadlineAt = currentContext()?.deadlineAt;
  #running: Promise<unknown> | undefined;
  #lostDuringCommit: unknown;
  #conflicted = false;

  constructor(work: () => Promise<unknown>, key?: string) {
    this.#work = work;
    this.key = key;
  }

  /** Throws errors of the driver as they are. */
  async attempt(): Promise<unknown> {
    const running = this.#work();
    this.#running = running;
    try {
      return await running;
    } catch (error) {
      if (isLostDuringCommit(error)) this.#lostDuringCommit = error;
      this.#conflicted = isConflict(error);
      throw error;
    } finally {
      if (this.#running === running) this.#running = undefined;
    }
  }

  /**
   * Milliseconds within which it may be repeated. A conflict is over as soon as it is told, so only the caller's
   * deadline counts; what was slow once is not waited for a second time.
   */
  remainingMs(): number {
    const patience = this.#began + TIMEOUTS.acquire - performance.now();
    const left = (this.#deadlineAt ?? Number.POSITIVE_INFINITY) - ANSWER_MS - Date.now();
    return this.#conflicted ? left : Math.min(patience, left);
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
    const told =
      this.#lostDuringCommit === undefined ? toAppError(last) : outcomeUnknown(this.#lostDuringCommit);
    const record = healingOf(error);
    if (record !== undefined && told !== error) attachHealing(told, record);
    throw told;
  }
}
