const EVERY_MS = 25;

/**
 * The longest time for which the event loop was blocked. Uses a timer of its own instead of
 * `monitorEventLoopDelay`, whose `reset()` also drops the block that is just ending; after a freeze that
 * block is the one that matters.
 */
export class EventLoopLag {
  readonly #timer: NodeJS.Timeout;
  #tickedAt = performance.now();
  #worst = 0;

  constructor() {
    this.#timer = setInterval(() => this.#tick(), EVERY_MS);
    this.#timer.unref();
  }

  /** Milliseconds since the last reading; starts a new measurement. */
  read(): number {
    this.#tick();
    const worst = this.#worst;
    this.#worst = 0;
    return Math.round(worst * 10) / 10;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #tick(): void {
    const now = performance.now();
    const late = now - this.#tickedAt - EVERY_MS;
    if (late > this.#worst) this.#worst = late;
    this.#tickedAt = now;
  }
}
