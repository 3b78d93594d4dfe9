import { AppError, UNAVAILABLE } from '@gridworks/contracts';

interface Waiter {
  admit(): void;
}

/**
 * Runs a bounded number of pieces of work at a time, first come, first served. Work that cannot begin soon is
 * refused before its caller's deadline, instead of being done after it.
 */
export class WorkGate {
  readonly #limits: { readonly running: number; readonly waiting: number; readonly waitMs: number };
  // In the order of arrival.
  readonly #waiters = new Set<Waiter>();
  #running = 0;

  /** @param limits how many may run, how many may wait, and for how many milliseconds */
  constructor(limits: { running: number; waiting: number; waitMs: number }) {
    this.#limits = limits;
  }

  /**
   * Runs the work once there is room. Throws `PLATFORM.UNAVAILABLE` when there is no room; the work was not
   * begun then.
   */
  async run<T>(work: () => Promise<T>): Promise<T> {
    await this.#enter();
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  async #enter(): Promise<void> {
    if (this.#running < this.#limits.running) {
      this.#running++;
      return;
    }
    if (this.#waiters.size >= this.#limits.waiting) throw busy();
    await new Promise<void>((resolve, reject) => {
      const waiter: Waiter = {
        admit: () => {
          clearTimeout(timer);
          resolve();
        },
      };
      const timer = setTimeout(() => {
        this.#waiters.delete(waiter);
        reject(busy());
      }, this.#limits.waitMs);
      this.#waiters.add(waiter);
    });
  }

  /** Passes the place directly to the next waiter, so that no later caller overtakes it. */
  #leave(): void {
    const [next] = this.#waiters;
    if (!next) {
      this.#running--;
      return;
    }
    this.#waiters.delete(next);
    next.admit();
  }
}

const busy = (): AppError =>
  new AppError(UNAVAILABLE, {
    detail: 'Too many people are logging in or registering at the moment. Try again shortly.',
    retryAfterMs: 1000,
  });
