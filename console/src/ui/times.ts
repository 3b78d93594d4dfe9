export type Zone = 'local' | 'utc';

const MINUTE_S = 60;
const HOUR_S = 3600;
const DAY_S = 86_400;

const formats = new Map<string, Intl.DateTimeFormat>();
function formatOf(zone: Zone, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = JSON.stringify([zone, options]);
  let format = formats.get(key);
  if (!format) {
    const timeZone = zone === 'utc' ? { timeZone: 'UTC' } : {};
    format = new Intl.DateTimeFormat('en-GB', { ...options, ...timeZone });
    formats.set(key, format);
  }
  return format;
}

/** `28 Nov 2026, 14:03:22 CET`: with seconds where needed, always with the zone. */
export function formatMoment(
  at: Date,
  zone: Zone,
  precision: 'second' | 'minute' | 'day' = 'minute',
): string {
  if (precision === 'day')
    return formatOf(zone, { day: 'numeric', month: 'short', year: 'numeric' }).format(at);
  return formatOf(zone, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    ...(precision === 'second' ? { second: '2-digit' as const } : {}),
    timeZoneName: 'short',
  }).format(at);
}

/** `14:03:22`, for a row below a heading with its day. */
export const formatTime = (at: Date, zone: Zone): string =>
  formatOf(zone, { hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(at);

/** `28 Nov`, of a UTC day such as `2026-11-28`: it is the same day in every zone. */
export const formatDay = (day: string): string =>
  formatOf('utc', { day: 'numeric', month: 'short' }).format(new Date(`${day}T00:00:00Z`));

/** `3 min ago`, `in 2 h`; `now` within 5 seconds. */
export function formatRelative(at: Date, now: Date): string {
  const seconds = Math.round((at.getTime() - now.getTime()) / 1000);
  const size = Math.abs(seconds);
  if (size < 5) return 'now';
  const text = formatSpan(size);
  return seconds < 0 ? `${text} ago` : `in ${text}`;
}

/** Seconds in the largest whole unit: `45 s`, `12 min`, `3 h`, `8 d`. */
export function formatSpan(seconds: number): string {
  if (seconds < MINUTE_S) return `${Math.round(seconds)} s`;
  if (seconds < HOUR_S) return `${Math.round(seconds / MINUTE_S)} min`;
  if (seconds < 2 * DAY_S) return `${Math.round(seconds / HOUR_S)} h`;
  return `${Math.round(seconds / DAY_S)} d`;
}

/** Milliseconds in a short form: `48 ms`, `1.2 s`, `3 min 20 s`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`;
  if (ms < 60_000) return `${Math.round(ms / 1000)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < HOUR_S) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / HOUR_S)} h ${Math.round((seconds % HOUR_S) / 60)} min`;
}
