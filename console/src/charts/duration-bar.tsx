import type { ReactNode } from 'react';
import { formatDuration } from '../ui/times.ts';

export interface Phase {
  /** `Detect`, `Decide`, `Act`, `Verify`. */
  readonly name: string;
  /** Milliseconds; null while it has not ended. */
  readonly ms: number | null;
}

const LEAST_WIDTH = 0.05;

/** The share of each phase, in order. Short phases keep a visible width. */
export function shares(phases: readonly Phase[]): number[] {
  const total = phases.reduce((sum, { ms }) => sum + (ms ?? 0), 0);
  const raw = phases.map(({ ms }) => Math.max(LEAST_WIDTH, total === 0 ? 0 : (ms ?? 0) / total));
  const sum = raw.reduce((left, right) => left + right, 0);
  return raw.map((share) => share / sum);
}

/** The phases of an incident as one bar, with a legend in words below it. */
export function DurationBar({
  label,
  phases,
}: {
  readonly label: string;
  readonly phases: readonly Phase[];
}): ReactNode {
  const widths = shares(phases);
  return (
    <figure className="m-0">
      <figcaption className="sr-only">{label}</figcaption>
      <div aria-hidden className="flex h-2.5 gap-px overflow-hidden rounded-full bg-sunken">
        {phases.map(({ name, ms }, index) => (
          <div
            key={name}
            className={ms === null ? 'skeleton' : ''}
            style={{
              width: `${(widths[index] ?? 0) * 100}%`,
              ...(ms === null ? {} : { background: `var(--series-${(index % 5) + 1})` }),
            }}
          />
        ))}
      </div>
      <dl className="mt-2 flex flex-wrap gap-x-5 gap-y-1 text-sm">
        {phases.map(({ name, ms }, index) => (
          <div key={name} className="flex items-center gap-1.5">
            <span
              aria-hidden
              className="size-2 rounded-1"
              style={{ background: `var(--series-${(index % 5) + 1})` }}
            />
            <dt className="text-muted">{name}</dt>
            <dd className="font-medium tabular-nums">{ms === null ? 'running' : formatDuration(ms)}</dd>
          </div>
        ))}
      </dl>
    </figure>
  );
}
