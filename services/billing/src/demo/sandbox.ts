import { Worker } from 'node:worker_threads';

/** A few hundred ids need kilobytes; the rest is what V8 itself takes. */
const RESOURCE_LIMITS = { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 4, stackSizeMb: 1 };
const PROGRAM = new URL(`./sandbox-worker.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url);

type Message = { readonly pulse: true } | { readonly id: string; readonly total: number };

/** A small thread that meters calls, and can be ended and started. Times are milliseconds since the epoch. */
export class Sandbox {
  #worker: Worker | null = null;
  #isAlive = false;
  #lastPulseAt = 0;
  readonly #waiting = new Map<string, (total: number) => void>();

  /** Whether the thread runs, as Node says it. */
  get isAlive(): boolean {
    return this.#isAlive;
  }
  /** When the thread said last that it lives; 0 before the first time. */
  get lastPulseAt(): number {
    return this.#lastPulseAt;
  }
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Starts a thread in place of the one before. */
  start(): void {
    this.#lastPulseAt = 0;
    const worker = new Worker(PROGRAM, { resourceLimits: RESOURCE_LIMITS, env: {}, stdin: false });
    this.#worker = worker;
    this.#isAlive = true;
    // An error ends the thread; the supervisor sees that by its pulse, as it sees any other end.
    worker.on('error', () => {});
    worker.on('exit', () => {
      if (this.#worker === worker) this.#isAlive = false;
    });
    worker.on('message', (message: Message) => {
      if (this.#worker !== worker) return;
      if ('pulse' in message) this.#lastPulseAt = Date.now();
      else this.#waiting.get(message.id)?.(message.total);
    });
    worker.unref();
  }

  /** Ends the thread at once; what it was doing is lost. */
  async terminate(): Promise<void> {
    await this.#worker?.terminate();
  }

  /** One metering call. Pending until it is answered; rejects only when `signal` aborts. */
  meter(id: string, signal: AbortSignal): Promise<number> {
    return new Promise((resolve, reject) => {
      const giveUp = () => {
        this.#waiting.delete(id);
        reject(signal.reason);
      };
      if (signal.aborted) return giveUp();
      signal.addEventListener('abort', giveUp, { once: true });
      this.#waiting.set(id, (total) => {
        this.#waiting.delete(id);
        signal.removeEventListener('abort', giveUp);
        resolve(total);
      });
      this.#worker?.postMessage({ id });
    });
  }
}
