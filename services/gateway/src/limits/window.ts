/** How many buckets a window has. More would make the count finer, and the messages to the shared count longer. */
const BUCKETS = 60;
/** Shorter buckets would end before a lease could be used. */
const LEAST_BUCKET_MS = 250;

/** Calls by bucket. */
export type BucketCount = readonly [bucket: number, calls: number];

/**
 * A sliding window, as a row of buckets of time, aligned to the Unix epoch. Calls are counted for the present bucket and the whole
 * window before it. So no span of time as long as the window, wherever it begins, contains a call that was not counted for its
 * last call; and a call is counted for up to one bucket longer than the window.
 */
export class WindowShape {
  readonly bucketMs: number;
  /** Full buckets of a window. */
  readonly buckets: number;
  /** For how many buckets after it was given a lease may be used. */
  readonly leaseBuckets: number;

  constructor(windowSeconds: number) {
    this.bucketMs = Math.max(LEAST_BUCKET_MS, (windowSeconds * 1000) / BUCKETS);
    this.buckets = Math.ceil((windowSeconds * 1000) / this.bucketMs);
    this.leaseBuckets = Math.max(1, Math.floor(this.buckets / 2));
  }

  bucketOf(now: number): number {
    return Math.floor(now / this.bucketMs);
  }

  /** The oldest bucket that counts in `bucket`. */
  firstOf(bucket: number): number {
    return bucket - this.buckets;
  }

  /** The moment (epoch ms) from which a call in `bucket` no longer counts. */
  endOf(bucket: number): number {
    return (bucket + this.buckets + 1) * this.bucketMs;
  }

  /** For how long (ms) something that was counted may matter. */
  get keptMs(): number {
    return (this.buckets + this.leaseBuckets + 2) * this.bucketMs;
  }
}

/** Calls of the last window, by bucket in ascending order; buckets without a call are left out. */
export class BucketLog {
  #buckets: number[] = [];
  #calls: number[] = [];
  #total = 0;

  get total(): number {
    return this.#total;
  }

  /** The oldest bucket with a call; null without calls. */
  get oldest(): number | null {
    return this.#buckets[0] ?? null;
  }

  /** Counts a call in a bucket that is not older than any other. */
  add(bucket: number): void {
    this.#total += 1;
    const last = this.#buckets.length - 1;
    if (this.#buckets[last] === bucket) this.#calls[last] = (this.#calls[last] as number) + 1;
    else {
      this.#buckets.push(bucket);
      this.#calls.push(1);
    }
  }

  /** Takes the place of everything. */
  replace(counts: readonly BucketCount[]): void {
    const sorted = [...counts].sort((a, b) => a[0] - b[0]);
    this.#buckets = sorted.map(([bucket]) => bucket);
    this.#calls = sorted.map(([, calls]) => calls);
    this.#total = this.#calls.reduce((sum, calls) => sum + calls, 0);
  }

  /** Forgets what is older than `first`. */
  forgetBefore(first: number): void {
    while (this.#buckets.length > 0 && (this.#buckets[0] as number) < first) {
      this.#buckets.shift();
      this.#total -= this.#calls.shift() as number;
    }
  }

  list(): BucketCount[] {
    return this.#buckets.map((bucket, index) => [bucket, this.#calls[index] as number]);
  }
}
