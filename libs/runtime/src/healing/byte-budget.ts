export interface ByteBudgetOptions {
  /** Bytes that can be spent at once, and the amount at the start of a process. */
  readonly burst: number;
  readonly bytesPerSecond: number;
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number;
}

/** A budget of bytes: a reserve that refills slowly. */
export class ByteBudget {
  readonly #burst: number;
  readonly #perMs: number;
  readonly #now: () => number;
  #bytes: number;
  #at: number;

  constructor({ burst, bytesPerSecond, now = () => performance.now() }: ByteBudgetOptions) {
    this.#burst = this.#bytes = burst;
    this.#perMs = bytesPerSecond / 1000;
    this.#now = now;
    this.#at = now();
  }

  available(): number {
    const now = this.#now();
    this.#bytes = Math.min(this.#burst, this.#bytes + (now - this.#at) * this.#perMs);
    this.#at = now;
    return Math.floor(this.#bytes);
  }

  /** Takes the bytes; false when fewer are left. */
  take(bytes: number): boolean {
    if (this.available() < bytes) return false;
    this.#bytes -= bytes;
    return true;
  }
}
