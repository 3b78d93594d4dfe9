import { delimiter, join } from 'node:path';
import { publicKeyOf } from '@gridworks/bus/principal-keys';
import type { ServiceName } from '@gridworks/contracts';
import type { Layout } from '../files/layout.ts';
import { probeHttp } from '../supervise/probes.ts';
import type { ProcessSpec } from '../supervise/process-spec.ts';
import { passEnvironment } from './pass-environment.ts';
import type { Secrets } from './secrets.ts';
import type { Settings } from './settings.ts';

/** The addresses that the services need: URLs of this start's servers, or of the user's. */
export interface Addresses {
  readonly gateway: number;
  /** URL, user and password for a service, or for the provisioner. */
  readonly nats: (user: ServiceName | 'provisioner') => { url: string; user: string; password: string };
  readonly database: (service: ServiceName) => string;
  /** Undefined for a service that does not use Redis. */
  readonly redis: (service: ServiceName) => string | undefined;
  readonly smtp: string;
  /** The address for SMS without a provider; null when there is no mail page. */
  readonly smsSink: string | null;
}

export interface TopologyContext {
  readonly layout: Layout;
  readonly settings: Settings;
  readonly secrets: Secrets;
  readonly addresses: Addresses;
  /** The folders whose disks every service watches. */
  readonly diskFolders: readonly string[];
}

/** The secret text that signs principals: only the gateway gets it, the other services get its public key. */
const signingKeyOf = ({ settings, secrets }: Pick<TopologyContext, 'settings' | 'secrets'>): string =>
  settings.signingKey ?? secrets.signing_key;

/** Where people open the console. Browsers permit passkeys for a host name, not for 127.0.0.1. */
const originOf = ({ portalUrl }: Settings, { gateway }: Addresses): string =>
  portalUrl ? new URL(portalUrl).origin : `http://localhost:${gateway}`;

interface ServiceRow {
  readonly service: ServiceName;
  readonly database: boolean;
  /** Of several instances only one could listen on the public port. */
  readonly single?: true;
  /**
   * Two instances under one name would disturb each other, even for seconds: the public port and the journal have one owner,
   * monitor's registry one writer, and the healer cannot replace itself.
   */
  readonly irreplaceable?: true;
  /** See ProcessSpec. */
  readonly unguarded?: true;
  /**
   * Watchers end first, so that they do not heal processes that end on purpose; then the gateway; then the
   * services behind it.
   */
  readonly stopRank: number;
  readonly env?: (context: TopologyContext, name: string) => Record<string, string>;
}

/** The services that `npm start` runs, and the variables of each beside the shared ones. */
export const SERVICE_TABLE: readonly ServiceRow[] = [
  {
    service: 'gateway',
    database: false,
    single: true,
    irreplaceable: true,
    stopRank: 6,
    env: ({ addresses, layout, ...context }) => ({
      SIGNING_KEY: signingKeyOf(context),
      PORT: String(addresses.gateway),
      GATEWAY_JOURNAL_DIR: layout.gatewayJournal,
    }),
  },
  {
    service: 'auth',
    database: true,
    stopRank: 5,
    env: ({ addresses, settings, secrets }) => ({
      SMTP_URL: addresses.smtp,
      ...(settings.portalUrl ? {} : { PORTAL_URL: `http://127.0.0.1:${addresses.gateway}` }),
      AUTH_SECRET_KEYS: settings.authSecretKeys ?? secrets.auth_secret_key,
      AUTH_PUBLIC_ORIGINS: settings.publicOrigins ?? originOf(settings, addresses),
      AUTH_ADMIN_EMAIL: settings.adminEmail,
      AUTH_ADMIN_PASSWORD: settings.adminPassword ?? secrets.admin_password,
    }),
  },
  {
    service: 'billing',
    database: true,
    stopRank: 5,
    env: ({ addresses, settings }) => ({
      SMTP_URL: addresses.smtp,
      ...(settings.portalUrl ? {} : { PORTAL_URL: `http://127.0.0.1:${addresses.gateway}` }),
    }),
  },
  { service: 'support', database: true, stopRank: 5 },
  {
    service: 'monitor',
    database: true,
    irreplaceable: true,
    stopRank: 7,
    env: ({ addresses }) => ({
      GATEWAY_URL: `http://127.0.0.1:${addresses.gateway}`,
      SMTP_URL: addresses.smtp,
    }),
  },
  {
    service: 'healer',
    database: true,
    irreplaceable: true,
    unguarded: true,
    stopRank: 7,
    env: ({ addresses, layout, secrets, settings }, name) => ({
      PLATFORM_SOCKET: layout.socket,
      PLATFORM_TOKEN: secrets.platform_token,
      SMTP_URL: addresses.smtp,
      ADMIN_EMAILS: settings.adminEmails,
      HEALER_STATE_DIR: join(layout.healerState, name),
      ...(settings.portalUrl ? {} : { PORTAL_URL: `http://127.0.0.1:${addresses.gateway}` }),
      ...(addresses.smsSink ? { SMS_SINK_URL: addresses.smsSink, SMS_SINK_TOKEN: secrets.sms_token } : {}),
    }),
  },
];

/**
 * Services on the path of most calls get a young generation (MB) for their garbage; the others get a small
 * one: about 20 MB less resident each. With less than 2 MB the garbage of a storm of errors ends up in the
 * old generation: 22 MB instead of 14.
 */
const MEMORY_FLAGS = {
  busy: { gateway: ['--max-semi-space-size=8'], billing: ['--max-semi-space-size=2'] } as Partial<
    Record<ServiceName, readonly string[]>
  >,
  usual: ['--max-semi-space-size=2', '--optimize-for-size'],
};
/** Where the bundle of each service is, relative to the clone. */
export const SERVICES_FOLDER = 'dist/services';
/**
 * The spec of one instance of a service: `billing` is the first, `billing-2` the second. Null when the
 * service cannot have that many instances.
 */
export function serviceSpec(
  context: TopologyContext,
  service: ServiceName,
  number: number,
  healthPort: number,
): ProcessSpec | null {
  const row = SERVICE_TABLE.find((each) => each.service === service);
  if (!row || (row.single && number > 1)) return null;
  const name = number === 1 ? service : `${service}-${number}`;
  const responses = row.single ? context.addresses.gateway : healthPort;
  const url = `http://127.0.0.1:${responses}`;
  return {
    name,
    kind: 'service',
    service,
    ports: row.single ? [context.addresses.gateway, healthPort] : [healthPort],
    command: () => ({
      file: process.execPath,
      args: [
        ...[
          '--import',
          './infra/local/preload-service.mjs',
          `--max-old-space-size=${context.settings.heapLimitMb}`,
        ],
        ...['--expose-gc', ...(MEMORY_FLAGS.busy[service] ?? MEMORY_FLAGS.usual)],
        `${SERVICES_FOLDER}/${service}.js`,
      ],
      env: serviceEnvironment(context, row, name, healthPort),
      cwd: context.layout.root,
    }),
    probe: (signal) => probeHttp(`${url}/readyz`, signal),
    // The health port, also of the gateway: connections that a flooded public port refuses are no evidence
    // about the process.
    liveUrl: `http://127.0.0.1:${healthPort}/livez`,
    ...(row.unguarded ? { unguarded: true as const } : {}),
    stopSignal: 'SIGTERM',
    stopTimeoutMs: 10_000,
    stopRank: row.stopRank,
  };
}

/**
 * The spec of another run of an instance, at another health port, that takes its place while the first still works. Null
 * when two cannot work beside each other.
 */
export function replacementSpec(
  context: TopologyContext,
  present: ProcessSpec,
  healthPort: number,
): ProcessSpec | null {
  const row = SERVICE_TABLE.find((each) => each.service === present.service);
  if (!row || row.irreplaceable) return null;
  const number = Number(/-(\d+)$/.exec(present.name)?.[1] ?? 1);
  return serviceSpec(context, row.service, number, healthPort);
}

function serviceEnvironment(context: TopologyContext, row: ServiceRow, name: string, healthPort: number) {
  const { addresses } = context;
  const nats = addresses.nats(row.service);
  const redis = addresses.redis(row.service);
  return {
    NODE_ENV: 'production',
    ...passEnvironment(row.service, process.env),
    // Two malloc arenas instead of sixteen: threads of a service allocate little, and freed memory stays usable.
    MALLOC_ARENA_MAX: '2',
    SERVICE_INSTANCE: name,
    NATS_URL: nats.url,
    NATS_USER: nats.user,
    NATS_PASSWORD: nats.password,
    ...(redis ? { REDIS_URL: redis } : {}),
    SIGNING_PUBLIC_KEY: publicKeyOf(signingKeyOf(context)),
    HEALTH_PORT: String(healthPort),
    DISK_FOLDERS: context.diskFolders.join(delimiter),
    ...(row.database ? { DATABASE_URL: addresses.database(row.service) } : {}),
    ...row.env?.(context, name),
  };
}
