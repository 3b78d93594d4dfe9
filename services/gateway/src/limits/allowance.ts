import { type BucketCount, BucketLog, WindowShape } from './window.ts';

/** A quota of calls in any span of time as long as the window. */
export interface Policy {
  /** Name in the headers: `burst`, `daily`. */
  readonly name: string;
  readonly quota: number;
  readonly windowSeconds: number;
}

/** What one gateway tells the shared count, and what it asks for. */
export interface LeaseRequest {
  /** The present bucket. */
  readonly bucket: number;
  /** Older buckets do not count any more. */
  readonly first: number;
  /** Leased calls count as if they were made in this bucket: the last one in which they can be. */
  readonly leasedUntil: number;
  readonly quota: number;
  /** Calls that this gateway has made, by bucket. They take the place of what it told before. */
  readonly used: readonly BucketCount[];
  /** Calls that it has leased and not made. */
  readonly left: number;
  /** Further calls to lease. */
  readonly chunk: number;
  /** For how long the count must be kept, in ms. */
  readonly keptMs: number;
}

export interface LeaseResponse {
  /** At most `chunk`: what the quota leaves. */
  readonly granted: number;
  /** What the other gateways have made and leased, by bucket. */
  readonly others: readonly BucketCount[];
}

const LARGEST_CHUNK = 1000;
/** How long a gateway that may not lease waits before it asks again whether others have given leases back, in ms. */
const ASK_AGAIN_MS = 1000;

/**
 * The allowance of one caller under one policy, as one gateway knows it. Calls are taken from a lease that this
 * gateway holds, so that the hot path needs no request. Leases come from a count that all gateways share, and
 * from this gateway's own estimate while that count is away. A leased call counts at once, and for as long as a call
 * at the end of the lease would, so that the quota holds also when a gateway ends without a word. The class is pure: the clock is
 * an argument, and the caller makes the requests to the shared count.
 */
export class Allowance {
  readonly #shape: WindowShape;
  readonly #own = new BucketLog();
  /** Calls and leases of the other gateways, as far as this gateway knows. */
  readonly #others = new BucketLog();
  #bucket = -1;
  /** Leased by this gateway and not taken. */
  #left = 0;
  /** The last bucket in which the lease may be used. */
  #leasedUntil = -1;
  #askedAt = Number.NEGATIVE_INFINITY;
  /** Calls that this gateway may make in a window: its share of the quota while it counts alone. */
  #share = Number.POSITIVE_INFINITY;

  constructor(public policy: Policy) {
    this.#shape = new WindowShape(policy.windowSeconds);
  }

  /** Moves to `now` (epoch ms). Call this before any other method. */
  enter(now: number): void {
    const bucket = this.#shape.bucketOf(now);
    if (bucket === this.#bucket) return;
    // A clock that is set back: a little is waited for, more begins anew.
    if (bucket < this.#bucket && !this.#beginAnew(bucket)) return;
    this.#bucket = bucket;
    const first = this.#shape.firstOf(bucket);
    this.#own.forgetBefore(first);
    this.#others.forgetBefore(first);
    if (bucket > this.#leasedUntil) this.#left = 0;
  }

  /** Calls that may be made without a request. */
  get available(): number {
    return Math.min(this.#left, this.remaining());
  }

  /** Takes one call from the lease. The caller has checked `available`. */
  take(): void {
    this.#left -= 1;
    this.#own.add(this.#bucket);
  }

  /** Calls that the quota leaves, as far as this gateway knows. */
  remaining(): number {
    const quota = Math.min(this.policy.quota - this.#others.total, this.#share);
    return Math.max(0, quota - this.#own.total);
  }

  /** Whole seconds until the oldest call that counts does not count any more, at least 1; the window without calls. */
  resetSeconds(now: number): number {
    const oldest = Math.min(this.#own.oldest ?? this.#bucket, this.#others.oldest ?? this.#bucket);
    return Math.max(1, Math.ceil((this.#shape.endOf(oldest) - now) / 1000));
  }

  /** Whether to lease more in the background: half a chunk is left, or half of the lease's time. */
  isLow(): boolean {
    if (this.#leasedUntil - this.#bucket < this.#shape.leaseBuckets / 2) return true;
    return this.#left < this.remaining() && this.#left * 2 < this.#chunk();
  }

  /** Whether the whole quota is used, as far as this gateway knows: a further lease request would get nothing. */
  isExhausted(): boolean {
    return this.remaining() === 0;
  }

  /** Whether to ask again in the background, although the quota seems to be used: others may have given leases back. */
  mayAskAgain(now: number): boolean {
    return (this.#others.total > 0 || this.#share < this.policy.quota) && now - this.#askedAt >= ASK_AGAIN_MS;
  }

  nextLease(now: number): LeaseRequest {
    this.#askedAt = now;
    return {
      ...{ bucket: this.#bucket, first: this.#shape.firstOf(this.#bucket) },
      leasedUntil: this.#bucket + this.#shape.leaseBuckets,
      quota: this.policy.quota,
      used: this.#own.list(),
      ...{ left: this.#left, chunk: this.#chunk(), keptMs: this.#shape.keptMs },
    };
  }

  /** Takes over the response of the shared count to `request`. */
  granted(request: LeaseRequest, { granted, others }: LeaseResponse): void {
    this.#share = Number.POSITIVE_INFINITY;
    this.#others.replace(others);
    this.#others.forgetBefore(this.#shape.firstOf(this.#bucket));
    // What came too late was leased in vain; the next request gives it back.
    if (this.#bucket > request.leasedUntil) return;
    this.#left += granted;
    this.#leasedUntil = request.leasedUntil;
  }

  /**
   * Leases a chunk from this gateway's own estimate while the shared count is away: at most its share of the quota, when
   * `gateways` gateways do the same.
   */
  grantAlone(gateways: number): void {
    this.#share = Math.max(1, Math.floor(this.policy.quota / gateways));
    this.#left += Math.max(0, Math.min(this.remaining() - this.#left, this.#chunk()));
    this.#leasedUntil = this.#bucket + this.#shape.leaseBuckets;
  }

  #beginAnew(bucket: number): boolean {
    if (this.#bucket - bucket < this.#shape.leaseBuckets) return false;
    this.#own.replace([]);
    this.#others.replace([]);
    this.#leasedUntil = -1;
    return true;
  }

  /**
   * A twentieth of what is left: few requests while there is plenty, little withheld from other gateways near
   * the end.
   */
  #chunk(): number {
    return Math.max(1, Math.min(LARGEST_CHUNK, Math.floor(this.remaining() / 20)));
  }
}
