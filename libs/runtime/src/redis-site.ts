import {
  type AsyncFunction,
  attachHealing,
  type HealingEnvironment,
  type HealingOptions,
  healingOf,
  withSelfHealing,
} from '@gridworks/resilience';
import { asPoisoned, explainRedisError, isReply, leftNothing } from './redis.errors.ts';
import type { RedisConnection } from './redis-link.ts';

/** The allowed reactions when an operation fails. Without any of them, the failure is reported and thrown. */
export interface RedisOperationOptions<A extends unknown[], T> {
  /** Running the operation twice has the same effect as running it once. */
  readonly idempotent?: boolean;
  /** `optional`: left out when it fails. */
  readonly criticality?: 'normal' | (undefined extends T ? 'optional' : never);
  /** Replaces the result. */
  readonly defaultValue?: T;
  /** The key of a counter. A value under it that is no number is deleted, and counting starts again. */
  readonly counterKey?: (...args: A) => string;
}

/** The parts of its client that an operation needs. */
export interface RedisTransport {
  readonly source: string;
  readonly environment: HealingEnvironment;
  /** One attempt. Throws errors of the client unchanged. */
  send<T>(run: (client: RedisConnection) => Promise<T>): Promise<T>;
  recover(): Promise<void>;
  /** Milliseconds within which repeats are allowed. */
  remainingMs(): number;
}

/**
 * An operation that heals according to its options. This is the only place at which commands are repeated:
 * `send` below and the callers above try once. There is no bulkhead, since one connection carries all
 * commands, and no timer, since `send` has one.
 */
export function redisSite<A extends unknown[], T>(
  run: (client: RedisConnection, ...args: A) => Promise<T>,
  { counterKey, ...own }: RedisOperationOptions<A, T>,
  { source, environment, send, recover, remainingMs }: RedisTransport,
): (...args: A) => Promise<T> {
  const attempt = async (...args: A): Promise<T> => {
    try {
      return await send((client) => run(client, ...args));
    } catch (error) {
      throw counterKey ? asPoisoned(error) : error;
    }
  };
  const options: HealingOptions = {
    ...(own as object),
    source,
    environment,
    remainingMs,
    leftNothing,
    category: 'performance',
    dependency: 'redis',
    breaker: environment.breakers.named('redis'),
    provesHealthy: isReply,
    bulkhead: false,
    retry: { attempts: 1, baseMs: 1, capMs: 1 },
    resetConnection: recover,
    ...(counterKey && {
      clearCache: async (_error: unknown, ...args: unknown[]) => {
        await send((client) => client.del(counterKey(...(args as A))));
      },
    }),
  };
  const site = withSelfHealing(attempt as unknown as AsyncFunction, options) as unknown as typeof attempt;
  return async (...args) => {
    try {
      return await site(...args);
    } catch (error) {
      const reported = explainRedisError(error);
      const record = healingOf(error);
      if (record !== undefined && reported !== error) attachHealing(reported, record);
      throw reported;
    }
  };
}
