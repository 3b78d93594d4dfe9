import type { PoolLevel } from './pool-levels.ts';

/** Connections of PostgreSQL that stay free for other processes, and for people who look into a fault. */
const ROOM_LEFT = 20;
/** The pool never becomes larger than so many times its configured size. */
const MOST_TIMES = 1.5;
/** How long a pool must be short of connections before it grows, each time. Milliseconds. */
const EVERY_MS = 1000;
/** After so long without shortage the pool has its configured size again. Milliseconds. */
const CALM_MS = 60_000;

/**
 * The next size of a pool that is short of connections: a quarter more, at most one and a half times the configured size, and only from
 * connections that PostgreSQL has to spare.
 * @param free connections that PostgreSQL would accept now
 */
export function grownSize(size: number, configured: number, free: number): number {
  const wanted = Math.min(size + Math.max(1, Math.ceil(configured / 4)), Math.ceil(configured * MOST_TIMES));
  return Math.max(size, Math.min(wanted, size + free - ROOM_LEFT));
}

export interface GrowablePool {
  configured(): number;
  size(): number;
  resize(size: number): void;
  /** Connections that the server would accept now; throws when it does not say. */
  free(): Promise<number>;
  onGrown(from: number, to: number): void;
}

/** Lets a pool grow while it is short of connections, and shrink when it no longer is. */
export class PoolGrowth {
  readonly #pool: GrowablePool;
  #timer: NodeJS.Timeout | undefined;
  #isShort = false;
  #isClosed = false;

  constructor(pool: GrowablePool) {
    this.#pool = pool;
  }

  onLevel(level: PoolLevel): void {
    const isShort = level !== 'normal';
    if (this.#isClosed || isShort === this.#isShort) return;
    this.#isShort = isShort;
    clearTimeout(this.#timer);
    if (isShort) this.#growLater();
    else if (this.#pool.size() > this.#pool.configured())
      this.#timer = setTimeout(() => this.#pool.resize(this.#pool.configured()), CALM_MS).unref();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  #growLater(): void {
    this.#timer = setTimeout(() => void this.#grow(), EVERY_MS).unref();
  }

  async #grow(): Promise<void> {
    const configured = this.#pool.configured();
    const timer = this.#timer;
    const from = this.#pool.size();
    if (from >= configured * MOST_TIMES) return;
    // A server that does not say how much room it has gets no more connections.
    const free = await this.#pool.free().catch(() => 0);
    if (this.#isClosed || timer !== this.#timer) return;
    const to = grownSize(from, configured, free);
    if (to > from) {
      this.#pool.resize(to);
      this.#pool.onGrown(from, to);
    }
    if (timer === this.#timer) this.#growLater();
  }
}
