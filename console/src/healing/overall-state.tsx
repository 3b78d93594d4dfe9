import type { ReactNode } from 'react';
import { StatusMark } from '../ui/status-mark.tsx';
import type { Overall } from './overall-sentence.ts';

/** The sentence of the whole state, and a way to what it speaks of. */
export function OverallState({
  overall,
  children,
}: {
  readonly overall: Overall;
  readonly children?: ReactNode;
}): ReactNode {
  return (
    <div className="mb-5 flex flex-wrap items-center gap-3 rounded-3 border border-line bg-surface px-4 py-3 shadow-1">
      <p role="status" className="flex flex-wrap items-center gap-3 text-lg font-medium">
        <StatusMark status={overall.status} />
        {overall.sentence}
      </p>
      {children}
    </div>
  );
}
