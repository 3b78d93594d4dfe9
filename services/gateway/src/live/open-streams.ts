import { AppError, isPlatformRole, type Principal } from '@gridworks/contracts';
import { TOO_MANY_OPEN_REQUESTS, TOO_MANY_STREAMS } from '../problems/gateway.errors.ts';
import type { EventStream } from './event-stream.ts';

/** The session that a stream belongs to. */
export interface Watcher {
  readonly principal: Principal;
  /** Lower-case hex SHA-256 of the session's token. */
  readonly digest: string;
}

/** Streams of GridWorks' people at most, and of all partners together, so that neither takes the other's room. */
const MOST_OF_PLATFORM = 100;
const MOST_OF_PARTNERS = 1000;
const MOST_OF_PARTNER = 20;
/** All tabs of a browser share one. */
const MOST_OF_SESSION = 8;
const RETRY_AFTER_MS = 5000;

/** The open streams, and how many there may be. */
export class OpenStreams {
  readonly #all = new Map<EventStream, Watcher>();

  get size(): number {
    return this.#all.size;
  }

  get watchers(): Watcher[] {
    return [...this.#all.values()];
  }

  /** Throws `GATEWAY.TOO_MANY_STREAMS`, or `GATEWAY.TOO_MANY_OPEN_REQUESTS` for what this caller has open, when there is no room. */
  checkRoom({ id, role, partner_id: partnerId }: Principal): void {
    const isOfPlatform = isPlatformRole(role);
    const count = (matches: (principal: Principal) => boolean) =>
      this.watchers.filter(({ principal }) => matches(principal)).length;
    const most = isOfPlatform ? MOST_OF_PLATFORM : MOST_OF_PARTNERS;
    if (count((one) => isPlatformRole(one.role) === isOfPlatform) >= most)
      throw new AppError(TOO_MANY_STREAMS, { retryAfterMs: RETRY_AFTER_MS });
    if (count((one) => one.id === id) >= MOST_OF_SESSION) throw tooMany(MOST_OF_SESSION, 'one session');
    if (!isOfPlatform && count((one) => one.partner_id === partnerId) >= MOST_OF_PARTNER)
      throw tooMany(MOST_OF_PARTNER, 'one partner');
  }

  add(stream: EventStream, watcher: Watcher): void {
    this.#all.set(stream, watcher);
  }

  remove(stream: EventStream): void {
    this.#all.delete(stream);
  }

  /** Sends to those whose session fits. */
  send(text: string, fits: (principal: Principal) => boolean): void {
    for (const [stream, { principal }] of this.#all) if (fits(principal)) stream.send(text);
  }

  /** Ends those whose session fits. */
  end(fits: (watcher: Watcher) => boolean): void {
    for (const [stream, watcher] of this.#all) if (fits(watcher)) stream.end();
  }
}

const tooMany = (most: number, whose: string): AppError =>
  new AppError(TOO_MANY_OPEN_REQUESTS, {
    detail: `At most ${most} event streams of ${whose} may be open at once.`,
    retryAfterMs: RETRY_AFTER_MS,
  });
