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

/**
 * When two samples are further apart than this, the time between them is in no tally and counts as unknown.
 */
export const MAX_GAP_MS = 5000;
/** How many tallies are taken at once, beside a batch of checks in one message. */
const AT_ONCE = 150;
/** How many tallies may wait; then the oldest are dropped, and their time is unknown. */
const CAPACITY = 3000;
const MINUTE_MS = 60_000;

const COLUMNS = { pass: 'up', warn: 'degraded', fail: 'down', unknown: 'unknown' } as const;

/** Sums up how long each component was in which state, minute by minute, until the sums are taken. */
export class HealthTally {
  readonly #waiting = new Map<string, Tally>();
  #sampledAt: number | undefined;

  /**
   * Adds the time since the last sample; `now` in ms of a monotonic clock, `wallNow` in ms since the epoch.
   */
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

  /**
   * Takes the oldest waiting tallies. Later time of the same minute becomes a tally of its own, to be added.
   */
  take(): Tally[] {
    const taken = [...this.#waiting].slice(0, AT_ONCE);
    for (const [key] of taken) this.#waiting.delete(key);
    return taken.map(([, tally]) => tally);
  }
}
