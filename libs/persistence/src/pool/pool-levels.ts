/** How far a pool of connections is used up. */
export type PoolLevel = 'normal' | 'warning' | 'emergency';

/** Shares of the pool. From here on normal work waits. */
export const WARNING_FROM = 0.85;
/** From here on normal work is refused. */
export const EMERGENCY_FROM = 0.92;
/** An emergency ends below this share, so that it does not begin again with the next request. */
export const EMERGENCY_UNTIL = 0.88;

/** Connections that normal work may use together: 85 %, and one less than all where there are two or more. */
export const normalRoom = (max: number): number =>
  Math.max(1, Math.min(Math.ceil(max * WARNING_FROM), max - 1));

/** @param queued normal work that waits for room; `used` counts callers beyond `max`, too */
export function poolLevel(before: PoolLevel, used: number, queued: number, max: number): PoolLevel {
  const share = used / max;
  if (share >= EMERGENCY_FROM || (before === 'emergency' && share >= EMERGENCY_UNTIL)) return 'emergency';
  return share >= WARNING_FROM || queued > 0 ? 'warning' : 'normal';
}
