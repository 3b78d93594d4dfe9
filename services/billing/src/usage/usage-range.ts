import { AppError, INVALID_INPUT } from '@gridworks/contracts';

/** Days `YYYY-MM-DD` in UTC, both inclusive. */
export interface UsageRange {
  readonly from: string;
  readonly to: string;
}

// Nothing was metered before this year. The bound also excludes year 0000, which is no valid date in the
// database.
const FIRST_YEAR = '2000';

/**
 * The requested days. Without `to`: up to today, or to `from` if that is later. Without `from`: from the
 * first day of the last day's month. Throws `PLATFORM.INVALID_INPUT` for days before 2000.
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
