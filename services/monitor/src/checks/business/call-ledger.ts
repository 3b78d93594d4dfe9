/** Calls that were answered so long ago must be counted by now: the relay, the bus and billing need seconds. */
export const SETTLED_AFTER_MS = 60_000;

/** How many metered calls billing must have counted, and may have. */
export interface ExpectedCount {
  readonly atLeast: number;
  readonly atMost: number;
}

/**
 * The calls that were made with one key, as their caller knows them. Pure: reads no clock. A call without a
 * response may have been metered or not; one that failed with the portal, or was refused by a limit, costs nothing.
 */
export class CallLedger {
  #settled = 0;
  #uncertain = 0;
  /** When the responses came that are not settled yet, epoch ms. */
  #recent: number[] = [];

  /** A call is about to be sent. Returns what to call with its status, or with null when there was no response. */
  sent(): (status: number | null, now: number) => void {
    this.#uncertain++;
    return (status, now) => {
      if (status === null) return;
      this.#uncertain--;
      if (status < 500 && status !== 429) this.#recent.push(now);
    };
  }

  expected(now: number): ExpectedCount {
    const settled = this.#recent.filter((at) => now - at >= SETTLED_AFTER_MS);
    this.#settled += settled.length;
    this.#recent = this.#recent.slice(settled.length);
    return {
      atLeast: this.#settled,
      atMost: this.#settled + this.#recent.length + this.#uncertain,
    };
  }
}
