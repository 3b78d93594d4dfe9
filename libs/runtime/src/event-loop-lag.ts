import { monitorEventLoopDelay } from 'node:perf_hooks';

const resolutionMs = 20;

/** How long the event loop was held up at worst since the last reading. */
export class EventLoopLag {
  readonly #histogram = monitorEventLoopDelay({ resolution: resolutionMs });

  constructor() {
    this.#histogram.enable();
  }

  /** Milliseconds, and starts anew. */
  read(): number {
    const worst = this.#histogram.max / 1e6;
    this.#histogram.reset();
    return Math.max(0, Math.round((worst - resolutionMs) * 10) / 10);
  }

  stop(): void {
    this.#histogram.disable();
  }
}
