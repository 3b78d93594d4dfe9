import { type Pause, pauseSchema } from '@gridworks/contracts';
import { z } from 'zod';
import { type KeyValue, replaceDocument } from '../incidents/key-value.ts';
import { endNow, inForce, rememberedLabels } from './pause.ts';

const KEY = 'pauses';
/** More at once than any human keeps in mind. */
const MAX_PAUSES = 200;

/** All pauses in one document: whoever is about to act reads what is in force now with one request. */
export const pausesSchema = z.array(pauseSchema);

const isLabel = ({ effect }: Pause): boolean => effect === 'label';

/** The pauses and labels in the bucket `healer_pauses`. */
export class PauseRepository {
  /** As last read: all that the bus watchdog has while the bus is away. */
  #last: readonly Pause[] = [];

  constructor(
    private readonly bucket: KeyValue<Pause[]>,
    private readonly clock: () => number,
  ) {}

  /** What is in force. Throws `PLATFORM.UNAVAILABLE` when it cannot be known: then nothing may be done. */
  async read(): Promise<Pause[]> {
    const stored = await this.bucket.get(KEY);
    this.#last = stored?.value ?? [];
    return inForce(this.#last, this.clock());
  }

  /**
   * Every label of the last hours, those in force and those that ended: what is reported late may have happened
   * under one of them. Throws `PLATFORM.UNAVAILABLE` when it cannot be known: then nothing may train.
   */
  async labels(): Promise<Pause[]> {
    const pauses = (await this.bucket.get(KEY))?.value ?? [];
    const now = this.clock();
    return [...rememberedLabels(pauses, now), ...inForce(pauses, now).filter(isLabel)];
  }

  lastKnown(): Pause[] {
    return inForce(this.#last, this.clock());
  }

  async add(pause: Pause): Promise<Pause> {
    await this.#replace((pauses) => [...pauses, pause].slice(-MAX_PAUSES));
    return pause;
  }

  /** Ends one before its time, and answers it as it was; null when it is not in force. */
  async remove(id: string): Promise<Pause | null> {
    const removed = (await this.read()).find((pause) => pause.id === id) ?? null;
    if (!removed) return null;
    await this.#replace(
      (pauses) => pauses.filter((pause) => pause.id !== id),
      // A label that ends is remembered with the moment at which it ended.
      isLabel(removed) ? [endNow(removed, this.clock())] : [],
    );
    return removed;
  }

  /** Writes the document again: the bucket forgets what was not written for a day, ended labels included. */
  async renew(): Promise<void> {
    await replaceDocument<Pause[], void>(this.bucket, KEY, [], (pauses) => {
      const now = this.clock();
      const next = [...rememberedLabels(pauses, now), ...inForce(pauses, now)];
      return { next: pauses.length > 0 ? next : null, answer: undefined };
    });
  }

  #replace(change: (pauses: Pause[]) => Pause[], ended: readonly Pause[] = []): Promise<void> {
    return replaceDocument<Pause[], void>(this.bucket, KEY, [], (pauses) => {
      const now = this.clock();
      const next = [...rememberedLabels([...pauses, ...ended], now), ...change(inForce(pauses, now))];
      this.#last = next;
      return { next, answer: undefined };
    });
  }
}
