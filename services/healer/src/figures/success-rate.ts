/** `auto_resolved / (auto_resolved + escalated)`; null when nothing has ended. */
export function successRate(tally: {
  readonly auto_resolved: number;
  readonly escalated: number;
}): number | null {
  const ended = tally.auto_resolved + tally.escalated;
  return ended === 0 ? null : tally.auto_resolved / ended;
}

/** Whole milliseconds. */
export const rounded = (ms: number | null): number | null => (ms === null ? null : Math.round(ms));
