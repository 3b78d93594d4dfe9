/** No gateway counts so far; more calls than this are no bound. */
export const MOST_CALLS = 1_000_000_000n;

/**
 * Up to how many calls the cost stays at or below `amount`: one less than the first number of calls that costs more. Null when a billion calls
 * never do. Between two `steps`, and before and after them, more calls never cost less; at a step they may (a volume price).
 */
export function callsWithin(
  cost: (calls: bigint) => bigint,
  amount: bigint,
  steps: readonly bigint[] = [],
): bigint | null {
  const starts = [
    0n,
    ...steps.filter((step) => step > 0n && step < MOST_CALLS).sort((a, b) => (a < b ? -1 : 1)),
  ];
  for (const [index, start] of starts.entries()) {
    if (cost(start) > amount) return start === 0n ? 0n : start - 1n;
    const end = (starts[index + 1] ?? MOST_CALLS + 1n) - 1n;
    if (cost(end) > amount) return lastWithin(cost, amount, start, end);
  }
  return null;
}

/** `within` costs at most `amount`, `beyond` more, and the cost rises between them. */
function lastWithin(cost: (calls: bigint) => bigint, amount: bigint, within: bigint, beyond: bigint): bigint {
  let [low, high] = [within, beyond];
  while (high - low > 1n) {
    const middle = (low + high) / 2n;
    if (cost(middle) <= amount) low = middle;
    else high = middle;
  }
  return low;
}
