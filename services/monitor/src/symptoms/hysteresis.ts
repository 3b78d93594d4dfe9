/** How long something must be wrong before it is told, and well before that is told. */
export interface HysteresisOptions {
  readonly raiseAfterMs: number;
  readonly clearAfterMs: number;
}

/**
 * Keeps a flickering condition from becoming a row of alarms: told once when it has been wrong for long
 * enough, once more when it has been well for long enough.
 */
export class Hysteresis {
  readonly #options: HysteresisOptions;
  #raised: boolean;
  /** Since when the input contradicts what was told. */
  #contradictedSince: number | null = null;

  constructor(options: HysteresisOptions, raised = false) {
    this.#options = options;
    this.#raised = raised;
  }

  /** Nothing was told and nothing is about to be. */
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

  /** Time in which nothing could be known counts neither way. */
  shift(ms: number): void {
    if (this.#contradictedSince !== null) this.#contradictedSince += ms;
  }
}
