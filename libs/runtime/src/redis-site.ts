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

/** What may be done when an operation fails. Without any of it, it is told of, and thrown. */
export interface RedisOperationOptions<A extends unknown[], T> {
  /** Twice does what once does. */
  readonly idempotent?: boolean;
  /** `optional`: left out when it fails. */
  readonly criticality?: 'normal' | (undefined extends T ? 'optional' : never);
  /** Stands in for the answer. */
  readonly defaultValue?: T;
  /** The key under which it counts. What stands there and is no count is deleted, and it counts anew. */
  readonly counterKey?: (...args: A) => string;
}

/** What an operation needs of its client. */
export interface RedisTransport {
  readonly source: string;
  readonly environment: HealingEnvironment;
  /** One attempt. Throws errors of the client as they are. */
  send<T>(run: (client: RedisConnection) => Promise<T>): Promise<T>;
  recover(): Promise<void>;
  /** Milliseconds within which anything may be done again. */
  remainingMs(): number;
}

/**
 * An operation that heals by what it says of itself. The only place at which commands are repeated: `send` below
 * and the callers above try once. No bulkhead, as one connection takes them all; no timer, as `send` has one.
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
