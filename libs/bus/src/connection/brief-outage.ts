import { noResponse } from '../wire/error-envelope.ts';
import { NOT_CONNECTED } from '../wire/request-faults.ts';
import type { Connection } from './connection.ts';

/** A server that was killed is back within a second, and its clients notice within a quarter of one. */
const BRIEF_MS = 1500;
/** Questions that wait for it; they are all asked at once then. */
const MAX_WAITING = 1000;

/** Bridges the moment in which the connection comes back. Longer outages are nobody's to wait for. */
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

  /** There is a connection. */
  isOver(): boolean {
    return this.#connection.state() === 'connected';
  }

  /** There is no connection, and none is to be expected in a moment. */
  isLong(): boolean {
    return !this.isOver() && this.#patienceMs() <= 0;
  }

  /** Resolves once connected. Throws UNAVAILABLE as soon as it is clear that this takes over `ms`, or no moment. */
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
