import { createHash } from 'node:crypto';
import { timestampSchema } from '@gridworks/contracts';
import { z } from 'zod';
import type { KeyValue } from '../state/key-value.ts';

export const captureClaimSchema = z.object({ incident_id: z.string(), at: timestampSchema });
export type CaptureClaim = z.output<typeof captureClaimSchema>;
/** An unreadable claim counts as a claim of no incident. */
export const NO_CLAIM: CaptureClaim = { incident_id: '', at: new Date(0).toISOString() };

/** A healer that claimed a group stores its incident within this time (ms), or has died. */
const STORED_WITHIN_MS = 2000;

const digest = (...parts: string[]): string =>
  createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 32);

/**
 * Decides which incident a group of errors belongs to and which errors were mailed. Claims are made by
 * compare-and-set, so that two healers agree, or one before and after its restart. The bucket deletes entries
 * after a day, which is what "within a day" means here.
 */
export class CaptureClaims {
  constructor(
    private readonly bucket: KeyValue<CaptureClaim>,
    private readonly clock: () => number,
  ) {}

  /**
   * Returns the id of the group's incident: `incidentId` when this call claims the group, else the incident
   * that claimed it earlier. `isLive` says whether an incident is known to be open.
   */
  async group(group: string, incidentId: string, isLive: (id: string) => boolean): Promise<string> {
    const key = `captures.group.${digest(group)}`;
    for (;;) {
      const claim = { incident_id: incidentId, at: new Date(this.clock()).toISOString() };
      const stored = await this.bucket.get(key);
      if (!stored) {
        if ((await this.bucket.create(key, claim)) !== null) return incidentId;
        continue;
      }
      const { incident_id, at } = stored.value;
      if (isLive(incident_id) || this.clock() - Date.parse(at) < STORED_WITHIN_MS) return incident_id;
      if ((await this.bucket.update(key, claim, stored.revision)) !== null) return incidentId;
    }
  }

  /** The incident of the group is over, or was never published: the next incident may be opened at once. */
  async release(group: string, incidentId: string): Promise<void> {
    const key = `captures.group.${digest(group)}`;
    const stored = await this.bucket.get(key);
    if (stored?.value.incident_id !== incidentId) return;
    await this.bucket.update(key, { ...stored.value, at: new Date(0).toISOString() }, stored.revision);
  }

  /**
   * Returns the id of the incident whose mail covers this error of this service: `incidentId` when no mail
   * was sent within a day, else the earlier incident.
   */
  async mail(service: string, fingerprint: string, incidentId: string): Promise<string> {
    const key = `captures.mail.${digest(service, fingerprint)}`;
    for (;;) {
      const stored = await this.bucket.get(key);
      if (stored && stored.value.incident_id !== NO_CLAIM.incident_id) return stored.value.incident_id;
      const claim = { incident_id: incidentId, at: new Date(this.clock()).toISOString() };
      const written = stored
        ? await this.bucket.update(key, claim, stored.revision)
        : await this.bucket.create(key, claim);
      if (written !== null) return incidentId;
    }
  }
}
