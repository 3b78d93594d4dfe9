/** How long a condition must hold before it is raised, and be absent before it is cleared. */
export interface HysteresisOptions {
  readonly raiseAfterMs: number;
  readonly clearAfterMs: number;
}

/**
 * Keeps a flickering condition from becoming many alarms: raised once when it has held for long enough,
 * cleared once when it has been absent for long enough.
 */
export class Hysteresis {
  readonly #options: HysteresisOptions;
  #raised: boolean;
  /** Since when the input contradicts the reported state. */
  #contradictedSince: number | null = null;

  constructor(options: HysteresisOptions, raised = false) {
    this.#options = options;
    this.#raised = raised;
  }

  /** Nothing is raised or about to be. */
  get idle(): boolean {
    return !this.#raised && this.#contradictedSince === null;
  }

  update(wrong: boolean, now: number): 'raised' | 'cleared' | null {
    if (wrong === this.#raised) {
      this.#contradictedSince = null;
      return null;
    }
    this.#contradictedSince ??= now;
    const needed = wrong ? this.#options.raiseAfterMs : this.#options.clearAfterMs;
    if (now - this.#contradictedSince < needed) return null;
    this.#raised = wrong;
    this.#contradictedSince = null;
    return wrong ? 'raised' : 'cleared';
  }

  /** Time in which nothing could be observed counts neither way. */
  shift(ms: number): void {
    if (this.#contradictedSince !== null) this.#contradictedSince += ms;
  }
}
