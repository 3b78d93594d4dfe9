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

/** Numbers from 0 to below 1. The generator is mulberry32: 32 bits of state, enough to repeat a run. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
