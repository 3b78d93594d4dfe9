/**
 * A round that is later than this shows that this process was held up: missing messages then prove nothing.
 */
const LATE_MS = 700;

/** Detects that this process did not run for a while (frozen, swapped out, a blocked event loop). */
export class OwnClock {
  #expected: number | null = null;

  /** Call once per round, with the time until the next one. True when this round came much too late. */
  wasHeldUp(now: number, nextRoundMs: number): boolean {
    const late = this.#expected !== null && now - this.#expected > LATE_MS;
    this.#expected = now + nextRoundMs;
    return late;
  }

  /** A round that takes long by itself (a probe that times out) is no delay. */
  expect(now: number, nextRoundMs: number): void {
    this.#expected = now + nextRoundMs;
  }
}
