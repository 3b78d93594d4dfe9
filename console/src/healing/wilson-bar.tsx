import type { ReactNode } from 'react';
import { formatShare } from '../ui/numbers.ts';

const Z = 1.96;

/**
 * Wilson score interval of a proportion at 95% (E. B. Wilson, 1927): the likely range of the true rate after
 * this many trials.
 * @returns lower and upper bound, 0 to 1; 0 and 1 without trials
 */
export function wilsonInterval(successes: number, trials: number): readonly [number, number] {
  if (trials <= 0) return [0, 1];
  const p = successes / trials;
  const square = Z ** 2 / trials;
  const center = (p + square / 2) / (1 + square);
  const half = (Z / (1 + square)) * Math.sqrt((p * (1 - p)) / trials + square / (4 * trials));
  return [Math.max(0, center - half), Math.min(1, center + half)];
}

/** A rate as a mark on the interval of the likely true rate; with few trials the interval is wide. */
export function WilsonBar({
  healed,
  failed,
}: {
  readonly healed: number;
  readonly failed: number;
}): ReactNode {
  const trials = healed + failed;
  const [low, high] = wilsonInterval(healed, trials);
  const rate = trials > 0 ? healed / trials : null;
  const text =
    rate === null
      ? 'no trials'
      : `${formatShare(rate, 0)}, likely ${formatShare(low, 0)} to ${formatShare(high, 0)}`;
  return (
    <span className="flex min-w-36 items-center gap-2" title={text}>
      <span aria-hidden className="relative h-1.5 w-20 shrink-0 rounded-full bg-sunken">
        <span
          className="absolute inset-y-0 rounded-full bg-accent/40"
          style={{ left: `${low * 100}%`, width: `${(high - low) * 100}%` }}
        />
        {rate !== null && (
          <span
            className="absolute -inset-y-0.5 w-0.5 bg-accent"
            style={{ left: `calc(${rate * 100}% - 1px)` }}
          />
        )}
      </span>
      <span className="text-xs whitespace-nowrap text-muted">{text}</span>
    </span>
  );
}
