import { DEFAULT_LOG_POLICY, type LogPolicy } from '../files/log-archives.ts';

/** The settings of `npm start` from the environment. */
export interface Settings {
  /** The port of gateway HTTP. */
  readonly port: number;
  /** The mail page; 0: any free port. */
  readonly mailPort: number;
  /** The folder of data, logs and secrets; undefined: `.local/` of the clone. */
  readonly localDir: string | undefined;
  /** Servers of the user, which replace those of this start. Undefined: this start runs its own. */
  readonly natsUrl: string | undefined;
  readonly databaseUrl: string | undefined;
  readonly redisUrl: string | undefined;
  readonly smtpUrl: string | undefined;
  readonly adminEmail: string;
  /** Undefined: the password in the secrets. */
  readonly adminPassword: string | undefined;
  /** The base of links in mails; undefined: the address of gateway HTTP of this start. */
  readonly portalUrl: string | undefined;
  /** The recipients of the healer's mail, separated by commas. */
  readonly adminEmails: string;
  readonly signingKey: string | undefined;
  /** Keys of auth; undefined: the key in the secrets. */
  readonly authSecretKeys: string | undefined;
  /** Where passkeys work; undefined: at the portal's URL, or at localhost. */
  readonly publicOrigins: string | undefined;
  /**
   * Limit of the heap of each service, MB. A service that needs more has a leak: it is replaced before, and ends before it
   * takes the memory of the machine.
   */
  readonly heapLimitMb: number;
  /** When the logs of the processes are rotated, and how long their archives are kept. */
  readonly logPolicy: LogPolicy;
}

/** A variable of the environment is wrong; the message names it. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

/** Reads the settings. An empty variable counts as not set. Throws SettingsError. */
export function readSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  const text = (name: string) => env[name]?.trim() || undefined;
  const adminEmail = text('AUTH_ADMIN_EMAIL') ?? 'admin@example.com';
  return {
    port: readPort('PORT', text('PORT') ?? '8080'),
    mailPort: readPort('MAIL_PORT', text('MAIL_PORT') ?? '0'),
    localDir: text('LOCAL_DIR'),
    natsUrl: readUrl('NATS_URL', text('NATS_URL'), ['nats:', 'tls:']),
    databaseUrl: readUrl('DATABASE_URL', text('DATABASE_URL'), ['postgres:', 'postgresql:']),
    redisUrl: readUrl('REDIS_URL', text('REDIS_URL'), ['redis:', 'rediss:']),
    smtpUrl: readUrl('SMTP_URL', text('SMTP_URL'), ['smtp:', 'smtps:']),
    adminEmail,
    adminPassword: text('AUTH_ADMIN_PASSWORD'),
    portalUrl: text('PORTAL_URL'),
    adminEmails: text('ADMIN_EMAILS') ?? adminEmail,
    signingKey: text('SIGNING_KEY'),
    authSecretKeys: text('AUTH_SECRET_KEYS'),
    publicOrigins: text('AUTH_PUBLIC_ORIGINS'),
    heapLimitMb: readHeapLimit(text('HEAP_LIMIT_MB') ?? '512'),
    logPolicy: {
      maxBytes: readCount('LOG_MAX_MB', text('LOG_MAX_MB'), MB) ?? DEFAULT_LOG_POLICY.maxBytes,
      maxAgeMs: readCount('LOG_MAX_HOURS', text('LOG_MAX_HOURS'), HOUR_MS) ?? DEFAULT_LOG_POLICY.maxAgeMs,
      keep: readCount('LOG_ARCHIVES', text('LOG_ARCHIVES'), 1) ?? DEFAULT_LOG_POLICY.keep,
      keepMs:
        readCount('LOG_ARCHIVES_DAYS', text('LOG_ARCHIVES_DAYS'), 24 * HOUR_MS) ?? DEFAULT_LOG_POLICY.keepMs,
      archivesBytes:
        readCount('LOG_ARCHIVES_MB', text('LOG_ARCHIVES_MB'), MB) ?? DEFAULT_LOG_POLICY.archivesBytes,
    },
  };
}

const MB = 1024 * 1024;
const HOUR_MS = 3_600_000;
const MOST_COUNT = 1_000_000;

/** A whole number from 1 on, times `unit`; undefined when it is not set. */
function readCount(name: string, value: string | undefined, unit: number): number | undefined {
  if (value === undefined) return undefined;
  const count = Number(value);
  if (Number.isInteger(count) && count >= 1 && count <= MOST_COUNT) return count * unit;
  throw new SettingsError(`${name}=${value} is not valid: set a whole number from 1 to ${MOST_COUNT}.`);
}

/** Less than this does not hold a service that works; more is no limit on common machines. */
const HEAP_LIMITS_MB = { least: 128, most: 16_384 };

function readHeapLimit(value: string): number {
  const limit = Number(value);
  const { least, most } = HEAP_LIMITS_MB;
  if (Number.isInteger(limit) && limit >= least && limit <= most) return limit;
  throw new SettingsError(
    `HEAP_LIMIT_MB=${value} is no limit of a heap: set a whole number of MB from ${least} to ${most}.`,
  );
}

function readPort(name: string, value: string): number {
  const port = Number(value);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new SettingsError(`${name}=${value} is no port: set a whole number from 0 (any free one) to 65535.`);
}

function readUrl(name: string, value: string | undefined, protocols: string[]): string | undefined {
  if (value === undefined) return undefined;
  if (URL.canParse(value) && protocols.includes(new URL(value).protocol)) return value;
  // The value is not repeated: it may hold a password.
  throw new SettingsError(
    `${name} must be a URL that starts with ${protocols.map((each) => `${each}//`).join(' or ')}.`,
  );
}
