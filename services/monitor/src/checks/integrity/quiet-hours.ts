/** `1-5`: from 01:00 to 05:00; `22-4` goes over midnight; `0-24` is always. Hours of UTC. */
export const QUIET_HOURS = /^([01]?\d|2[0-4])-([01]?\d|2[0-4])$/;

/** Whether the moment lies within these hours. */
export function isWithin(hours: string, at: Date): boolean {
  const [, from = 0, to = 0] = (QUIET_HOURS.exec(hours) ?? []).map(Number);
  const hour = at.getUTCHours();
  return from < to ? hour >= from && hour < to : hour >= from || hour < to;
}
