/**
 * Runs one piece of work repeatedly, never twice at the same time. The work returns the milliseconds until
 * its next run; `wake` runs it at once, or right after the current run.
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

  /** Runs the work for the first time after `delayMs`. */
  start(delayMs = 0): void {
    this.#running ??= this.#run(delayMs);
  }

  wake(): void {
    this.#woken = true;
    this.#wake();
  }

  /** Lets the current run end, and starts no other. */
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
