import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { ServiceName } from '@gridworks/contracts';
import { REDIS_SERVICES, type RedisService } from '../../../redis/redis-users.ts';
import { writeFileAtomic } from '../files/write-file.ts';

export const SERVICE_NAMES = [
  'gateway',
  'auth',
  'billing',
  'support',
  'monitor',
  'healer',
] as const satisfies ServiceName[];

/** The random secrets of one clone, in `.local/secrets.json`, readable by this user only. */
export interface Secrets {
  /** 32 bytes, hex. */
  readonly signing_key: string;
  /** 32 bytes, hex: auth encrypts the secrets of second factors with it. Losing it loses those. */
  readonly auth_secret_key: string;
  readonly platform_token: string;
  readonly admin_password: string;
  /** The password of Redis' user `default`, which only the supervisor uses. */
  readonly redis_password: string;
  readonly redis_passwords: Readonly<Record<RedisService, string>>;
  /** The password of the superuser, which no service has. */
  readonly postgres_password: string;
  readonly sms_token: string;
  /** The passwords of the services' users and of the provisioner. */
  readonly nats_passwords: Readonly<Record<ServiceName | 'provisioner', string>>;
  readonly database_passwords: Readonly<Record<ServiceName, string>>;
}

const token = (bytes = 24) => randomBytes(bytes).toString('base64url');
const tokenEach = () =>
  Object.fromEntries(SERVICE_NAMES.map((service) => [service, token()])) as Record<ServiceName, string>;

function makeSecrets(): Secrets {
  return {
    signing_key: randomBytes(32).toString('hex'),
    auth_secret_key: randomBytes(32).toString('hex'),
    platform_token: token(),
    admin_password: token(15),
    redis_password: token(),
    redis_passwords: Object.fromEntries(
      REDIS_SERVICES.map((service) => [service, token()]),
    ) as Secrets['redis_passwords'],
    postgres_password: token(),
    sms_token: token(),
    nats_passwords: { ...tokenEach(), provisioner: token() },
    database_passwords: tokenEach(),
  };
}

/** Reads the secrets; creates missing ones. A file that cannot be read is an error: data depends on it. */
export function ensureSecrets(path: string): Secrets {
  const made = makeSecrets();
  const found = readSecrets(path);
  const secrets: Secrets = {
    ...made,
    ...found,
    redis_passwords: { ...made.redis_passwords, ...found?.redis_passwords },
    nats_passwords: { ...made.nats_passwords, ...found?.nats_passwords },
    database_passwords: { ...made.database_passwords, ...found?.database_passwords },
  };
  const content = `${JSON.stringify(secrets, null, 2)}\n`;
  if (content !== `${JSON.stringify(found, null, 2)}\n`) writeFileAtomic(path, content, { mode: 0o600 });
  return secrets;
}

function readSecrets(path: string): Partial<Secrets> | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return JSON.parse(text) as Partial<Secrets>;
  } catch {
    throw new Error(`${path} is not JSON. Restore it, or start over with: npm start -- --fresh`);
  }
}
