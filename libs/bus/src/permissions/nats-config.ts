import { SERVICES } from '@gridworks/contracts';
import {
  type NatsPermissions,
  natsPermissions,
  provisionerPermissions,
  STORE_IMPORTS,
} from './nats-permissions.ts';
import { type NatsUser, PROVISIONER } from './provision-plan.ts';

export interface NatsConfigOptions {
  /** The address to listen on, for instance `127.0.0.1`. */
  readonly host: string;
  /** -1: any free port. */
  readonly port: number;
  /** The directory of JetStream's files. */
  readonly storeDir: string;
  /** A password for each user: the text itself, or `$NAME` to read it from the server's environment. */
  readonly passwords: Readonly<Record<NatsUser, string>>;
  readonly serverName?: string;
  /** Port of the monitoring endpoint. Without it there is no endpoint. */
  readonly monitorPort?: number;
  /** Bytes for memory streams, of which there are none. Default 64 MiB. */
  readonly maxMemoryBytes?: number;
  /**
   * Bytes for all streams and buckets together. Default 2 GiB. Must be more than the sum of their
   * `max_bytes`.
   */
  readonly maxFileBytes?: number;
  /**
   * How often files are flushed to disk, for instance `100ms` or `always`. Only NATS >= 2.10 knows this
   * option; older servers refuse to start with it. Without it a power cut loses up to two minutes of
   * acknowledged events.
   */
  readonly syncInterval?: string;
}

const ENVIRONMENT_REFERENCE = /^\$[A-Za-z_][A-Za-z0-9_]*$/;
const text = (value: string): string => (ENVIRONMENT_REFERENCE.test(value) ? value : JSON.stringify(value));
const list = (subjects: readonly string[]): string =>
  `[\n${subjects.map((subject) => `            ${JSON.stringify(subject)}`).join('\n')}\n          ]`;

function user(name: NatsUser, password: string, { publish, subscribe }: NatsPermissions): string {
  return `        {
          user: ${JSON.stringify(name)}
          password: ${text(password)}
          permissions: {
            publish: {
              allow: ${list(publish)}
            }
            subscribe: {
              allow: ${list(subscribe)}
            }
          }
        }`;
}

// How long the server keeps the route for the messages of a pull request; a pull request ends after 30 s.
const STREAMED_FOR = '60s';

function storeAccount(password: string): string[] {
  return [
    '  STORE: {',
    '    jetstream: enabled',
    '    users: [',
    user(PROVISIONER, password, provisionerPermissions()),
    '    ]',
    '    exports: [',
    ...STORE_IMPORTS.map(
      ({ subject, streamed }) =>
        `      { service: ${JSON.stringify(subject)}, accounts: [SERVICES]${streamed ? `, response_type: stream, response_threshold: "${STREAMED_FOR}"` : ''} }`,
    ),
    '    ]',
    '  }',
  ];
}

function servicesAccount(passwords: NatsConfigOptions['passwords']): string[] {
  return [
    '  SERVICES: {',
    '    users: [',
    SERVICES.map((service) => user(service, passwords[service], natsPermissions(service))).join('\n'),
    '    ]',
    '    imports: [',
    ...STORE_IMPORTS.map(
      ({ subject, as }) =>
        `      { service: { account: STORE, subject: ${JSON.stringify(subject)} }, to: ${JSON.stringify(as)} }`,
    ),
    '    ]',
    '  }',
  ];
}

/**
 * The configuration file of the NATS server: one user per service, each with an allow-list of what it needs,
 * and the streams in an account of their own. A reply subject that a user names is valid in that user's
 * account only, so no user can make the server publish into the streams or to their API.
 */
export function renderNatsConfig(options: NatsConfigOptions): string {
  const jetstream = [
    `  store_dir: ${JSON.stringify(options.storeDir)}`,
    `  max_memory_store: ${options.maxMemoryBytes ?? 64 * 1024 * 1024}`,
    `  max_file_store: ${options.maxFileBytes ?? 2 * 1024 * 1024 * 1024}`,
    ...(options.syncInterval ? [`  sync_interval: ${JSON.stringify(options.syncInterval)}`] : []),
  ];
  return `${[
    '# Generated from the contracts by renderNatsConfig() of @gridworks/bus. Do not edit by hand.',
    `server_name: ${JSON.stringify(options.serverName ?? 'gridworks')}`,
    `host: ${JSON.stringify(options.host)}`,
    `port: ${options.port}`,
    ...(options.monitorPort === undefined ? [] : [`http: "127.0.0.1:${options.monitorPort}"`]),
    'max_payload: 1048576',
    '# A frozen client is dropped after 6 s at most, so that its queue group stops sending work to it.',
    'ping_interval: "2s"',
    'ping_max: 2',
    'write_deadline: "5s"',
    'jetstream: {',
    ...jetstream,
    '}',
    'accounts: {',
    ...storeAccount(options.passwords[PROVISIONER]),
    ...servicesAccount(options.passwords),
    '}',
  ].join('\n')}\n`;
}
