/** One payment of the run. */
export interface Seed {
  readonly seed: number;
  readonly card: string;
  /** At which step the process is killed, in each of its lives; null: this payment is left alone in that life. */
  readonly crashes: readonly (string | null)[];
}

/** The most lives that a plan has. */
const LIVES = 3;
const GOOD = '4242424242424242';
const POOR = '4000000000009995';
/** A payment that crashed late is read in the next life, and does not come to each step again: then it just ends. */
const STEPS = ['claimed', 'submitted', 'responded', 'posted', 'settled'] as const;

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** What happens to the payment of a seed. Every one crashes in its first life. */
export function planOf(seed: number): Seed {
  const random = randomOf(seed);
  const card = random() < 0.85 ? GOOD : POOR;
  const crashes = Array.from({ length: LIVES }, (_, life) =>
    life === 0 || random() < 0.7 ? (STEPS[Math.floor(random() * STEPS.length)] ?? null) : null,
  );
  return { seed, card, crashes };
}

export const isGood = ({ card }: Seed): boolean => card === GOOD;
