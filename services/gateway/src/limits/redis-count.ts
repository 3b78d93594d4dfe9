import type { RedisClient } from '@gridworks/runtime';
import type { SharedCount } from './rate-limiter.ts';

/** The shared count, in Redis. What Redis loses, the gateways tell it again. */
export class RedisCount implements SharedCount {
  constructor(readonly redis: RedisClient) {}

  async add(key: string, increment: number, ttlSeconds: number): Promise<number> {
    return this.redis.command(async (client) => {
      // One pipeline, one round trip: the second command does not wait for the first.
      const [count] = await Promise.all([client.incrBy(key, increment), client.expire(key, ttlSeconds)]);
      return count;
    });
  }

  async check(): Promise<void> {
    await this.redis.command((client) => client.ping());
  }
}
