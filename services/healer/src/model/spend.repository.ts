import { type KeyValue, replaceDocument } from '../state/key-value.ts';
import type { ModelCaps } from './model-settings.ts';
import { charge, correct, NOTHING_SPENT, type OverCap, overCap, type Spend, type Tokens } from './spend.ts';

const KEY = 'model';

/** A counted call. */
export interface Charged {
  /** Time of the call in milliseconds since the epoch, and its UTC day. */
  readonly at: number;
  readonly day: string;
  readonly expected: Tokens;
}

/**
 * The calls, tokens and costs of the model, in the bucket `healer_limits`, shared by all healers and kept
 * over restarts.
 */
export class SpendRepository {
  constructor(
    private readonly bucket: KeyValue<Spend>,
    private readonly caps: ModelCaps,
    private readonly clock: () => number,
  ) {}

  /**
   * Counts a call before it is made, at the most it could use, in the same compare-and-set that checks the
   * caps. Throws `PLATFORM.UNAVAILABLE` when the call cannot be counted: then nothing may be sent.
   */
  charge(expected: Tokens): Promise<Charged | OverCap> {
    return replaceDocument<Spend, Charged | OverCap>(this.bucket, KEY, NOTHING_SPENT, (spend) => {
      const now = this.clock();
      const over = overCap(spend, expected, this.caps, now);
      if (over) return { next: null, result: over };
      const next = charge(spend, expected, this.caps, now);
      return { next, result: { at: now, day: next.day, expected } };
    });
  }

  /** Corrects a counted call to what it used. When this fails, the expected tokens stay counted. */
  settle(charged: Charged, used: Tokens): Promise<void> {
    return this.#change((spend) => this.#corrected(spend, charged, used));
  }

  /** Removes a counted call that was not made after all. */
  giveBack(charged: Charged): Promise<void> {
    return this.#change((spend) => {
      const next = this.#corrected(spend, charged, { input: 0, output: 0 });
      const index = next.calls.indexOf(charged.at);
      return { ...next, calls: next.calls.filter((_, i) => i !== index) };
    });
  }

  #corrected(spend: Spend, { day, expected }: Charged, used: Tokens): Spend {
    return correct(spend, day, expected, used, this.caps, this.clock());
  }

  async #change(next: (spend: Spend) => Spend): Promise<void> {
    const change = (spend: Spend) => ({ next: next(spend), result: undefined });
    await replaceDocument(this.bucket, KEY, NOTHING_SPENT, change).catch(() => undefined);
  }
}
