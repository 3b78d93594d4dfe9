/**
 * Runs one piece of work over and over, never twice at the same time. The work says after how many milliseconds it
 * wants to run again; `wake` runs it at once, or right after the run that is under way.
 */
export class WakeableLoop {
  readonly #work: (wasWoken: boolean) => Promise<number>;
  #woken = false;
  #stopped = false;
  #wake: () => void = () => undefined;
  #running: Promise<void> | undefined;

  constructor(work: (wasWoken: boolean) => Promise<number>) {
    this.#work = work;
  }

  /** Runs for the first time after `delayMs`. */
  start(delayMs = 0): void {
    this.#running ??= this.#run(delayMs);
  }

  wake(): void {
    this.#woken = true;
    this.#wake();
  }

  /** Lets the run under way end, and begins no other. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#wake();
    await this.#running;
  }

  async #run(delayMs: number): Promise<void> {
    await this.#pause(delayMs);
    while (!this.#stopped) {
      const wasWoken = this.#woken;
      this.#woken = false;
      await this.#pause(await this.#work(wasWoken));
    }
  }

  #pause(ms: number): Promise<void> {
    if (this.#woken || this.#stopped || ms <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      timer.unref();
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
