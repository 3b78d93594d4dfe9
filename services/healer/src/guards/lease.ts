import { timestampSchema } from '@gridworks/contracts';
import { z } from 'zod';
import type { KeyValue } from '../state/key-value.ts';

/** Who treats a process now. The key is the name of the process. */
export const leaseSchema = z.object({
  incident_id: z.string(),
  /** Name of the healer's process. */
  instance: z.string(),
  /** New at each of its starts: a successor takes over at once what its predecessor held. */
  boot: z.string(),
  /** Fencing token: the platform refuses an act under an older one than it has seen for the process. */
  epoch: z.number().int(),
  expires_at: timestampSchema,
});
export type Lease = z.output<typeof leaseSchema>;

/** An unreadable lease counts as one that is over: the epoch never falls below the clock, so that none is used twice. */
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

/** One healer treats one process at a time, for one incident, under an epoch that only grows. */
export class LeaseKeeper {
  constructor(
    private readonly bucket: KeyValue<Lease>,
    private readonly holder: { readonly instance: string; readonly boot: string },
    /** Milliseconds. Renewed three times within; after it another healer may take over. */
    readonly ttlMs: number,
    private readonly clock: () => number,
  ) {}

  /**
   * Takes or renews the lease of a process for an incident. A renewal keeps the epoch, taking over raises it. The
   * epoch is also never below the clock (ms), so that it grows even when the bucket was lost.
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

  /** Ends the lease before its time. The epoch stays, so that the next one is higher. */
  async release(process: string, incidentId: string): Promise<void> {
    const stored = await this.bucket.get(process);
    if (!stored || !this.#isMine(stored.value) || stored.value.incident_id !== incidentId) return;
    const ended = { ...stored.value, expires_at: new Date(this.clock()).toISOString() };
    // On a conflict somebody else has it by now.
    await this.bucket.update(process, ended, stored.revision);
  }

  #isMine(lease: Lease): boolean {
    return lease.instance === this.holder.instance && lease.boot === this.holder.boot;
  }

  #isAlive(lease: Lease, now: number): boolean {
    // Names are unique on the platform: another boot under my name is my dead predecessor.
    const predecessor = lease.instance === this.holder.instance && lease.boot !== this.holder.boot;
    return !predecessor && Date.parse(lease.expires_at) > now;
  }
}
