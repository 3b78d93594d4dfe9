import { verdictSchema } from '@gridworks/contracts';
import { z } from 'zod';
import type { WatchedKeyValue } from '../state/key-value.ts';

/** What became of the question about one error. The entry vanishes a day after its last change. */
export const promptEntrySchema = z.object({
  /**
   * `asked`: by somebody, who may have died since. `put-off`: it was not answered, and may be asked again from
   * `again_at` on. `refused`: the answer was no verdict. `answered`: the verdict waits to be stored. `stored`: it is.
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

/** Keys of a bucket allow little; fingerprints of errors fit, and anything else is spelled out. */
const keyOf = (fingerprint: string): string =>
  /^[A-Za-z0-9_-]{1,100}$/.test(fingerprint)
    ? fingerprint
    : `b64.${Buffer.from(fingerprint).toString('base64url').slice(0, 300)}`;

/** One question for each error and day, whoever asks. In the bucket `healer_prompts`. */
export class PromptLedger {
  constructor(
    private readonly bucket: PromptBucket,
    private readonly holder: string,
    private readonly clock: () => number,
  ) {}

  /** The right to ask about this error; null when somebody did today, or does now. Throws while the bus is away. */
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

  /** Writes down how it ended. False when that was not possible. */
  async close(claim: Claim, ending: Ending): Promise<boolean> {
    try {
      return (await this.bucket.update(claim.key, this.#entry(ending), claim.revision)) !== null;
    } catch {
      return false;
    }
  }

  /** Whatever the entry is by now: its verdict is in the table. */
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
