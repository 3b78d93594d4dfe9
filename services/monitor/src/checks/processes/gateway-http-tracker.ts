/** How long gateway HTTP must fail although its instances report that they are healthy. */
export const SHUT_AFTER_MS = 3000;
const SHUT_CHECKS = 3;

/** The state of gateway HTTP, seen from outside. Times are epoch ms. */
export class GatewayHttpTracker {
  failingSince: number | null = null;
  lastOkAt: number | null = null;
  error: string | null = null;
  latencyMs: number | null = null;
  #failures = 0;

  checked(error: string | null, latencyMs: number, now: number): void {
    this.error = error;
    this.latencyMs = error === null ? latencyMs : null;
    if (error === null) {
      this.lastOkAt = now;
      this.failingSince = null;
      this.#failures = 0;
    } else {
      this.failingSince ??= now - latencyMs;
      this.#failures++;
    }
  }

  /** Whether gateway HTTP responded before and has failed for long enough. */
  shut(now: number): boolean {
    return (
      this.lastOkAt !== null &&
      this.failingSince !== null &&
      this.#failures >= SHUT_CHECKS &&
      now - this.failingSince >= SHUT_AFTER_MS
    );
  }

  /** Discards time in which monitor itself was held up: failures during it prove nothing. */
  forgive(now: number): void {
    this.#failures = 0;
    if (this.failingSince !== null) this.failingSince = now;
  }
}
