import { timestampSchema } from '@gridworks/contracts';
import { z } from 'zod';
import type { KeyValue } from '../state/key-value.ts';

/** Which healer treats a process now. The key is the name of the process. */
export const leaseSchema = z.object({
  incident_id: z.string(),
  /** Name of the healer's process. */
  instance: z.string(),
  /** New at each start of the process: a successor takes over its predecessor's lease at once. */
  boot: z.string(),
  /**
   * Fencing token: the platform refuses an act whose epoch is lower than one that it has seen for the
   * process.
   */
  epoch: z.number().int(),
  expires_at: timestampSchema,
});
export type Lease = z.output<typeof leaseSchema>;

/**
 * An unreadable lease counts as expired. The epoch is never below the clock, so that no epoch is used twice.
 */
export const LEASE_OVER: Lease = {
  incident_id: '',
  instance: '',
  boot: '',
  epoch: 0,
  expires_at: new Date(0).toISOString(),
};

export type LeaseOutcome =
  | { readonly held: true; readonly epoch: number }
  | { readonly held: false; readonly by: Lease };

/** Lets one healer treat one process at a time, for one incident, under an epoch that only grows. */
export class LeaseKeeper {
  constructor(
    private readonly bucket: KeyValue<Lease>,
    private readonly holder: { readonly instance: string; readonly boot: string },
    /**
     * Milliseconds. The lease is renewed three times within this time; after it another healer may take over.
     */
    readonly ttlMs: number,
    private readonly clock: () => number,
  ) {}

  /**
   * Takes or renews the lease of a process for an incident. A renewal keeps the epoch, a takeover raises it.
   * The epoch is also never below the clock (ms), so that it grows even when the bucket was lost.
   */
  async acquire(process: string, incidentId: string, atLeast = 0): Promise<LeaseOutcome> {
    for (;;) {
      const stored = await this.bucket.get(process);
      const now = this.clock();
      const previous = stored?.value;
      const mine = previous !== undefined && this.#isMine(previous) && previous.incident_id === incidentId;
      if (previous && !mine && this.#isAlive(previous, now)) return { held: false, by: previous };
      const continues = mine && Date.parse(previous.expires_at) > now;
      const epoch = continues
        ? Math.max(previous.epoch, atLeast)
        : Math.max((previous?.epoch ?? 0) + 1, now, atLeast);
      const lease: Lease = {
        ...this.holder,
        incident_id: incidentId,
        epoch,
        expires_at: new Date(now + this.ttlMs).toISOString(),
      };
      const written = stored
        ? await this.bucket.update(process, lease, stored.revision)
        : await this.bucket.create(process, lease);
      if (written !== null) return { held: true, epoch };
    }
  }

  /** Ends the lease before it expires. The epoch is kept, so that the next one is higher. */
  async release(process: string, incidentId: string): Promise<void> {
    const stored = await this.bucket.get(process);
    if (!stored || !this.#isMine(stored.value) || stored.value.incident_id !== incidentId) return;
    const ended = { ...stored.value, expires_at: new Date(this.clock()).toISOString() };
    // On a conflict another healer has taken the lease by now.
    await this.bucket.update(process, ended, stored.revision);
  }

  #isMine(lease: Lease): boolean {
    return lease.instance === this.holder.instance && lease.boot === this.holder.boot;
  }

  #isAlive(lease: Lease, now: number): boolean {
    // Names are unique on the platform: a lease of another boot under this name belongs to a dead
    // predecessor.
    const predecessor = lease.instance === this.holder.instance && lease.boot !== this.holder.boot;
    return !predecessor && Date.parse(lease.expires_at) > now;
  }
}
