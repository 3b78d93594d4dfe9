import { AppError, UNAVAILABLE } from '@gridworks/contracts';

interface Waiter {
  admit(): void;
}

/**
 * Lets a few pieces of work run at a time, first come, first served. What cannot begin soon is refused while its
 * caller still listens, instead of being done for nobody after the deadline.
 */
export class WorkGate {
  readonly #limits: { readonly running: number; readonly waiting: number; readonly waitMs: number };
  // In the order of their coming.
  readonly #waiters = new Set<Waiter>();
  #running = 0;

  /** @param limits how many may run, how many may wait, and for how many milliseconds */
  constructor(limits: { running: number; waiting: number; waitMs: number }) {
    this.#limits = limits;
  }

  /** Runs the work once there is room. Throws `PLATFORM.UNAVAILABLE` when there is none; then it was not begun. */
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

  /** The place goes to the next in line directly; nobody can slip in between. */
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
