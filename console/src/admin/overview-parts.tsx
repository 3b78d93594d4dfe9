import type { Overview } from '@gridworks/sdk';
import type { ReactNode } from 'react';
import { Link } from '../navigation/navigation.tsx';
import { cx } from '../ui/cx.ts';
import { FigureNumber } from '../ui/figure-number.tsx';
import { useClock } from '../ui/moment.tsx';
import { formatCount } from '../ui/numbers.ts';
import { Age, Section } from '../ui/panel.tsx';

interface PartProps<T> {
  readonly title: string;
  /** Null while its service does not respond. */
  readonly part: T | null;
  /** The service that knows. */
  readonly from: string;
  /** Seconds after which the figures say nothing about now. */
  readonly freshForS: number;
  readonly className?: string;
  readonly children: (part: T, isFresh: boolean) => ReactNode;
}

/** A panel of the overview with the age of its figures; unknown, and never zero, when its service does not respond. */
export function OverviewPart<T extends { readonly observed_at: string }>({
  title,
  part,
  from,
  freshForS,
  className = '',
  children,
}: PartProps<T>): ReactNode {
  const now = useClock();
  const isFresh = part !== null && (now - Date.parse(part.observed_at)) / 1000 <= freshForS;
  return (
    <Section
      className={className}
      title={title}
      note={part && <Age at={part.observed_at} freshForS={freshForS} />}
    >
      {part ? (
        <dl className="grid grid-cols-[repeat(auto-fill,minmax(8.5rem,1fr))] gap-5">
          {children(part, isFresh)}
        </dl>
      ) : (
        <p className="py-2 text-unknown">
          <span aria-hidden>◌ </span>Unknown: {from} does not respond now.
        </p>
      )}
    </Section>
  );
}

interface LinkedFigureProps {
  readonly label: string;
  /** Null while nobody knows. */
  readonly value: number | null;
  /** The list that the figure counts. */
  readonly to: string;
  /** Grey when not: it was true once. */
  readonly isFresh: boolean;
  readonly children?: ReactNode;
}

/** A number that opens what it counts. */
export function LinkedFigure({ label, value, to, isFresh, children }: LinkedFigureProps): ReactNode {
  return (
    <FigureNumber
      label={label}
      value={
        value === null ? (
          <span className="text-unknown">
            <span aria-hidden>◌ </span>unknown
          </span>
        ) : (
          <Link
            to={to}
            aria-label={`${formatCount(value)}, ${label}`}
            className={cx('link decoration-1', isFresh ? 'text-text' : 'text-unknown')}
          >
            {formatCount(value)}
          </Link>
        )
      }
    >
      {children}
    </FigureNumber>
  );
}

/** The day, UTC, so many days before a moment: `2026-11-28`. */
export const dayBefore = (moment: string, days: number): string =>
  new Date(Date.parse(moment) - days * 86_400_000).toISOString().slice(0, 10);

/** The share of calls that failed; null when there was no call. */
export const errorRate = ({ calls, errors }: NonNullable<Overview['calls']>['today']): number | null =>
  calls === 0 ? null : errors / calls;
