/** Counts within fixed windows. */
export interface AttemptCounter {
  /** Adds one; the first opens a window of `windowMs`. Answers the count and the milliseconds until it ends. */
  add(key: string, windowMs: number): Promise<{ count: number; endsInMs: number }>;
  takeBack(key: string): Promise<void>;
  forget(key: string): Promise<void>;
}

/** A counter that may be away: then it answers null instead of a count, and forgets to take back. */
export interface SharedAttemptCounter {
  add(key: string, windowMs: number): Promise<{ count: number; endsInMs: number } | null>;
  takeBack(key: string): Promise<void>;
  forget(key: string): Promise<void>;
}

/** Injection token: the counter that log-ins are throttled by. */
export const ATTEMPT_COUNTER = Symbol('AttemptCounter');

/** Counts in this process. Bounded: past `capacity` keys the one that was opened first is forgotten. */
export class MemoryAttemptCounter implements AttemptCounter {
  readonly #windows = new Map<string, { count: number; endsAt: number }>();
  readonly #capacity: number;
  readonly #now: () => number;

  constructor(capacity = 10_000, now: () => number = Date.now) {
    this.#capacity = capacity;
    this.#now = now;
  }

  async add(key: string, windowMs: number): Promise<{ count: number; endsInMs: number }> {
    const now = this.#now();
    let window = this.#windows.get(key);
    if (!window || window.endsAt <= now) {
      // Deleted first, so that it stands last in the map's order again.
      this.#windows.delete(key);
      window = { count: 0, endsAt: now + windowMs };
      this.#windows.set(key, window);
      if (this.#windows.size > this.#capacity) this.#windows.delete(this.#windows.keys().next().value!);
    }
    window.count++;
    return { count: window.count, endsInMs: window.endsAt - now };
  }

  async takeBack(key: string): Promise<void> {
    const window = this.#windows.get(key);
    if (window && window.count > 0) window.count--;
  }

  async forget(key: string): Promise<void> {
    this.#windows.delete(key);
  }
}

/**
 * Counts in `shared`, for all instances together; while that is away, in `local`. Guessing stays bounded then, only
 * each instance counts by itself, and logging in never waits for the shared counter to come back.
 */
export class FailoverAttemptCounter implements AttemptCounter {
  readonly #shared: SharedAttemptCounter;
  readonly #local: AttemptCounter;

  constructor(shared: SharedAttemptCounter, local: AttemptCounter) {
    this.#shared = shared;
    this.#local = local;
  }

  async add(key: string, windowMs: number): Promise<{ count: number; endsInMs: number }> {
    // It throws an error that nobody knows: logging in goes on then, too.
    const shared = await this.#shared.add(key, windowMs).catch(() => null);
    return shared ?? this.#local.add(key, windowMs);
  }

  async takeBack(key: string): Promise<void> {
    await Promise.all([this.#shared.takeBack(key).catch(() => {}), this.#local.takeBack(key)]);
  }

  async forget(key: string): Promise<void> {
    await Promise.all([this.#shared.forget(key).catch(() => {}), this.#local.forget(key)]);
  }
}
