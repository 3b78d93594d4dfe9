import type { ReactNode } from 'react';
import { cx } from '../ui/cx.ts';

const COLOURS: Readonly<Record<string, string>> = { GET: 'text-muted', DELETE: 'text-fail' };

/** The method of an operation, always of one width. */
export function MethodMark({ method }: { readonly method: string }): ReactNode {
  return (
    <span
      className={cx('w-11 shrink-0 font-mono text-xs font-semibold', COLOURS[method] ?? 'text-accent-text')}
    >
      {method === 'DELETE' ? 'DEL' : method}
    </span>
  );
}
