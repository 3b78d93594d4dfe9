export interface RetryBudgetOptions {
  /** Repeats allowed per first call, 0.1 = one in ten. */
  readonly ratio?: number;
  /** The maximum that can be saved, and the amount at the start of a process. */
  readonly reserve?: number;
}

/**
 * Limits the repeats of a whole process: a share of its calls, saved up to a small reserve. When a dependency
 * fails for all callers, repeats therefore add a tenth to its load instead of multiplying it.
 */
export class RetryBudget {
  /**
   * First calls so far. The hot path counts with one addition; the allowance is computed only when it is
   * needed.
   */
  calls = 0;
  granted = 0;
  refused = 0;
  readonly ratio: number;
  readonly reserve: number;
  #allowance: number;
  #creditedCalls = 0;

  constructor(options: RetryBudgetOptions = {}) {
    this.ratio = options.ratio ?? 0.1;
    this.reserve = options.reserve ?? 20;
    if (!(this.ratio >= 0 && this.ratio <= 1)) throw new RangeError(`ratio ${this.ratio} is not within 0..1`);
    if (!(this.reserve >= 0)) throw new RangeError(`reserve ${this.reserve} is negative`);
    this.#allowance = this.reserve;
  }

  /** The number of whole repeats that would be granted now. */
  available(): number {
    this.#credit();
    return Math.floor(this.#allowance + 1e-9);
  }

  /** Takes one repeat out of the budget; false when it is spent. */
  take(): boolean {
    this.#credit();
    if (this.#allowance + 1e-9 < 1) {
      this.refused++;
      return false;
    }
    this.#allowance -= 1;
    this.granted++;
    return true;
  }

  /** Returns a repeat that was taken and not made. */
  giveBack(): void {
    this.granted--;
    this.#allowance = Math.min(this.reserve, this.#allowance + 1);
  }

  #credit(): void {
    const earned = (this.calls - this.#creditedCalls) * this.ratio;
    this.#creditedCalls = this.calls;
    this.#allowance = Math.min(this.reserve, this.#allowance + earned);
  }
}
