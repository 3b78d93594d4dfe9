import { verdictSchema } from '@gridworks/contracts';
import { z } from 'zod';
import type { WatchedKeyValue } from '../state/key-value.ts';

/** The state of the prompt about one error. The bucket deletes an entry a day after its last change. */
export const promptEntrySchema = z.object({
  /**
   * `sent`: by a healer, which may have died since. `put-off`: no reply came, and the prompt may be sent
   * again from `again_at` on. `refused`: the reply was no valid verdict. `received`: the verdict waits to be
   * stored. `stored`: it is stored.
   */
  state: z.enum(['sent', 'put-off', 'refused', 'received', 'stored']),
  by: z.string(),
  at: z.string(),
  again_at: z.string().nullable(),
  reason: z.string().nullable(),
  verdict: verdictSchema.nullable(),
});
export type PromptEntry = z.output<typeof promptEntrySchema>;
export const UNREADABLE_PROMPT: PromptEntry = {
  state: 'refused',
  by: 'unknown',
  at: new Date(0).toISOString(),
  again_at: null,
  reason: 'what was stored cannot be read',
  verdict: null,
};
type Ending = Pick<PromptEntry, 'state'> & Partial<Pick<PromptEntry, 'again_at' | 'reason' | 'verdict'>>;
type PromptBucket = Omit<WatchedKeyValue<PromptEntry>, 'delete'>;

export interface Claim {
  readonly key: string;
  readonly revision: number;
}

/** Keys of a bucket allow few characters. Fingerprints of errors fit; any other text is encoded. */
const keyOf = (fingerprint: string): string =>
  /^[A-Za-z0-9_-]{1,100}$/.test(fingerprint)
    ? fingerprint
    : `b64.${Buffer.from(fingerprint).toString('base64url').slice(0, 300)}`;

/** Allows one prompt for each error and day, over all healers. In the bucket `healer_prompts`. */
export class PromptLedger {
  constructor(
    private readonly bucket: PromptBucket,
    private readonly holder: string,
    private readonly clock: () => number,
  ) {}

  /**
   * Claims the right to send this error; null when a healer sent it today, or is sending it now. Throws while
   * the bus is away.
   */
  async claim(fingerprint: string): Promise<Claim | null> {
    const key = keyOf(fingerprint);
    const entry = this.#entry({ state: 'sent' });
    const made = await this.bucket.create(key, entry);
    if (made !== null) return { key, revision: made };
    const stored = await this.bucket.get(key);
    const again = stored?.value.state === 'put-off' ? stored.value.again_at : null;
    if (!stored || again === null || Date.parse(again) > this.clock()) return null;
    const taken = await this.bucket.update(key, entry, stored.revision);
    return taken === null ? null : { key, revision: taken };
  }

  /** Records the outcome. False when that was not possible. */
  async close(claim: Claim, ending: Ending): Promise<boolean> {
    try {
      return (await this.bucket.update(claim.key, this.#entry(ending), claim.revision)) !== null;
    } catch {
      return false;
    }
  }

  /** Marks the verdict as stored in PostgreSQL, whichever healer's claim the entry has. */
  async markStored(fingerprint: string): Promise<void> {
    const key = keyOf(fingerprint);
    const stored = await this.bucket.get(key);
    if (stored?.value.state === 'received')
      await this.bucket.update(key, { ...stored.value, state: 'stored', verdict: null }, stored.revision);
  }

  /** Verdicts that no healer has stored yet. */
  async unstored(): Promise<NonNullable<PromptEntry['verdict']>[]> {
    const verdicts = [];
    for (const key of await this.bucket.keys()) {
      const stored = await this.bucket.get(key);
      if (stored?.value.state === 'received' && stored.value.verdict) verdicts.push(stored.value.verdict);
    }
    return verdicts;
  }

  #entry({ state, again_at = null, reason = null, verdict = null }: Ending): PromptEntry {
    return { state, by: this.holder, at: new Date(this.clock()).toISOString(), again_at, reason, verdict };
  }
}
