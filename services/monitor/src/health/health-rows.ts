import type { HealthCheck } from '@gridworks/contracts';

/** Interval at which every component gets a row; a change of status gets one at once. */
export const SAMPLE_MS = 10_000;
/** How many rows may wait to be written; then the oldest are dropped. */
export const CAPACITY = 2000;
/** How many rows are written at once: with their details cut, under 100 KB. */
export const BATCH = 150;
const DETAIL_LENGTH = 200;

/**
 * Decides which checks are worth a row, and keeps rows until they are taken. Times are ms of a monotonic
 * clock.
 */
export class HealthRows {
  readonly #statuses = new Map<string, string>();
  #waiting: HealthCheck[] = [];
  #sampledAt = Number.NEGATIVE_INFINITY;
  #dropped = 0;

  /** How many rows were dropped since the start. */
  get dropped(): number {
    return this.#dropped;
  }

  /** How many rows wait. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Processes the checks of this moment. Returns true when a status changed. */
  update(checks: readonly HealthCheck[], now: number): boolean {
    const sample = now - this.#sampledAt >= SAMPLE_MS;
    if (sample) this.#sampledAt = now;
    const changed = checks.filter(({ component, status }) => this.#statuses.get(component) !== status);
    for (const { component, status } of changed) this.#statuses.set(component, status);
    this.#keep(sample ? checks : changed);
    return changed.length > 0;
  }

  /** Takes the oldest waiting rows, one batch at most. */
  take(): HealthCheck[] {
    return this.#waiting.splice(0, BATCH);
  }

  /** Counts rows that were taken and could not be written as dropped. */
  drop(rows: readonly HealthCheck[]): void {
    this.#dropped += rows.length;
  }

  #keep(rows: readonly HealthCheck[]): void {
    for (const row of rows)
      this.#waiting.push({ ...row, detail: row.detail?.slice(0, DETAIL_LENGTH) ?? null });
    const over = this.#waiting.length - CAPACITY;
    if (over <= 0) return;
    this.#waiting.splice(0, over);
    this.#dropped += over;
  }
}
