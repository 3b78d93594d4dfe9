/** The mean of the last `size` measured values, as `avg_over_time` of a monitoring system has it. */
export class RollingMean {
  readonly #ring: Float64Array;
  #count = 0;
  #sum = 0;

  constructor(size: number) {
    this.#ring = new Float64Array(size);
  }

  observe(value: number): number {
    const size = this.#ring.length;
    const at = this.#count++ % size;
    this.#sum += value - (this.#ring[at] as number);
    this.#ring[at] = value;
    // Sums anew each round, so that rounding errors do not add up.
    if (at === size - 1) this.#sum = this.#ring.reduce((sum, one) => sum + one, 0);
    return this.#sum / Math.min(this.#count, size);
  }
}
