import type { ReactNode } from 'react';
import { cx } from './cx.ts';

/** The status of a component. `unknown`: there is no fresh information, which is never shown as good. */
export type Status = 'pass' | 'warn' | 'fail' | 'unknown';

/** One shape for each status, so that colour is not needed. */
export const STATUS_SHAPES: Readonly<Record<Status, string>> = {
  pass: '●',
  warn: '▲',
  fail: '■',
  unknown: '◌',
};
const WORDS: Readonly<Record<Status, string>> = {
  pass: 'OK',
  warn: 'Degraded',
  fail: 'Failing',
  unknown: 'Unknown',
};
export const STATUS_TEXT: Readonly<Record<Status, string>> = {
  pass: 'text-pass',
  warn: 'text-warn',
  fail: 'text-fail',
  unknown: 'text-unknown',
};
const GROUNDS: Readonly<Record<Status, string>> = {
  pass: 'bg-pass-soft',
  warn: 'bg-warn-soft',
  fail: 'bg-fail-soft',
  unknown: 'bg-unknown-soft',
};

interface StatusMarkProps {
  readonly status: Status;
  /** Replaces the status's own word: `Escalated`, `Revoked`. */
  readonly word?: string;
  /** Without the soft background: in a line of text or a dense table. */
  readonly plain?: boolean;
}

/** Shape, word and colour. */
export function StatusMark({ status, word, plain }: StatusMarkProps): ReactNode {
  return (
    <span
      className={cx(
        'inline-flex items-center gap-1.5 text-sm font-medium whitespace-nowrap',
        STATUS_TEXT[status],
        !plain && cx('rounded-full px-2 py-px', GROUNDS[status]),
      )}
    >
      <span aria-hidden className="text-[0.7em] leading-none">
        {STATUS_SHAPES[status]}
      </span>
      {word ?? WORDS[status]}
    </span>
  );
}

/** A word in a rounded frame: a mode, a role, a count. */
export function Tag({
  children,
  tone,
}: {
  readonly children: ReactNode;
  readonly tone?: 'test' | 'accent';
}): ReactNode {
  const tones = { test: 'bg-test-soft text-test', accent: 'bg-accent-soft text-accent-text' };
  return (
    <span
      className={cx(
        'inline-flex items-center rounded-1 px-1.5 py-px text-xs font-medium whitespace-nowrap',
        tone ? tones[tone] : 'bg-sunken text-muted',
      )}
    >
      {children}
    </span>
  );
}
