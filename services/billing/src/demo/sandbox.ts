import { Worker } from 'node:worker_threads';

/** The ids need only kilobytes; V8 itself needs the rest. */
const RESOURCE_LIMITS = { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 4, stackSizeMb: 1 };
const PROGRAM = new URL(`./sandbox-worker.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url);

type Message = { readonly pulse: true } | { readonly id: string; readonly total: number };

/**
 * A small thread that meters calls, and can be terminated and started. Times are milliseconds since the
 * epoch.
 */
export class Sandbox {
  #worker: Worker | null = null;
  #isAlive = false;
  #lastPulseAt = 0;
  readonly #waiting = new Map<string, (total: number) => void>();

  /** Whether the thread runs, according to Node. */
  get isAlive(): boolean {
    return this.#isAlive;
  }
  /** The time of the last pulse; 0 before the first. */
  get lastPulseAt(): number {
    return this.#lastPulseAt;
  }
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Starts a new thread that replaces the one before. */
  start(): void {
    this.#lastPulseAt = 0;
    const worker = new Worker(PROGRAM, { resourceLimits: RESOURCE_LIMITS, env: {}, stdin: false });
    this.#worker = worker;
    this.#isAlive = true;
    // An error ends the thread; the supervisor detects that by the missing pulse, like any other end.
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

  /** Ends the thread at once; its work in progress is lost. */
  async terminate(): Promise<void> {
    await this.#worker?.terminate();
  }

  /** Makes one metering call. Pending until the thread responds; rejects only when `signal` aborts. */
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
