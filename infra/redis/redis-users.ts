import type { ServiceName } from '@gridworks/contracts';

/**
 * What Redis lets each service do: commands, on the keys that begin with its prefix. Services that are not named here
 * need no Redis and get no URL of one. The user `default` is the supervisor's and the health check's alone.
 */
const RIGHTS = {
  gateway: ['~limit:*', '+incrby', '+expire', '+set', '+del'],
  auth: ['~auth:*', '+eval', '+get', '+set', '+incrby', '+pttl', '+del'],
  // It asks whether Redis answers, and which run of it.
  monitor: [],
  healer: [],
} as const satisfies Partial<Record<ServiceName, readonly string[]>>;

export type RedisService = keyof typeof RIGHTS;
export const REDIS_SERVICES = Object.keys(RIGHTS) as RedisService[];

/** Of a connection, for everybody: greeting, log-in, ping, and the id of the server's run. */
const FOR_ALL = ['+hello', '+auth', '+ping', '+quit', '+info'];

export const needsRedis = (service: ServiceName): service is RedisService => service in RIGHTS;

/** A line of redis.conf that makes the user of a service, and takes from it whatever is not named. */
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
