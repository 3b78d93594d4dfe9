import type { LeaseKeeper } from '../guards/lease.ts';

/**
 * The leases that one incident holds: of its cause, and of each dependent that it treats. They are renewed
 * until released.
 */
export class HeldLeases {
  readonly #processes = new Set<string>();
  readonly #renewal: NodeJS.Timeout;

  constructor(
    private readonly leases: LeaseKeeper,
    private readonly incidentId: string,
    /** Called when another healer drives this incident now. */
    lost: () => void,
  ) {
    this.#renewal = setInterval(() => void this.#renew(lost), leases.ttlMs / 3);
  }

  /** False when another healer or incident holds the lease of the process. Throws while the bus is away. */
  async claim(process: string): Promise<boolean> {
    if (!(await this.leases.acquire(process, this.incidentId)).held) return false;
    this.#processes.add(process);
    return true;
  }

  /** From now on renews a lease that was acquired elsewhere. */
  keep(process: string): void {
    this.#processes.add(process);
  }

  async release(): Promise<void> {
    const processes = [...this.#processes];
    this.#processes.clear();
    for (const process of processes) await this.leases.release(process, this.incidentId);
  }

  async end(): Promise<void> {
    clearInterval(this.#renewal);
    // A lease that cannot be released expires.
    await this.release().catch(() => undefined);
  }

  async #renew(lost: () => void): Promise<void> {
    for (const process of this.#processes) {
      try {
        const outcome = await this.leases.acquire(process, this.incidentId);
        if (!outcome.held && outcome.by.incident_id === this.incidentId) lost();
      } catch {
        // The bus is away: no other healer can take the lease either.
      }
    }
  }
}
