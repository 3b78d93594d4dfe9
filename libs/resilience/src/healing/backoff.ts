/**
 * Full jitter: a random wait between 0 and a bound that doubles with each repeat (0, 1, 2, ...), so that
 * callers who failed together do not retry together. Milliseconds.
 */
export function fullJitter(repeat: number, baseMs: number, capMs: number, random: () => number): number {
  return random() * Math.min(capMs, baseMs * 2 ** Math.min(repeat, 30));
}
