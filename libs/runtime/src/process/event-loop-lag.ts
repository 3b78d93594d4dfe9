/** How often the loop is looked at while it works: a block is seen up to this much too short. */
const BUSY_EVERY_MS = 25;
/** The same while it idles. Most processes idle, and each look wakes one up. */
const IDLE_EVERY_MS = 100;
/** Share of the time since the last look in which the loop was not idle; above this it works. */
const BUSY_USE = 0.1;
/** A process that worked is looked at more often for this much longer. */
const BUSY_FOR_MS = 5000;

/**
 * The longest time for which the event loop was blocked. Uses a timer of its own instead of
 * `monitorEventLoopDelay`, whose `reset()` also drops the block that is just ending; after a freeze that
 * block is the one that matters.
 */
export class EventLoopLag {
  #timer: NodeJS.Timeout;
  #everyMs = IDLE_EVERY_MS;
  #tickedAt = performance.now();
  #busyAt = Number.NEGATIVE_INFINITY;
  #use = performance.eventLoopUtilization();
  #worst = 0;

  constructor() {
    this.#timer = this.#arm();
  }

  /** Milliseconds since the last reading; starts a new measurement. */
  read(): number {
    this.#look();
    const worst = this.#worst;
    this.#worst = 0;
    return Math.round(worst * 10) / 10;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #arm(): NodeJS.Timeout {
    return setInterval(() => this.#tick(), this.#everyMs).unref();
  }

  #tick(): void {
    this.#look();
    const use = performance.eventLoopUtilization();
    if (performance.eventLoopUtilization(use, this.#use).utilization > BUSY_USE)
      this.#busyAt = this.#tickedAt;
    this.#use = use;
    const everyMs = this.#tickedAt - this.#busyAt < BUSY_FOR_MS ? BUSY_EVERY_MS : IDLE_EVERY_MS;
    if (everyMs === this.#everyMs) return;
    this.#everyMs = everyMs;
    clearInterval(this.#timer);
    this.#timer = this.#arm();
  }

  #look(): void {
    const now = performance.now();
    const late = now - this.#tickedAt - this.#everyMs;
    if (late > this.#worst) this.#worst = late;
    this.#tickedAt = now;
  }
}
