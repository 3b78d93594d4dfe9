import type { Bus } from '@gridworks/bus';
import type { BucketName } from '@gridworks/contracts';
import type { Logger } from '@gridworks/observability';
import type { z } from 'zod';
import type { WatchedKeyValue } from './key-value.ts';
import { TolerantBucket } from './tolerant-bucket.ts';

/** All buckets of this healer, so that one place knows which values cannot be read. */
export class StoredState {
  readonly #buckets: TolerantBucket<unknown>[] = [];

  constructor(private readonly logger: Pick<Logger, 'log'>) {}

  /** `substitute` stands for an unreadable value; with null the value counts as absent. */
  async open<T>(
    bus: Pick<Bus, 'bucket'>,
    name: BucketName,
    schema: z.ZodType<T>,
    substitute: (() => T) | null,
  ): Promise<TolerantBucket<T>> {
    return this.watch(await bus.bucket(name, schema), name, substitute);
  }

  /** The same for a bucket that is open already. */
  watch<T>(source: WatchedKeyValue<T>, name: BucketName, substitute: (() => T) | null): TolerantBucket<T> {
    const bucket = new TolerantBucket(name, source, substitute, this.logger);
    this.#buckets.push(bucket as TolerantBucket<unknown>);
    return bucket;
  }

  /** Values that cannot be read now, as `<bucket>/<key>`. Throws while the bus is away. */
  async unreadable(): Promise<string[]> {
    const found: string[] = [];
    for (const bucket of this.#buckets)
      for (const key of await bucket.unreadable()) found.push(`${bucket.name}/${key}`);
    return found.sort();
  }
}
