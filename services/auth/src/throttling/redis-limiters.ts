import { RedisClient } from '@gridworks/runtime';
import { Injectable } from '@nestjs/common';
import { type RateLimiterAbstract, RateLimiterRedis } from 'rate-limiter-flexible';
import { BoundedMemoryLimiter } from './bounded-memory-limiter.ts';

/** How often an operation is permitted. */
export interface Limit {
  /** Part of the names of the keys: `auth:<name>:<key>`. */
  readonly name: string;
  /** Attempts within a window. */
  readonly points: number;
  /** Length of the window in seconds, from its first attempt on. */
  readonly seconds: number;
}

/** Injection token of the factory of this service's limiters. */
export const LIMITERS = Symbol('Limiters');

export interface Limiters {
  of(limit: Limit): RateLimiterAbstract;
}

// The library's script, run atomically, so that every counter has an expiry. In addition, giving back an
// attempt does not reopen a window that has ended.
const COUNT_SCRIPT = `
  local change = tonumber(ARGV[1])
  if change <= 0 and (tonumber(redis.call('GET', KEYS[1]) or '0') or 0) <= 0 then return { 0, -2 } end
  redis.call('SET', KEYS[1], 0, 'EX', ARGV[2], 'NX')
  return { redis.call('INCRBY', KEYS[1], change), redis.call('PTTL', KEYS[1]) }`;

interface ScriptCall {
  readonly keys: readonly string[];
  readonly arguments: readonly string[];
}
type Counted = [consumed: number, endsInMs: number];

/**
 * Limiters that count in Redis for all instances together, and in memory for each instance while Redis is
 * away: guessing stays bounded, and no call waits for Redis to come back.
 */
@Injectable()
export class RedisLimiters implements Limiters {
  readonly #client: object;

  constructor(redis: RedisClient) {
    const run = (name: string, options: object) =>
      redis.operation(
        name,
        async (client, key: string, args: string[]): Promise<Counted | null> =>
          (await client.eval(COUNT_SCRIPT, { keys: [key], arguments: args })) as Counted,
        { defaultValue: null, ...options },
      );
    const add = run('count-attempt', { counterKey: (key: string) => key });
    const giveBack = run('take-attempt-back', {});
    const forget = redis.operation(
      'forget-attempts',
      (client, key: string): Promise<number | null> => client.del(key),
      { defaultValue: null },
    );
    // The methods that the library needs from a client. Each command has a call site of its own, so that
    // failures of Redis heal as in other services.
    this.#client = {
      eval: async (_script: string, { keys, arguments: args }: ScriptCall): Promise<Counted> => {
        const [key = '', points = '1', seconds = '1'] = [keys[0], ...args];
        return there(await (Number(points) > 0 ? add : giveBack)(key, [points, seconds]));
      },
      del: async (key: string): Promise<number> => there(await forget(key)),
    };
  }

  of({ name, points, seconds }: Limit): RateLimiterAbstract {
    const options = { keyPrefix: `auth:${name}`, points, duration: seconds };
    return new RateLimiterRedis({
      ...options,
      storeClient: this.#client,
      useRedisPackage: true,
      insuranceLimiter: new BoundedMemoryLimiter(options),
    });
  }
}

/** Throws when Redis was away; the limiter then counts in memory. */
function there<T>(value: T | null): T {
  if (value === null) throw new Error('Redis is away');
  return value;
}
