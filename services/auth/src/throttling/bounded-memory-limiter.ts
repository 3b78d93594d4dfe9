import { LRUCache } from 'lru-cache';
import { type IRateLimiterOptions, RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';

/** Keys that one limiter counts at most. */
const MAX_KEYS = 10_000;

/**
 * Counts in this process, for what the shared limiter cannot count while Redis is away. Past `maxKeys` keys the one that
 * was counted longest ago is forgotten. `reward` gives nothing that was not taken.
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
