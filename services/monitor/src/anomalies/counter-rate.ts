/**
 * The rate of a counter, per second, from its readings. A counter that fell was reset, by a restart or an
 * overflow: that reading has no rate, since what was counted before the reset is unknown.
 */
export class CounterRate {
  #reading: number | null = null;
  #at = 0;

  /** Null for the first reading, after a missing one, after a reset, and when time did not advance. */
  observe(reading: number | null, at: number): number | null {
    const before = this.#reading;
    const seconds = (at - this.#at) / 1000;
    if (reading === null || !Number.isFinite(reading) || !Number.isFinite(at)) {
      this.#reading = null;
      return null;
    }
    this.#reading = reading;
    this.#at = at;
    if (before === null || reading < before || !(seconds > 0)) return null;
    return (reading - before) / seconds;
  }
}
