import { type ReactNode, useSyncExternalStore } from 'react';
import { copyText } from './copy-text.ts';
import { usePreferences } from './preferences.ts';
import { formatMoment, formatRelative, formatTime } from './times.ts';

interface MomentProps {
  /** RFC 3339, as the API sends it; null shows `never`. */
  readonly at: string | null | undefined;
  readonly precision?: 'second' | 'minute' | 'day' | 'time';
  /** Shows `3 min ago` beside the time, kept up to date. */
  readonly relative?: boolean;
  readonly never?: string;
}

/**
 * Shows a time, everywhere in the console: in the reader's chosen zone, in ISO form on hover, copied in ISO
 * form by a double click.
 */
export function Moment({ at, precision = 'minute', relative, never = 'never' }: MomentProps): ReactNode {
  const zone = usePreferences((preferences) => preferences.zone);
  if (!at) return <span className="text-faint">{never}</span>;
  const moment = new Date(at);
  const iso = moment.toISOString();
  const text = precision === 'time' ? formatTime(moment, zone) : formatMoment(moment, zone, precision);
  return (
    <time dateTime={iso} title={iso} onDoubleClick={() => void copyText(iso)} className="tabular-nums">
      <span className="whitespace-nowrap">{text}</span>
      {relative && <Relative at={moment} />}
    </time>
  );
}

function Relative({ at }: { readonly at: Date }): ReactNode {
  const now = useClock();
  return (
    <span className="text-faint">
      {' '}
      · <span className="whitespace-nowrap">{formatRelative(at, new Date(now))}</span>
    </span>
  );
}

let clock = Date.now();
const waiting = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

/**
 * One timer for the whole page, and none without subscribers. Always the same function, since React
 * subscribes again when it changes.
 */
function subscribe(onChange: () => void): () => void {
  if (waiting.size === 0) clock = Date.now();
  waiting.add(onChange);
  timer ??= setInterval(() => {
    if (document.hidden) return;
    clock = Date.now();
    for (const notify of waiting) notify();
  }, 1000);
  return () => {
    waiting.delete(onChange);
    if (waiting.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}
const readClock = (): number => clock;

/** Milliseconds since 1970, updated each second. */
export const useClock = (): number => useSyncExternalStore(subscribe, readClock);
