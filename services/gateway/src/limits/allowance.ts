/** A quota of calls in a fixed window, aligned to the Unix epoch. */
export interface Policy {
  /** Name in the headers: `burst`, `daily`. */
  readonly name: string;
  readonly quota: number;
  readonly windowSeconds: number;
}

/** What to add to the shared count: `chunk` calls to lease, and `owed` calls that it does not know of yet. */
export interface LeaseRequest {
  readonly window: number;
  readonly chunk: number;
  readonly owed: number;
}

const LARGEST_CHUNK = 1000;

/**
 * One caller's allowance under one policy, as one gateway knows it. Calls are taken from a lease held here, so
 * that the hot path asks nobody; leases come from a count that all gateways share, and from its own estimate while
 * that count is away. Pure: the clock is an argument, the shared count is asked by the caller.
 */
export class Allowance {
  #window = -1;
  /** Leased here and not yet taken. */
  #leased = 0;
  /** Leased here in this window, taken or not. */
  #given = 0;
  /** What all gateways have leased in this window, as far as is known here. Never less than `#given`. */
  #total = 0;
  /** Leased here without the shared count, or forgotten by it. */
  #owed = 0;

  constructor(readonly policy: Policy) {}

  /** Moves on to the window of `now` (epoch ms). To be called before anything else. */
  enter(now: number): void {
    const window = Math.floor(now / 1000 / this.policy.windowSeconds);
    if (window === this.#window) return;
    this.#window = window;
    this.#leased = this.#given = this.#total = this.#owed = 0;
  }

  get available(): number {
    return this.#leased;
  }

  /** Takes one call from the lease. The caller has looked at `available`. */
  take(): void {
    this.#leased -= 1;
  }

  /** Calls left in this window: those leased here and those that nobody has leased. */
  remaining(): number {
    return Math.max(0, this.policy.quota - this.#total) + this.#leased;
  }

  /** Whole seconds until the window ends, at least 1. */
  resetSeconds(now: number): number {
    return Math.max(1, Math.ceil((this.#window + 1) * this.policy.windowSeconds - now / 1000));
  }

  /** Whether it is time to lease more: half a chunk is left, and there is more to be had. */
  isLow(): boolean {
    return this.#total < this.policy.quota && this.#leased * 2 < this.#chunk();
  }

  /** Whether all is leased, as far as is known here: asking for more would be in vain. */
  isExhausted(): boolean {
    return this.#leased === 0 && this.#total >= this.policy.quota;
  }

  nextLease(): LeaseRequest {
    return { window: this.#window, chunk: this.#chunk(), owed: this.#owed };
  }

  /** The shared count after `request` was added to it. An answer for a window that has passed changes nothing. */
  granted(request: LeaseRequest, countAfter: number): void {
    if (request.window !== this.#window) return;
    this.#owed -= request.owed;
    const before = countAfter - request.chunk;
    // A count below what was leased here was lost by its keeper. It is told again with the next lease.
    if (before < this.#given) this.#owed = this.#given - before;
    this.#total = Math.max(this.#total, before);
    this.#lease(request.chunk);
    this.#total = Math.max(this.#total, countAfter);
  }

  /** Leases a chunk from this gateway's own estimate while the shared count is away. */
  grantAlone(): void {
    this.#owed += this.#lease(this.#chunk());
  }

  #lease(chunk: number): number {
    const granted = Math.max(0, Math.min(chunk, this.policy.quota - this.#total));
    this.#leased += granted;
    this.#given += granted;
    this.#total += granted;
    return granted;
  }

  /** A twentieth of what is left: few questions while there is plenty, little kept from other gateways near the end. */
  #chunk(): number {
    return Math.max(1, Math.min(LARGEST_CHUNK, Math.floor((this.policy.quota - this.#total) / 20)));
  }
}
