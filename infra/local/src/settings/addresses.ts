import type { ServiceName } from '@gridworks/contracts';
import { needsRedis } from '../../../redis/redis-users.ts';
import type { Secrets } from './secrets.ts';
import type { Settings } from './settings.ts';
import type { Addresses } from './topology.ts';

/** Ports of the servers that this start runs itself. */
export interface OwnPorts {
  readonly gateway: number;
  readonly nats: number;
  readonly postgres: number;
  readonly redis: number;
  readonly smtp: number;
  readonly mailPage: number;
}

/** The database in the PostgreSQL of this start. */
export const DATABASE_NAME = 'portal';

/** The addresses of the servers for each service: those of this start, or those that the settings name. */
export function addressesOf(settings: Settings, secrets: Secrets, ports: OwnPorts): Addresses {
  return {
    gateway: ports.gateway,
    nats: (user) => natsFor(user, settings, secrets, ports.nats),
    database: (service) => databaseFor(service, settings, secrets, ports.postgres),
    redis: (service) => redisFor(service, settings, secrets, ports.redis),
    smtp: settings.smtpUrl ?? `smtp://127.0.0.1:${ports.smtp}`,
    smsSink: settings.smtpUrl ? null : `http://127.0.0.1:${ports.mailPage}/sms`,
  };
}

function natsFor(name: ServiceName | 'provisioner', settings: Settings, secrets: Secrets, port: number) {
  if (!settings.natsUrl) {
    return { url: `nats://127.0.0.1:${port}`, user: name, password: secrets.nats_passwords[name] };
  }
  // One user for all services: the owner of a server of his own decides what it permits.
  const url = new URL(settings.natsUrl);
  const [user, password] = [decodeURIComponent(url.username), decodeURIComponent(url.password)];
  url.username = '';
  url.password = '';
  return { url: url.href, user, password };
}

function redisFor(service: ServiceName, settings: Settings, secrets: Secrets, port: number) {
  if (!needsRedis(service)) return undefined;
  const password = secrets.redis_passwords[service];
  return settings.redisUrl ?? `redis://${service}:${password}@127.0.0.1:${port}`;
}

function databaseFor(service: ServiceName, settings: Settings, secrets: Secrets, port: number): string {
  const url = new URL(settings.databaseUrl ?? `postgres://127.0.0.1:${port}/${DATABASE_NAME}`);
  url.username = service;
  url.password = secrets.database_passwords[service];
  return url.href;
}
