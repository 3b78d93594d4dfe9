import type { PlatformDisk } from '../platform/platform.ts';

const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB'] as const;

/** `3.4 MB`, in powers of 1000 as `df -H` counts. */
export function describeBytes(bytes: number): string {
  let value = Math.max(0, bytes);
  let unit = 0;
  for (; value >= 999.5 && unit < UNITS.length - 1; unit++) value /= 1000;
  return `${value < 10 && unit > 0 ? value.toFixed(1) : Math.round(value)} ${UNITS[unit]}`;
}

/** So many parts are told. */
const MOST_PARTS = 4;

/** What takes the space of the fullest disk, in a sentence without a full stop; empty when nothing is known. */
export function describeFullest([fullest]: readonly PlatformDisk[]): string {
  if (!fullest || fullest.total_bytes <= 0) return '';
  const share = Math.round((fullest.used_bytes / fullest.total_bytes) * 100);
  const parts = fullest.parts
    .slice(0, MOST_PARTS)
    .map(({ name, bytes }) => `${name} ${describeBytes(bytes)}`);
  return `${share} % of the ${describeBytes(fullest.total_bytes)} of the disk of ${fullest.folder} is used: ${parts.join(', ')}`;
}
