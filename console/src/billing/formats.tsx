import type { ReactNode } from 'react';
import { decimalsOf } from '../ui/numbers.ts';
import { formatMoment } from '../ui/times.ts';

/** `28 Nov 2026`, of a day of UTC such as `2026-11-28`: the same day in every zone. */
export const formatDate = (day: string): string => formatMoment(new Date(`${day}T00:00:00Z`), 'utc', 'day');

export function Day({ day }: { readonly day: string | null }): ReactNode {
  if (day === null) return <span className="text-faint">–</span>;
  return (
    <time dateTime={day} className="whitespace-nowrap">
      {formatDate(day)}
    </time>
  );
}

/** A price of one unit, which may have more decimals than its currency: '0.012' and 'EUR' is `€0.00012`. */
export function formatUnitPrice(minor: string, currency: string): string {
  const digits = decimalsOf(currency);
  return new Intl.NumberFormat('en', {
    style: 'currency',
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: 14,
  }).format(Number(minor) / 10 ** digits);
}
