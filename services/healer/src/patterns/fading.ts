/** Half-life of an outcome's weight. A week: errors that come with a weekly job are still remembered. */
export const HALF_LIFE_MS = 7 * 24 * 3_600_000;

/**
 * How often a strategy healed and failed, older outcomes weighing less; the weights are those of the moment
 * `at`.
 */
export interface Evidence {
  readonly healed: number;
  readonly failed: number;
  /** Epoch ms. */
  readonly at: number;
}

/**
 * What is left of a weight of 1 after so many milliseconds: 1, halved for each half-life. Never more than 1.
 */
export const fadedWeight = (ageMs: number): number => 2 ** (-Math.max(0, ageMs) / HALF_LIFE_MS);

/** The evidence with the weights of a later moment; unchanged when the moment is not later. */
export function fadeTo(evidence: Evidence, now: number): Evidence {
  if (now <= evidence.at) return evidence;
  const left = fadedWeight(now - evidence.at);
  return { healed: evidence.healed * left, failed: evidence.failed * left, at: now };
}

/** Adds outcomes of the moment `outcome.at`. A late outcome weighs as much as if it had arrived in time. */
export function addOutcomes(evidence: Evidence, outcome: Evidence): Evidence {
  const at = Math.max(evidence.at, outcome.at);
  const [older, newer] = [fadeTo(evidence, at), fadeTo(outcome, at)];
  return { healed: older.healed + newer.healed, failed: older.failed + newer.failed, at };
}

/** No outcomes yet. */
export const noEvidence = (at: number): Evidence => ({ healed: 0, failed: 0, at });

/** The share of outcomes that healed, 0 when there are none. Fading changes the weights, never the share. */
export function successRate({ healed, failed }: Evidence): number {
  const all = healed + failed;
  return all > 0 ? healed / all : 0;
}
