/**
 * Detects that this process itself was held up, or its clock was set: a late timer means that pulses wait
 * unread in its own socket, and that their absence says nothing about their senders.
 */
export class ClockCheck {
  readonly #periodMs: number;
  readonly #toleranceMs: number;
  #last: number | null = null;

  /** `periodMs`: how often `tick` is called. `toleranceMs`: how late a tick may be and still be trusted. */
  constructor(periodMs: number, toleranceMs = 500) {
    this.#periodMs = periodMs;
    this.#toleranceMs = toleranceMs;
  }

  /**
   * By how many ms this tick is later than it should be, negative when the clock was set back; 0 when
   * tolerable.
   */
  tick(now: number): number {
    const late = this.#last === null ? 0 : now - this.#last - this.#periodMs;
    this.#last = now;
    return Math.abs(late) > this.#toleranceMs ? late : 0;
  }
}
