import { lookAtEventLoop, watchEventLoop } from '@gridworks/observability';

/**
 * The longest time for which the event loop was blocked. Does not use `monitorEventLoopDelay`, whose `reset()` also drops
 * the block that is just ending; after a freeze that block is the one that matters.
 */
export class EventLoopLag {
  readonly #end: () => void;
  #worst = 0;

  constructor() {
    this.#end = watchEventLoop((late) => {
      if (late > this.#worst) this.#worst = late;
    });
  }

  /** Milliseconds since the last reading; starts a new measurement. */
  read(): number {
    lookAtEventLoop();
    const worst = this.#worst;
    this.#worst = 0;
    return Math.round(worst * 10) / 10;
  }

  stop(): void {
    this.#end();
  }
}
