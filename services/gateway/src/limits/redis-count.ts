import type { RedisClient } from '@gridworks/runtime';
import type { SharedCount } from './rate-limiter.ts';

/** The shared count, in Redis. What Redis loses, the gateways tell it again. */
export class RedisCount implements SharedCount {
  readonly #redis: RedisClient;
  /** Without Redis the gateway's own count stands in, which is what null says. */
  readonly add: (key: string, increment: number, ttlSeconds: number) => Promise<number | null>;

  constructor(redis: RedisClient) {
    this.#redis = redis;
    this.add = redis.operation(
      'count',
      async (client, key: string, increment: number, ttlSeconds: number): Promise<number | null> => {
        // One pipeline, one round trip: the second command does not wait for the first.
        const [count] = await Promise.all([client.incrBy(key, increment), client.expire(key, ttlSeconds)]);
        return count;
      },
      { defaultValue: null, counterKey: (key) => key },
    );
  }

  async check(): Promise<void> {
    // A write, since a replica answers a ping and counts nothing.
    await this.#redis.attempt((client) =>
      client.set('limit:check', '1', { expiration: { type: 'EX', value: 60 } }),
    );
  }
}
