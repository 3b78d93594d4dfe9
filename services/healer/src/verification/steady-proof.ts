import type { ProbeResult } from './probe.ts';

/**
 * Counts only what stays: good looks of one boot, without a break, for as long as the stabilisation window (ms).
 * Anything else starts it over. What cannot be read is no proof.
 */
export class SteadyProof {
  #since: number | null = null;
  #boot: string | null = null;
  #observations = 0;

  constructor(private readonly stabilisationMs: number) {}

  /** Takes a look in; true when the proof is complete. `stillOpen`: what else speaks against it, or null. */
  observe(result: ProbeResult, stillOpen: string | null, now: number): boolean {
    if (result.status !== 'good' || stillOpen !== null) {
      this.#since = null;
      this.#observations = 0;
      return false;
    }
    const anotherBoot = result.boot !== null && this.#boot !== null && result.boot !== this.#boot;
    if (this.#since === null || anotherBoot) {
      this.#since = now;
      this.#observations = 0;
    }
    this.#boot = result.boot ?? this.#boot;
    this.#observations++;
    return this.#observations >= 2 && now - this.#since >= this.stabilisationMs;
  }
}
