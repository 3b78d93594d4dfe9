/**
 * Caches the result of `read` for `keepMs`; calls meanwhile, or while it is being read, get the same result.
 * Errors are not cached.
 */
export function keptBriefly<T>(keepMs: number, read: () => Promise<T>): () => Promise<T> {
  let kept: { readonly until: number; readonly result: Promise<T> } | undefined;
  return () => {
    if (kept && performance.now() < kept.until) return kept.result;
    const result = read();
    const mine = { until: Number.POSITIVE_INFINITY, result };
    kept = mine;
    result.then(
      () => {
        if (kept === mine) kept = { until: performance.now() + keepMs, result };
      },
      () => {
        if (kept === mine) kept = undefined;
      },
    );
    return result;
  };
}
