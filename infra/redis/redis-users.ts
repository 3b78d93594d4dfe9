import type { ServiceName } from '@gridworks/contracts';

/**
 * The Redis permissions of each service: commands, on the keys that begin with its prefix. Services that are
 * not named here do not use Redis and get no URL of it. Only the supervisor and the health check use the user
 * `default`.
 */
const RIGHTS = {
  gateway: [
    ...['~limit:*', '+eval', '+hgetall', '+hset', '+hdel', '+pexpire'],
    ...['+zadd', '+zremrangebyscore', '+zcard', '+set', '+get', '+del'],
  ],
  auth: ['~auth:*', '+eval', '+get', '+set', '+incrby', '+pttl', '+del'],
  // It checks whether Redis responds, and reads its run id.
  monitor: [],
  healer: [],
} as const satisfies Partial<Record<ServiceName, readonly string[]>>;

export type RedisService = keyof typeof RIGHTS;
export const REDIS_SERVICES = Object.keys(RIGHTS) as RedisService[];

/** For every user, about the connection: greeting, log-in, ping, and the id of the server's run. */
const FOR_ALL = ['+hello', '+auth', '+ping', '+quit', '+info'];

export const needsRedis = (service: ServiceName): service is RedisService => service in RIGHTS;

/** A line of redis.conf that creates the user of a service, without any permission that is not named. */
export function redisUserLine(service: RedisService, password: string): string {
  return [
    'user',
    service,
    'on',
    `>${password}`,
    'resetchannels',
    '-@all',
    ...FOR_ALL,
    ...RIGHTS[service],
  ].join(' ');
}
