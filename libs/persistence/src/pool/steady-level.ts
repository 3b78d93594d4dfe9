import type { PoolLevel } from './pool-levels.ts';

/** How long a level must be due without a break. Milliseconds. */
const STEADY_MS = 250;

/**
 * The level of a pool over time. `warning` begins at once. An emergency begins, and each level ends, when that has been due
 * for a quarter of a second without a break: short queries fill a small pool again and again without harm.
 */
export class SteadyLevel {
  readonly #due: () => PoolLevel;
  readonly #onChange: (from: PoolLevel, to: PoolLevel) => void;
  #level: PoolLevel = 'normal';
  /** The level that is due, and the time until it counts. */
  #next: PoolLevel = 'normal';
  #timer: NodeJS.Timeout | undefined;

  /** @param due the level by the figures of this moment; it may depend on `now` */
  constructor(due: () => PoolLevel, onChange: (from: PoolLevel, to: PoolLevel) => void) {
    this.#due = due;
    this.#onChange = onChange;
  }

  get now(): PoolLevel {
    return this.#level;
  }

  /** Call when a figure has changed. */
  assess(): void {
    const level = this.#due();
    if (level !== this.#next) {
      this.#stop();
      this.#next = level;
    }
    if (this.#level === 'normal' && level !== 'normal') this.#change('warning');
    if (level === this.#level) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      // One level at a time.
      this.#change(this.#level === 'warning' ? level : 'warning');
      this.assess();
    }, STEADY_MS).unref();
  }

  /** The level is `normal` from this moment on. */
  reset(): void {
    this.#stop();
    this.#next = 'normal';
    this.#change('normal');
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #change(to: PoolLevel): void {
    const from = this.#level;
    if (to === from) return;
    this.#level = to;
    this.#onChange(from, to);
  }
}
