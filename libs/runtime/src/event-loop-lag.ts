import { monitorEventLoopDelay } from 'node:perf_hooks';

const resolutionMs = 20;

/** How long the event loop was held up at worst between two readings that should be `everyMs` apart. */
export class EventLoopLag {
  readonly #everyMs: number;
  readonly #histogram = monitorEventLoopDelay({ resolution: resolutionMs });
  #readAt = performance.now();

  constructor(everyMs: number) {
    this.#everyMs = everyMs;
    this.#histogram.enable();
  }

  /** Milliseconds, and starts anew. */
  read(): number {
    const now = performance.now();
    // The histogram forgets a hold-up that ends with this very reading, as after a freeze: the reading is late itself.
    const late = now - this.#readAt - this.#everyMs;
    const worst = this.#histogram.max / 1e6 - resolutionMs;
    this.#readAt = now;
    this.#histogram.reset();
    return Math.max(0, Math.round(Math.max(worst, late) * 10) / 10);
  }

  stop(): void {
    this.#histogram.disable();
  }
}
