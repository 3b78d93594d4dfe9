/** The door must be shut for so long, while its instances say that they are well. */
export const SHUT_AFTER_MS = 3000;
const SHUT_CHECKS = 3;

/** What is known of the gateway's door, seen from outside. Times are epoch ms. */
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

  /** It was open before, and has been shut for long enough. */
  shut(now: number): boolean {
    return (
      this.lastOkAt !== null &&
      this.failingSince !== null &&
      this.#failures >= SHUT_CHECKS &&
      now - this.failingSince >= SHUT_AFTER_MS
    );
  }

  /** Time in which we ourselves were held up: failures of it prove nothing. */
  forgive(now: number): void {
    this.#failures = 0;
    if (this.failingSince !== null) this.failingSince = now;
  }
}
