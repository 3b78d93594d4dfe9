import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { ConnectionOptions } from './connection-pool.ts';
import { isConnectionLost } from './persistence.errors.ts';
import { ServerProbe } from './server-probe.ts';

const PROBE_EVERY_MS = 100;
// A killed server is back in 0.6 s. Callers do not wait for longer outages.
const BACK_WITHIN_MS = 1000;

/**
 * Tracks whether the server is away. Checks the server only after a failure, and then repeatedly until the
 * server is back.
 */
export class ServerWatch {
  /** The server's last failure while it is known to be away; undefined when it is not. */
  away: unknown;
  readonly #probe: ServerProbe;
  #watching: Promise<void> | undefined;
  #closed = false;
  #onResponse: () => void = () => undefined;

  constructor(options: ConnectionOptions) {
    this.#probe = new ServerProbe(options);
  }

  /** Calls the listener after each ping to which the server responded. */
  onResponse(listener: () => void): void {
    this.#onResponse = listener;
  }

  /** The start time of the server that responded last; null before the first response. */
  get boot(): string | null {
    return this.#probe.boot;
  }

  /** Throws when the server does not respond now. */
  async ping(): Promise<void> {
    await this.#probe.ping();
    this.#onResponse();
  }

  /** Runs one statement outside of the pool. Throws the server's error. */
  run<R extends pg.QueryResultRow>(statement: string): Promise<R[]> {
    return this.#probe.run(statement);
  }

  /**
   * Checks whether the server is away, and if so repeats the check until the server is back. Resolves when it
   * responds.
   */
  probe(): Promise<void> {
    this.#watching ??= this.#watch().finally(() => {
      this.#watching = undefined;
    });
    return this.#watching;
  }

  /** Waits until the server responds. Throws when it does not within a second. */
  async untilBack(): Promise<void> {
    const patience = new AbortController();
    await Promise.race([
      this.probe(),
      sleep(BACK_WITHIN_MS, undefined, { ref: false, signal: patience.signal }).then(
        () => Promise.reject(new Error(`the server did not respond within ${BACK_WITHIN_MS} ms`)),
        () => undefined,
      ),
    ]).finally(() => patience.abort());
  }

  /** Uses a new connection from now on. */
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
        // A refused connection is certain; silence may be a delay of this process, so two failures are
        // needed.
        if (isConnectionLost(error) || failures > 1) this.away = error;
      }
      await sleep(PROBE_EVERY_MS, undefined, { ref: false });
    }
    this.away = undefined;
    if (!this.#closed) this.#onResponse();
  }
}
