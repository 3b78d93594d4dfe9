import type { ProbeResult } from './probe.ts';

/**
 * Proves that a target stays healthy: good probes of one boot, without a break, for the stabilisation time
 * (ms). Any other result restarts the proof. `unknown` is no proof.
 */
export class SteadyProof {
  #since: number | null = null;
  #boot: string | null = null;
  #observations = 0;

  constructor(private readonly stabilisationMs: number) {}

  /** Adds a probe; true when the proof is complete. `stillOpen`: another reason against it, or null. */
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
