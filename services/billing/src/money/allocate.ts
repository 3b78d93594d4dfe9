/**
 * Divides minor units by weights without loss: the parts sum to `minor`, and each differs from its exact share by less than
 * one unit. The units that are left over go to the parts with the largest remainders, on a tie to the earlier part. Weights are
 * at least 0, and their sum above 0.
 */
export function allocate(minor: bigint, weights: readonly bigint[]): bigint[] {
  const total = weights.reduce((left, right) => left + right, 0n);
  if (total <= 0n || weights.some((weight) => weight < 0n)) throw new RangeError('weights must be positive');
  const sign = minor < 0n ? -1n : 1n;
  const size = minor * sign;
  const shares = weights.map((weight, position) => ({
    ...{ position, part: (size * weight) / total, rest: (size * weight) % total },
  }));
  let left = size - shares.reduce((parts, { part }) => parts + part, 0n);
  const parts = shares.map(({ part }) => part);
  const byRest = [...shares].sort((a, b) =>
    a.rest === b.rest ? a.position - b.position : a.rest < b.rest ? 1 : -1,
  );
  for (const { position } of byRest) {
    if (left === 0n) break;
    parts[position] = (parts[position] as bigint) + 1n;
    left -= 1n;
  }
  return parts.map((part) => part * sign);
}
