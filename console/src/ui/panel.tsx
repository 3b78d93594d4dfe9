import type { UseQueryResult } from '@tanstack/react-query';
import { type ReactNode, useEffect, useId, useState } from 'react';
import { Boundary } from './boundary.tsx';
import { Button } from './button.tsx';
import { cx } from './cx.ts';
import { ErrorNote } from './error-note.tsx';
import { useClock } from './moment.tsx';
import { formatSpan } from './times.ts';

interface FrameProps {
  readonly title?: string;
  /** Beside the title: buttons, a switch, a link to more. */
  readonly actions?: ReactNode;
  readonly note?: ReactNode;
  readonly className?: string;
  /** No padding around the content: for tables that reach the edges. */
  readonly flush?: boolean;
  readonly children: ReactNode;
}

/** A titled part of a page; its errors do not break the page. */
export function Section({ title, actions, note, className, flush, children }: FrameProps): ReactNode {
  const id = useId();
  return (
    <section
      aria-labelledby={title ? id : undefined}
      className={cx('min-w-0 rounded-3 border border-line bg-surface shadow-1', className)}
    >
      {(title || actions) && (
        <header className="flex min-h-11 flex-wrap items-center justify-between gap-x-4 gap-y-1 px-4 pt-3 pb-1">
          <div className="flex flex-wrap items-baseline gap-x-3">
            {title && (
              <h2 id={id} className="text-md font-semibold">
                {title}
              </h2>
            )}
            {note && <span className="text-xs text-faint">{note}</span>}
          </div>
          {actions && <div className="flex items-center gap-2">{actions}</div>}
        </header>
      )}
      <div className={flush ? 'pt-1' : 'px-4 pt-1 pb-4'}>
        <Boundary fallback={(error, retry) => <Failed error={error} onRetry={retry} />}>{children}</Boundary>
      </div>
    </section>
  );
}

interface PanelProps<T> extends Omit<FrameProps, 'children' | 'note'> {
  readonly query: UseQueryResult<T, Error>;
  /** The number of lines of the skeleton. */
  readonly lines?: number;
  /** The time at which the shown data was true, RFC 3339. Default: the time of the fetch. */
  readonly observedAt?: (data: T) => string | null;
  /**
   * Shows the age of the data, and "unknown since" when it is older than this many seconds. For live numbers.
   */
  readonly freshForS?: number;
  readonly children: (data: T) => ReactNode;
}

/** A section that shows the result of a query, with its skeleton, its error and its age. */
export function Panel<T>({
  query,
  lines = 4,
  observedAt,
  freshForS,
  children,
  ...frame
}: PanelProps<T>): ReactNode {
  const { data } = query;
  const at = data === undefined ? null : (observedAt?.(data) ?? new Date(query.dataUpdatedAt).toISOString());
  const note = at !== null && freshForS !== undefined ? <Age at={at} freshForS={freshForS} /> : undefined;
  return (
    <Section {...frame} note={note}>
      <Loaded query={query} lines={lines} padded={frame.flush}>
        {children}
      </Loaded>
    </Section>
  );
}

interface LoadedProps<T> {
  readonly query: UseQueryResult<T, Error>;
  readonly lines?: number;
  readonly padded?: boolean | undefined;
  readonly children: (data: T) => ReactNode;
}

/** The content of a query, or its skeleton or error. Old content stays when a refetch fails. */
export function Loaded<T>({ query, lines = 4, padded, children }: LoadedProps<T>): ReactNode {
  const { data, error, fetchStatus } = query;
  const retry = () => void query.refetch();
  if (data !== undefined) return children(data);
  const content = error ? (
    <Failed error={error} onRetry={retry} busy={fetchStatus === 'fetching'} />
  ) : (
    <Waiting lines={lines} offline={fetchStatus === 'paused'} onRetry={retry} />
  );
  return padded ? <div className="px-4 pb-4">{content}</div> : content;
}

const PATIENCE_MS = 8000;

/** Grey lines for at most 8 seconds, then a sentence and a button. */
export function Waiting({
  lines = 4,
  offline,
  onRetry,
}: {
  readonly lines?: number;
  readonly offline?: boolean;
  readonly onRetry?: () => void;
}): ReactNode {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, []);
  if (offline) return <p className="py-2 text-muted">You are offline. This loads as soon as you are back.</p>;
  if (late)
    return (
      <div className="flex flex-wrap items-center gap-3 py-2 text-muted">
        <p>This takes longer than it should. It is still being tried.</p>
        {onRetry && (
          <Button size="sm" onClick={onRetry}>
            Try again
          </Button>
        )}
      </div>
    );
  return (
    <div role="status" aria-label="Loading" className="flex flex-col gap-2.5 py-2">
      {Array.from({ length: lines }, (_, line) => (
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: lines are all alike and never move
          key={line}
          className="skeleton h-4"
          style={{ width: `${92 - ((line * 17) % 40)}%` }}
        />
      ))}
    </div>
  );
}

/** The error, and the button that tries again. */
export function Failed({
  error,
  onRetry,
  busy,
}: {
  readonly error: unknown;
  readonly onRetry: () => void;
  readonly busy?: boolean;
}): ReactNode {
  return (
    <ErrorNote error={error}>
      <div className="ps-5 pt-1">
        <Button size="sm" busy={Boolean(busy)} onClick={onRetry}>
          Try again
        </Button>
      </div>
    </ErrorNote>
  );
}

/** The age of a live number. After `freshForS` the number is unknown, never good. */
export function Age({ at, freshForS }: { readonly at: string; readonly freshForS: number }): ReactNode {
  const seconds = Math.max(0, (useClock() - Date.parse(at)) / 1000);
  if (seconds <= freshForS)
    return <span title={at}>{seconds < 2 ? 'now' : `${formatSpan(seconds)} old`}</span>;
  return (
    <span title={at} className="text-unknown">
      <span aria-hidden>◌ </span>
      unknown for {formatSpan(seconds)}
    </span>
  );
}
