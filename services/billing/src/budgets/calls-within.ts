/** No gateway counts so far; more calls than this are no bound. */
export const MOST_CALLS = 1_000_000_000n;

/**
 * With how many calls the cost still is at most `amount`: the largest such number, where more calls never cost less. Null when a billion
 * calls cost no more.
 */
export function callsWithin(cost: (calls: bigint) => bigint, amount: bigint): bigint | null {
  if (cost(MOST_CALLS) <= amount) return null;
  let [within, beyond] = [0n, MOST_CALLS];
  if (cost(0n) > amount) return 0n;
  while (beyond - within > 1n) {
    const middle = (within + beyond) / 2n;
    if (cost(middle) <= amount) within = middle;
    else beyond = middle;
  }
  return within;
}
