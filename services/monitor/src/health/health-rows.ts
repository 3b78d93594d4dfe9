import type { HealthCheck } from '@gridworks/contracts';

/** Everybody is written down so often, changes at once. */
export const SAMPLE_MS = 10_000;
/** So many rows wait for the database at most; then the oldest are dropped. */
export const CAPACITY = 2000;

/** Decides which checks are worth a row, and keeps rows while the database is away. Times are ms of a clock that is never set. */
export class HealthRows {
  readonly #statuses = new Map<string, string>();
  #waiting: HealthCheck[] = [];
  #sampledAt = Number.NEGATIVE_INFINITY;
  #dropped = 0;

  /** How many rows were dropped since the start. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Looks at the checks of this moment. Returns true when a status changed. */
  look(checks: readonly HealthCheck[], now: number): boolean {
    const sample = now - this.#sampledAt >= SAMPLE_MS;
    if (sample) this.#sampledAt = now;
    const changed = checks.filter(({ component, status }) => this.#statuses.get(component) !== status);
    for (const { component, status } of changed) this.#statuses.set(component, status);
    this.#keep(sample ? checks : changed);
    return changed.length > 0;
  }

  /** Everything that waits. */
  take(): HealthCheck[] {
    const taken = this.#waiting;
    this.#waiting = [];
    return taken;
  }

  /** Puts back what could not be written. */
  putBack(rows: readonly HealthCheck[]): void {
    const newer = this.#waiting;
    this.#waiting = [];
    this.#keep(rows);
    this.#keep(newer);
  }

  #keep(rows: readonly HealthCheck[]): void {
    this.#waiting.push(...rows);
    const over = this.#waiting.length - CAPACITY;
    if (over <= 0) return;
    this.#waiting.splice(0, over);
    this.#dropped += over;
  }
}
