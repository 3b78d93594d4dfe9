const EVERY_MS = 25;

/**
 * How long the event loop was held up at worst. A timer of our own and not `monitorEventLoopDelay`: its `reset()`
 * also forgets the hold-up that is just ending, which after a freeze is the one that matters.
 */
export class EventLoopLag {
  readonly #timer: NodeJS.Timeout;
  #tickedAt = performance.now();
  #worst = 0;

  constructor() {
    this.#timer = setInterval(() => this.#tick(), EVERY_MS);
    this.#timer.unref();
  }

  /** Milliseconds since the last reading, and starts anew. */
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
