/** A quota of calls in a fixed window, aligned to the Unix epoch. */
export interface Policy {
  /** Name in the headers: `burst`, `daily`. */
  readonly name: string;
  readonly quota: number;
  readonly windowSeconds: number;
}

/** What to add to the shared count: `chunk` calls to lease, and `owed` calls that are not yet in the count. */
export interface LeaseRequest {
  readonly window: number;
  readonly chunk: number;
  readonly owed: number;
}

const LARGEST_CHUNK = 1000;

/**
 * The allowance of one caller under one policy, as one gateway knows it. Calls are taken from a lease that this
 * gateway holds, so that the hot path needs no request. Leases come from a count that all gateways share, and
 * from this gateway's own estimate while that count is away. The class is pure: the clock is an argument, and
 * the caller makes the requests to the shared count.
 */
export class Allowance {
  #window = -1;
  /** Leased by this gateway and not yet taken. */
  #leased = 0;
  /** Leased by this gateway in this window, taken or not. */
  #given = 0;
  /** Leased by all gateways in this window, as far as this gateway knows. Never less than `#given`. */
  #total = 0;
  /** Leased by this gateway without the shared count, or lost by the shared count. */
  #owed = 0;

  constructor(readonly policy: Policy) {}

  /** Moves to the window of `now` (epoch ms). Call this before any other method. */
  enter(now: number): void {
    const window = Math.floor(now / 1000 / this.policy.windowSeconds);
    if (window === this.#window) return;
    this.#window = window;
    this.#leased = this.#given = this.#total = this.#owed = 0;
  }

  get available(): number {
    return this.#leased;
  }

  /** Takes one call from the lease. The caller has checked `available`. */
  take(): void {
    this.#leased -= 1;
  }

  /** Calls left in this window: leased by this gateway, or leased by no gateway. */
  remaining(): number {
    return Math.max(0, this.policy.quota - this.#total) + this.#leased;
  }

  /** Whole seconds until the window ends, at least 1. */
  resetSeconds(now: number): number {
    return Math.max(1, Math.ceil((this.#window + 1) * this.policy.windowSeconds - now / 1000));
  }

  /** Whether to lease more: half a chunk is left, and the window is not exhausted. */
  isLow(): boolean {
    return this.#total < this.policy.quota && this.#leased * 2 < this.#chunk();
  }

  /**
   * Whether the whole quota is leased, as far as this gateway knows: a further lease request would get nothing.
   */
  isExhausted(): boolean {
    return this.#leased === 0 && this.#total >= this.policy.quota;
  }

  nextLease(): LeaseRequest {
    return { window: this.#window, chunk: this.#chunk(), owed: this.#owed };
  }

  /**
   * Takes over the shared count after `request` was added to it. A response for a past window changes nothing.
   */
  granted(request: LeaseRequest, countAfter: number): void {
    if (request.window !== this.#window) return;
    this.#owed -= request.owed;
    const before = countAfter - request.chunk;
    // A count below what this gateway leased was lost by Redis. The next lease adds the lost part again.
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

  /**
   * A twentieth of what is left: few requests while there is plenty, little withheld from other gateways near
   * the end.
   */
  #chunk(): number {
    return Math.max(1, Math.min(LARGEST_CHUNK, Math.floor((this.policy.quota - this.#total) / 20)));
  }
}
