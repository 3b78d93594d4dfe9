import { seededRandom } from '../system/seeded-random.ts';

const SHORTEST_WAIT_MS = 4000;
const WAIT_SPREAD_MS = 2000;

/**
 * The times and targets of the SIGKILLs.
 * @param seed any whole number; the same seed gives the same waits and the same draws
 */
export class KillPlan {
  readonly #random: () => number;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
  }

  /** Milliseconds until the next kill: evenly between 4 and 6 seconds. */
  nextWaitMs(): number {
    return Math.round(SHORTEST_WAIT_MS + this.#random() * WAIT_SPREAD_MS);
  }

  /** One of `alive`, each as likely as the others; null when there is none. */
  pick(alive: readonly string[]): string | null {
    return alive[Math.floor(this.#random() * alive.length)] ?? null;
  }
}
