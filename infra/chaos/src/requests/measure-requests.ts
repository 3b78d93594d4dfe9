/** One request of the probe client. Times are milliseconds of one clock. */
export interface ProbeRecord {
  readonly route: string;
  readonly sentAt: number;
  readonly endedAt: number;
  /** `ok`, a status as text (`503`), `timeout`, or `error:` and the system's code (`error:ECONNREFUSED`). */
  readonly outcome: string;
}

export interface RequestFigures {
  readonly ok: number;
  /** Failed requests by outcome. */
  readonly failed: Readonly<Record<string, number>>;
  /**
   * From the injection until every route has succeeded again after its first failure; null when one has not.
   */
  readonly firstGoodMs: number | null;
  /** Send time of the last request that failed, from the injection; null when none did. */
  readonly lastFailureMs: number | null;
  /** The longest time without a successful response on any one route. */
  readonly longestGapMs: number;
  readonly routes: readonly RouteFigures[];
}

export interface RouteFigures {
  readonly route: string;
  readonly ok: number;
  readonly failed: number;
  readonly firstGoodMs: number | null;
  readonly longestGapMs: number;
}

/**
 * Measures how the injection affected the requests. Requests count that were sent after the injection or had
 * no response yet; the gaps cover the whole time from `injectedAt` to `endedAt`.
 */
export function measureRequests(
  records: readonly ProbeRecord[],
  injectedAt: number,
  endedAt: number,
): RequestFigures {
  const names = [...new Set(records.map(({ route }) => route))];
  const routes = names.map((route) => {
    const own = records.filter((record) => record.route === route);
    return measureRoute(route, own, injectedAt, endedAt);
  });
  const after = records.filter((record) => record.endedAt >= injectedAt);
  const failures = after.filter(({ outcome }) => outcome !== 'ok');
  const failed: Record<string, number> = {};
  for (const { outcome } of failures) failed[outcome] = (failed[outcome] ?? 0) + 1;
  const hit = routes.filter((route) => route.failed > 0);
  return {
    ok: after.length - failures.length,
    failed,
    firstGoodMs: hit.length > 0 ? latest(hit.map((one) => one.firstGoodMs)) : earliest(routes),
    lastFailureMs:
      failures.length === 0 ? null : Math.max(...failures.map(({ sentAt }) => sentAt)) - injectedAt,
    longestGapMs: Math.max(0, ...routes.map((route) => route.longestGapMs)),
    routes,
  };
}

function measureRoute(
  route: string,
  records: readonly ProbeRecord[],
  injectedAt: number,
  endedAt: number,
): RouteFigures {
  const after = records.filter((record) => record.endedAt >= injectedAt);
  const failures = after.filter(({ outcome }) => outcome !== 'ok');
  // A success counts as recovery only when its request was sent after the first failed one.
  const failedFrom = failures.length === 0 ? injectedAt : Math.min(...failures.map(({ sentAt }) => sentAt));
  const good = after.filter(
    ({ outcome, sentAt }) => outcome === 'ok' && sentAt >= Math.max(failedFrom, injectedAt),
  );
  const first = good.length === 0 ? null : Math.min(...good.map((record) => record.endedAt)) - injectedAt;
  return {
    route,
    ok: after.length - failures.length,
    failed: failures.length,
    firstGoodMs: first,
    longestGapMs: longestGap(records, injectedAt, endedAt),
  };
}

function longestGap(records: readonly ProbeRecord[], from: number, until: number): number {
  const responses = records
    .filter(({ outcome, endedAt }) => outcome === 'ok' && endedAt >= from && endedAt <= until)
    .map(({ endedAt }) => endedAt)
    .sort((a, b) => a - b);
  let longest = 0;
  let last = from;
  for (const at of [...responses, until]) {
    longest = Math.max(longest, at - last);
    last = at;
  }
  return longest;
}

function latest(values: readonly (number | null)[]): number | null {
  return values.some((value) => value === null) ? null : Math.max(...(values as number[]));
}

function earliest(routes: readonly RouteFigures[]): number | null {
  const values = routes.flatMap(({ firstGoodMs }) => (firstGoodMs === null ? [] : [firstGoodMs]));
  return values.length === 0 ? null : Math.min(...values);
}
