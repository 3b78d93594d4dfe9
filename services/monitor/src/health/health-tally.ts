import type { HealthCheck } from '@gridworks/contracts';
import { z } from 'zod';

/** How long a component was in which state within one minute, in seconds. */
export const tallySchema = z.object({
  component: z.string(),
  /** The beginning of the minute. */
  minute: z.iso.datetime(),
  up: z.number(),
  degraded: z.number(),
  down: z.number(),
  unknown: z.number(),
});
export type Tally = z.output<typeof tallySchema>;

/** Between two samples further apart than this nobody watched: that time is in no tally, and so unknown. */
export const MAX_GAP_MS = 5000;
/** So many go out at once, beside a batch of checks in one message. */
const AT_ONCE = 150;
/** So many wait at most; then the oldest are dropped, and their time is unknown. */
const CAPACITY = 3000;
const MINUTE_MS = 60_000;

const COLUMNS = { pass: 'up', warn: 'degraded', fail: 'down', unknown: 'unknown' } as const;

/** Sums up how long each component was in which state, minute by minute, until the sums are taken. */
export class HealthTally {
  readonly #waiting = new Map<string, Tally>();
  #sampledAt: number | undefined;

  /** Adds the time since the last sample; `now` in ms of a clock that is never set, `wallNow` in ms since the epoch. */
  add(checks: readonly HealthCheck[], now: number, wallNow: number): void {
    const elapsed = now - (this.#sampledAt ?? now);
    this.#sampledAt = now;
    if (elapsed <= 0 || elapsed > MAX_GAP_MS) return;
    const minute = new Date(Math.floor(wallNow / MINUTE_MS) * MINUTE_MS).toISOString();
    for (const { component, status } of checks) {
      const key = `${minute} ${component}`;
      const before = this.#waiting.get(key) ?? { component, minute, up: 0, degraded: 0, down: 0, unknown: 0 };
      const column = COLUMNS[status];
      this.#waiting.set(key, { ...before, [column]: before[column] + elapsed / 1000 });
    }
    for (const key of this.#waiting.keys()) {
      if (this.#waiting.size <= CAPACITY) break;
      this.#waiting.delete(key);
    }
  }

  /** The oldest sums that wait. What comes later for the same minute is a sum of its own, to be added. */
  take(): Tally[] {
    const taken = [...this.#waiting].slice(0, AT_ONCE);
    for (const [key] of taken) this.#waiting.delete(key);
    return taken.map(([, tally]) => tally);
  }
}
