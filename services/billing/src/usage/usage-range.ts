import { AppError, INVALID_INPUT } from '@gridworks/contracts';

/** Days `YYYY-MM-DD` in UTC, both inclusive. */
export interface UsageRange {
  readonly from: string;
  readonly to: string;
}

// Nothing was metered before; also keeps year 0000, which dates in the database do not know, out of it.
const FIRST_YEAR = '2000';

/**
 * The days that are asked for. Without `to`: up to today, or to `from` if that is later; without `from`: from the
 * first of the last day's month on. Throws `PLATFORM.INVALID_INPUT` for days before 2000.
 */
export function usageRange(
  query: { from?: string | undefined; to?: string | undefined },
  now: Date,
): UsageRange {
  const today = now.toISOString().slice(0, 10);
  const to = query.to ?? (query.from && query.from > today ? query.from : today);
  const from = query.from ?? `${to.slice(0, 8)}01`;
  const problems = Object.entries({ from, to })
    .filter(([, day]) => day < FIRST_YEAR)
    .map(([name]) => ({ detail: `must not be before ${FIRST_YEAR}-01-01`, pointer: `/${name}` }));
  if (problems.length > 0) throw new AppError(INVALID_INPUT, { problems });
  return { from, to };
}
