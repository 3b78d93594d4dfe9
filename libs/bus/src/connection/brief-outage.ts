import { noResponse } from '../wire/error-envelope.ts';
import { NOT_CONNECTED } from '../wire/request-faults.ts';
import type { Connection } from './connection.ts';

/** A server that was killed is back within a second, and its clients notice within a quarter of one. */
const BRIEF_MS = 1500;
/** The maximum number of requests that wait for the server; all of them are sent at once when it is back. */
const MAX_WAITING = 1000;

/** Bridges the short time until the connection comes back. Requests do not wait for longer outages. */
export class BriefOutage {
  readonly #connection: Connection;
  #brokeAt = Number.NEGATIVE_INFINITY;
  #waiting = 0;

  constructor(connection: Connection) {
    this.#connection = connection;
    connection.onState((state) => {
      if (state === 'disconnected') this.#brokeAt = performance.now();
    });
  }

  /** The bus is connected. */
  isOver(): boolean {
    return this.#connection.state() === 'connected';
  }

  /** The bus is not connected, and the outage is no longer brief. */
  isLong(): boolean {
    return !this.isOver() && this.#patienceMs() <= 0;
  }

  /**
   * Resolves once connected. Throws UNAVAILABLE as soon as it is clear that the outage lasts longer than `ms`
   * or is not brief.
   */
  async over(ms: number): Promise<void> {
    const patience = Math.min(ms, this.#patienceMs());
    if (patience <= 0 || this.#waiting >= MAX_WAITING) throw noResponse('The bus is away', NOT_CONNECTED);
    this.#waiting++;
    let off: (() => void) | undefined;
    let timer: NodeJS.Timeout | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        const away = (): void => reject(noResponse('The bus is away', NOT_CONNECTED));
        timer = setTimeout(away, patience);
        off = this.#connection.onState((state) => (state === 'connected' ? resolve() : away()));
      });
    } finally {
      clearTimeout(timer);
      off?.();
      this.#waiting--;
    }
  }

  #patienceMs(): number {
    if (this.#connection.state() === 'closed') return 0;
    return BRIEF_MS - (performance.now() - this.#brokeAt);
  }
}
