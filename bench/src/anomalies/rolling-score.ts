/** How many standard deviations a value is from the mean of the `size` values before it. */
export class RollingScore {
  readonly #ring: Float64Array;
  #count = 0;
  #next = 0;
  #sum = 0;
  #squares = 0;
  /** Sums are taken of differences from the first value, so that squares of large levels do not cancel. */
  #origin = Number.NaN;

  constructor(size: number) {
    this.#ring = new Float64Array(size);
  }

  /** 0 while the window is not full, or while its values are all equal. */
  observe(value: number): number {
    if (Number.isNaN(this.#origin)) this.#origin = value;
    const x = value - this.#origin;
    const size = this.#ring.length;
    let score = 0;
    if (this.#count === size) {
      const mean = this.#sum / size;
      const variance = this.#squares / size - mean * mean;
      if (variance > 1e-12 * this.#squares) score = (x - mean) / Math.sqrt(variance);
      const left = this.#ring[this.#next] as number;
      this.#sum -= left;
      this.#squares -= left * left;
    } else this.#count++;
    this.#ring[this.#next] = x;
    this.#next = (this.#next + 1) % size;
    this.#sum += x;
    this.#squares += x * x;
    return score;
  }
}
