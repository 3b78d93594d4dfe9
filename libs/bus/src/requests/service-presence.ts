import { noResponse } from '../wire/error-envelope.ts';
import { NO_RESPONDERS } from '../wire/request-faults.ts';

/** A service that was killed is back after 1.7 to 3 s on two cores. */
const BRIEF_MS = 5000;
/** How often one of the waiting requests tries whether the service is back. */
const TRY_EVERY_MS = 50;
const MAX_WAITING = 1000;

interface Waiting {
  /** `performance.now()` */
  readonly until: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Tracks whether any instance of a service takes requests. When none does, the bus knows within a millisecond
 * and nothing was done, so requests wait until an instance takes them, instead of each trying again and
 * again. Each request waits up to its own deadline, and all stop waiting after five seconds: from then on
 * each fails at once.
 */
export class ServicePresence {
  /** No instance took the last request that was sent. */
  missing = false;
  /** The service has been missing for so short a time that waiting makes sense. */
  expected = false;
  readonly #service: string;
  #missingSince = 0;
  #waiting: Waiting[] = [];
  #timer: NodeJS.Timeout | undefined;
  #whenFound: (() => void) | undefined;

  constructor(service: string) {
    this.#service = service;
  }

  /** No instance took a request. Returns true when that was not known yet. */
  missed(): boolean {
    if (this.missing) return false;
    this.missing = this.expected = true;
    this.#missingSince = performance.now();
    this.#timer = setInterval(() => this.#poll(), TRY_EVERY_MS).unref();
    return true;
  }

  /** An instance took a request: all waiting requests are sent. */
  found(): void {
    this.missing = false;
    for (const { resolve } of this.#endWaiting()) resolve();
    this.#whenFound?.();
    this.#whenFound = undefined;
  }

  /** Called once, when the service is back. */
  whenFound(act: () => void): void {
    this.#whenFound = act;
  }

  /**
   * Resolves when the service is back, or when it is the turn of this request to try. Throws UNAVAILABLE when
   * that does not happen within `ms`.
   */
  wait(ms: number): Promise<void> {
    if (!this.expected || this.#waiting.length >= MAX_WAITING) return Promise.reject(this.#nobody());
    const until = performance.now() + ms;
    return new Promise((resolve, reject) => this.#waiting.push({ until, resolve, reject }));
  }

  #poll(): void {
    const now = performance.now();
    if (now - this.#missingSince > BRIEF_MS) {
      for (const { reject } of this.#endWaiting()) reject(this.#nobody());
      return;
    }
    const inTime: Waiting[] = [];
    for (const one of this.#waiting) {
      // The next poll would be too late for this request.
      if (one.until < now + TRY_EVERY_MS) one.reject(this.#nobody());
      else inTime.push(one);
    }
    this.#waiting = inTime;
    inTime.shift()?.resolve();
  }

  #endWaiting(): readonly Waiting[] {
    this.expected = false;
    clearInterval(this.#timer);
    const waiting = this.#waiting;
    this.#waiting = [];
    return waiting;
  }

  #nobody(): Error {
    return noResponse(`No instance of ${this.#service} responds at the moment`, NO_RESPONDERS);
  }
}
