/** The median of the last `size` values. Memory is constant; a value costs one binary search and one copy. */
export class SlidingMedian {
  readonly #ring: Float64Array;
  readonly #sorted: Float64Array;
  #count = 0;
  #next = 0;

  constructor(size: number) {
    this.#ring = new Float64Array(size);
    this.#sorted = new Float64Array(size);
  }

  get full(): boolean {
    return this.#count === this.#ring.length;
  }

  get bytes(): number {
    return this.#ring.byteLength + this.#sorted.byteLength;
  }

  /** NaN while there is no value. */
  get median(): number {
    if (this.#count === 0) return Number.NaN;
    const middle = this.#count >> 1;
    const upper = this.#sorted[middle] as number;
    return this.#count % 2 ? upper : (upper + (this.#sorted[middle - 1] as number)) / 2;
  }

  /** Adds a finite value. Returns the value that left for it, undefined while the window is not full. */
  push(value: number): number | undefined {
    let left: number | undefined;
    if (this.full) {
      left = this.#ring[this.#next] as number;
      this.#sorted.copyWithin(this.#place(left), this.#place(left) + 1, this.#count);
      this.#count--;
    }
    const place = this.#place(value);
    this.#sorted.copyWithin(place + 1, place, this.#count);
    this.#sorted[place] = value;
    this.#ring[this.#next] = value;
    this.#next = (this.#next + 1) % this.#ring.length;
    this.#count++;
    return left;
  }

  clear(): void {
    this.#count = 0;
    this.#next = 0;
  }

  /** Index of the first sorted value that is not below. */
  #place(value: number): number {
    let low = 0;
    let high = this.#count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#sorted[middle] as number) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
