import { setTimeout as sleep } from 'node:timers/promises';
import type { ConnectionOptions } from './connection-pool.ts';
import { isConnectionLost } from './persistence.errors.ts';
import { ServerProbe } from './server-probe.ts';

const PROBE_EVERY_MS = 100;
// A killed server is back in 0.6 s. Longer, and callers had better know.
const BACK_WITHIN_MS = 1000;

/** Knows whether the server is away: asked only after something broke, and then over and over until it is back. */
export class ServerWatch {
  /** What the server last failed with while it is known to be away; undefined when it is not. */
  away: unknown;
  readonly #probe: ServerProbe;
  #watching: Promise<void> | undefined;
  #closed = false;
  #onResponse: () => void = () => undefined;

  constructor(options: ConnectionOptions) {
    this.#probe = new ServerProbe(options);
  }

  /** Calls back after each ping that the server answered. */
  onResponse(listener: () => void): void {
    this.#onResponse = listener;
  }

  /** When the server that answered last was started; null before the first answer. */
  get boot(): string | null {
    return this.#probe.boot;
  }

  /** Throws when the server does not answer now. */
  async ping(): Promise<void> {
    await this.#probe.ping();
    this.#onResponse();
  }

  /** Runs one statement beside the pool. Throws what the server says. */
  run(statement: string): Promise<void> {
    return this.#probe.run(statement);
  }

  /** Finds out whether the server is away, and if so asks until it is back. Resolves when it answers. */
  probe(): Promise<void> {
    this.#watching ??= this.#watch().finally(() => {
      this.#watching = undefined;
    });
    return this.#watching;
  }

  /** Waits until the server answers. Throws when it does not within a second. */
  async untilBack(): Promise<void> {
    const patience = new AbortController();
    await Promise.race([
      this.probe(),
      sleep(BACK_WITHIN_MS, undefined, { ref: false, signal: patience.signal }).then(
        () => Promise.reject(new Error(`the server did not answer within ${BACK_WITHIN_MS} ms`)),
        () => undefined,
      ),
    ]).finally(() => patience.abort());
  }

  /** Asks over a new connection from now on. */
  reset(): void {
    this.#probe.reset();
  }

  close(): void {
    this.#closed = true;
    this.#probe.close();
  }

  async #watch(): Promise<void> {
    for (let failures = 0; !this.#closed; ) {
      try {
        await this.#probe.ping();
        break;
      } catch (error) {
        failures++;
        // A refused connection is certain; silence may be ours, so it takes two.
        if (isConnectionLost(error) || failures > 1) this.away = error;
      }
      await sleep(PROBE_EVERY_MS, undefined, { ref: false });
    }
    this.away = undefined;
    if (!this.#closed) this.#onResponse();
  }
}
