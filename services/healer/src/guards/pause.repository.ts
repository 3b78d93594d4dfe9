import { type Pause, pauseSchema } from '@gridworks/contracts';
import { z } from 'zod';
import { type KeyValue, replaceDocument } from '../incidents/key-value.ts';
import { inForce } from './pause.ts';

const KEY = 'pauses';
/** More at once than any human keeps in mind. */
const MAX_PAUSES = 200;

/** All pauses in one document: whoever is about to act reads what is in force now with one request. */
export const pausesSchema = z.array(pauseSchema);

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

  lastKnown(): Pause[] {
    return inForce(this.#last, this.clock());
  }

  async add(pause: Pause): Promise<Pause> {
    await this.#replace((pauses) => [...pauses, pause].slice(-MAX_PAUSES));
    return pause;
  }

  /** Ends one before its time, and answers it; null when it is not in force. */
  async remove(id: string): Promise<Pause | null> {
    const removed = (await this.read()).find((pause) => pause.id === id) ?? null;
    if (removed) await this.#replace((pauses) => pauses.filter((pause) => pause.id !== id));
    return removed;
  }

  #replace(change: (pauses: Pause[]) => Pause[]): Promise<void> {
    return replaceDocument<Pause[], void>(this.bucket, KEY, [], (pauses) => {
      const next = change(inForce(pauses, this.clock()));
      this.#last = next;
      return { next, answer: undefined };
    });
  }
}
