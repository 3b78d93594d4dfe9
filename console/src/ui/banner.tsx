import { type ReactNode, useEffect } from 'react';
import { create } from 'zustand';
import { STATUS_SHAPES, type Status } from './status-mark.tsx';

/** A problem in the background: one line for each cause, for as long as it lasts. */
interface BannerLine {
  readonly cause: string;
  readonly status: Status;
  readonly text: ReactNode;
  readonly action?: ReactNode;
}

const useBanners = create<{ readonly lines: readonly BannerLine[] }>(() => ({ lines: [] }));

/** Shows the line of a cause; null removes the line. */
export function setBanner(cause: string, line: Omit<BannerLine, 'cause'> | null): void {
  useBanners.setState(({ lines }) => ({
    lines: [...lines.filter((other) => other.cause !== cause), ...(line ? [{ cause, ...line }] : [])],
  }));
}

/** Shows a line for as long as the calling component is mounted. */
export function useBanner(cause: string, status: Status, text: string | null): void {
  useEffect(() => {
    setBanner(cause, text === null ? null : { status, text });
    return () => setBanner(cause, null);
  }, [cause, status, text]);
}

const TONES: Readonly<Record<Status, string>> = {
  pass: 'bg-pass-soft text-pass',
  warn: 'bg-warn-soft text-warn',
  fail: 'bg-fail-soft text-fail',
  unknown: 'bg-unknown-soft text-unknown',
};

export function BannerSlot(): ReactNode {
  const lines = useBanners((state) => state.lines);
  return (
    <div role="status" aria-label="Notices">
      {lines.map(({ cause, status, text, action }) => (
        <div
          key={cause}
          className={`flex items-baseline gap-x-3 px-4 py-1.5 text-sm font-medium ${TONES[status]}`}
        >
          <span aria-hidden className="text-[0.7em]">
            {STATUS_SHAPES[status]}
          </span>
          <span>{text}</span>
          {action}
        </div>
      ))}
    </div>
  );
}
