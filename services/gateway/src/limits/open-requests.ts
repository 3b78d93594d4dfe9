import type { Socket } from 'node:net';
import { AppError } from '@gridworks/contracts';
import { OVERLOADED, TOO_MANY_OPEN_REQUESTS } from '../problems/gateway.errors.ts';

export interface OpenRequestBounds {
  /** Requests that one caller may have open at once, from their head to the end of their response. */
  readonly perCaller: number;
  /** Calls that are worked on at once: admitted, with their body received. */
  readonly working: number;
}

const RETRY_AFTER_MS = 1000;
/** Bytes of responses that one connection may leave unread; a connection that leaves more is closed. */
const MAX_UNREAD_BYTES = 4 << 20;
/** Bytes of unfinished responses, by connection. */
const unread = new WeakMap<Socket, number>();

/**
 * Bounds how many requests are open at once. A request counts for its caller from its head on: for its network
 * address, and for its credential once that is known. Only an admitted request with its whole body counts for
 * the common bound. So callers that send slowly, or guess credentials, use up their own bound only.
 */
export class OpenRequests {
  readonly #bounds: OpenRequestBounds;
  readonly #onFull: () => void;
  readonly #byCaller = new Map<string, number>();
  #working = 0;

  /** @param onFull called when a call is refused because too many are worked on */
  constructor(bounds: OpenRequestBounds, onFull: () => void = () => undefined) {
    this.#bounds = bounds;
    this.#onFull = onFull;
  }

  /** Calls that are worked on now. */
  get working(): number {
    return this.#working;
  }

  /** Callers that have a request open now. */
  get callers(): number {
    return this.#byCaller.size;
  }

  /** Counts a request for its caller. Throws `GATEWAY.TOO_MANY_OPEN_REQUESTS` when the caller has too many. */
  open(caller: string): OpenRequest {
    this.enter(caller);
    return new OpenRequest(this, caller);
  }

  /** Throws `GATEWAY.OVERLOADED` when no further call may be worked on. */
  checkRoom(): void {
    if (this.#working < this.#bounds.working) return;
    this.#onFull();
    throw new AppError(OVERLOADED, { retryAfterMs: RETRY_AFTER_MS });
  }

  /** This method and the three below are used by `OpenRequest` alone. */
  enter(caller: string): void {
    const open = this.#byCaller.get(caller) ?? 0;
    if (open >= this.#bounds.perCaller)
      throw new AppError(TOO_MANY_OPEN_REQUESTS, {
        detail: `At most ${this.#bounds.perCaller} requests of one caller may be open at once.`,
        retryAfterMs: RETRY_AFTER_MS,
      });
    this.#byCaller.set(caller, open + 1);
  }

  leave(caller: string): void {
    const open = (this.#byCaller.get(caller) ?? 0) - 1;
    if (open > 0) this.#byCaller.set(caller, open);
    else this.#byCaller.delete(caller);
  }

  beginWork(): void {
    this.checkRoom();
    this.#working += 1;
  }

  endWork(): void {
    this.#working -= 1;
  }
}

/** One request that is open. */
export class OpenRequest {
  readonly #all: OpenRequests;
  #caller: string;
  #isWorking = false;
  #isOver = false;
  #socket: Socket | null = null;
  #bytes = 0;

  constructor(all: OpenRequests, caller: string) {
    this.#all = all;
    this.#caller = caller;
  }

  /** Counts the request for this caller from now on. Throws `GATEWAY.TOO_MANY_OPEN_REQUESTS`. */
  moveTo(caller: string): void {
    if (this.#isOver) return;
    this.#all.enter(caller);
    this.#all.leave(this.#caller);
    this.#caller = caller;
  }

  /** Call when the request is admitted and its body is received. Throws `GATEWAY.OVERLOADED`. */
  beginWork(): void {
    if (this.#isOver || this.#isWorking) return;
    this.#all.beginWork();
    this.#isWorking = true;
  }

  /** Call when the response has begun and goes on by itself: an open stream takes no room from calls. */
  endWork(): void {
    if (this.#isWorking) this.#all.endWork();
    this.#isWorking = false;
  }

  /**
   * Adds the bytes of the response that wait to be read by the client. Closes a connection that leaves too many
   * unread.
   */
  respond(socket: Socket, bytes: number): void {
    if (this.#isOver || this.#socket) return;
    this.#socket = socket;
    this.#bytes = bytes;
    const all = (unread.get(socket) ?? 0) + bytes;
    unread.set(socket, all);
    if (all > MAX_UNREAD_BYTES) socket.destroy();
  }

  /** Call when the response was sent or the connection is gone. */
  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#all.leave(this.#caller);
    if (this.#socket) unread.set(this.#socket, (unread.get(this.#socket) ?? 0) - this.#bytes);
    this.endWork();
  }
}
