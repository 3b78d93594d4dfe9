import { LRUCache } from 'lru-cache';
import { type IRateLimiterOptions, RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';

/** The maximum number of keys that one limiter counts. */
const MAX_KEYS = 10_000;

/**
 * Counts in this process while Redis is away. Above `maxKeys` keys the one with the oldest count is
 * forgotten. `reward` gives back no more than was taken.
 */
export class BoundedMemoryLimiter extends RateLimiterMemory {
  readonly #keys: LRUCache<string, true>;

  constructor(options: IRateLimiterOptions, maxKeys = MAX_KEYS) {
    super(options);
    this.#keys = new LRUCache<string, true>({
      max: maxKeys,
      dispose: (_value, key, reason) => {
        if (reason === 'evict') void super.delete(key);
      },
    });
  }

  override consume(key: string, points?: number): Promise<RateLimiterRes> {
    this.#keys.set(key, true);
    return super.consume(key, points);
  }

  override async reward(key: string, points?: number): Promise<RateLimiterRes> {
    const counted = await this.get(key);
    return counted === null || counted.consumedPoints <= 0
      ? super.penalty(key, 0)
      : super.reward(key, points);
  }
}
