import type { Category } from './category.ts';
import { SampledLatency } from './sampled-latency.ts';

export interface Occupancy {
  readonly active: number;
  readonly waiting: number;
}

/** The counts of a call site since the start of the process. Plain fields: the hot path adds to them. */
export class SiteStats {
  readonly source: string;
  readonly category: Category;
  calls = 0;
  /** Attempts that succeeded without healing. */
  succeeded = 0;
  /** Attempts that failed, repeats included. */
  failedAttempts = 0;
  healed = 0;
  notHealed = 0;
  repeats = 0;
  timedOut = 0;
  /** Refused by the breaker, the bulkhead or the rate limit. */
  refused = 0;
  /** Calls that ended after they had been given up. */
  late = 0;
  readonly latency = new SampledLatency();

  readonly #occupancies: Occupancy[] = [];

  constructor(source: string, category: Category) {
    this.source = source;
    this.category = category;
  }

  /** Adds a source of the number of calls in flight; read only when figures are read. */
  watch(occupancy: Occupancy): void {
    this.#occupancies.push(occupancy);
  }

  get inFlight(): number {
    return this.#occupancies.reduce((sum, { active }) => sum + active, 0);
  }

  get waiting(): number {
    return this.#occupancies.reduce((sum, { waiting }) => sum + waiting, 0);
  }
}
