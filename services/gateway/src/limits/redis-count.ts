import type { RedisClient } from '@gridworks/runtime';
import type { SharedCount } from './rate-limiter.ts';

/** The shared count, in Redis. When Redis loses a count the gateways add their part again. */
export class RedisCount implements SharedCount {
  readonly #redis: RedisClient;
  /** Resolves null while Redis is away: the gateway then counts alone. */
  readonly add: (key: string, increment: number, ttlSeconds: number) => Promise<number | null>;

  constructor(redis: RedisClient) {
    this.#redis = redis;
    this.add = redis.operation(
      'count',
      async (client, key: string, increment: number, ttlSeconds: number): Promise<number | null> => {
        // One pipeline, one round trip: both commands are sent together.
        const [count] = await Promise.all([client.incrBy(key, increment), client.expire(key, ttlSeconds)]);
        return count;
      },
      { defaultValue: null, counterKey: (key) => key },
    );
  }

  async check(): Promise<void> {
    // Writes, since a read-only replica responds to a ping and cannot count.
    await this.#redis.attempt((client) =>
      client.set('limit:check', '1', { expiration: { type: 'EX', value: 60 } }),
    );
  }
}
