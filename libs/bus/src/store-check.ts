import type { BucketName } from '@gridworks/contracts';
import { z } from 'zod';
import type { Bucket } from './buckets/bucket.ts';
import type { Bus } from './bus.ts';

const stampSchema = z.object({ written_at: z.number(), padding: z.string() });
const KEY = 'check';
/**
 * More than half of JetStream's smallest block (32,000 bytes), so that each write needs a new file: JetStream
 * keeps confirming writes to an open file for minutes after the file was deleted.
 */
const PADDING = '.'.repeat(18_000);

/** Checks whether JetStream keeps the values that it confirms, in a bucket for this purpose only. */
export class StoreCheck {
  readonly #bus: Bus;
  readonly #name: Extract<BucketName, `${string}_store_check`>;
  #bucket: Bucket<z.output<typeof stampSchema>> | undefined;

  constructor(bus: Bus, name: Extract<BucketName, `${string}_store_check`>) {
    this.#bus = bus;
    this.#name = name;
  }

  /** Writes a value and reads it back. Throws when that failed, within about two seconds. */
  async run(): Promise<void> {
    this.#bucket ??= await this.#bus.bucket(this.#name, stampSchema);
    const revision = await this.#bucket.put(KEY, { written_at: Date.now(), padding: PADDING });
    const found = await this.#bucket.get(KEY);
    // A later value was written by another instance.
    if (!found || found.revision < revision) throw new Error('a stored value cannot be read back');
  }
}
