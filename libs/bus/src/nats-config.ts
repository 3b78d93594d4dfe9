import { SERVICES, type ServiceName } from '@gridworks/contracts';
import { natsPermissions } from './nats-permissions.ts';

export interface NatsConfigOptions {
  /** Address to listen on, for instance `127.0.0.1`. */
  readonly host: string;
  /** -1: any free port. */
  readonly port: number;
  /** Where JetStream keeps its files. */
  readonly storeDir: string;
  /** A password for each service: the text itself, or `$NAME` to read it from the server's environment. */
  readonly passwords: Readonly<Record<ServiceName, string>>;
  readonly serverName?: string;
  /** Port of the monitoring endpoint; without it there is none. */
  readonly monitorPort?: number;
  /** Bytes for memory streams, of which there are none; 64 MiB. */
  readonly maxMemoryBytes?: number;
  /** Bytes for all streams and buckets together; 2 GiB. Must be more than the sum of their `max_bytes`. */
  readonly maxFileBytes?: number;
  /**
   * How often files are flushed to disk, for instance `100ms` or `always`. Only NATS >= 2.10 knows it; older
   * ones refuse to start with it. Without it a power cut loses up to two minutes of acknowledged events.
   */
  readonly syncInterval?: string;
}

const environmentReference = /^\$[A-Za-z_][A-Za-z0-9_]*$/;
const text = (value: string): string => (environmentReference.test(value) ? value : JSON.stringify(value));
const list = (subjects: readonly string[]): string =>
  `[\n${subjects.map((subject) => `            ${JSON.stringify(subject)}`).join('\n')}\n          ]`;

function user(service: ServiceName, password: string): string {
  const { publish, subscribe } = natsPermissions(service);
  return `    {
      user: ${JSON.stringify(service)}
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

/** The configuration file of the NATS server: one user a service, each with an allow-list of what it needs. */
export function renderNatsConfig(options: NatsConfigOptions): string {
  const jetstream = [
    `  store_dir: ${JSON.stringify(options.storeDir)}`,
    `  max_memory_store: ${options.maxMemoryBytes ?? 64 * 1024 * 1024}`,
    `  max_file_store: ${options.maxFileBytes ?? 2 * 1024 * 1024 * 1024}`,
    ...(options.syncInterval ? [`  sync_interval: ${JSON.stringify(options.syncInterval)}`] : []),
  ];
  return `${[
    '# Made from the contracts by renderNatsConfig() of @gridworks/bus. Do not edit by hand.',
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
    'authorization: {',
    '  users: [',
    SERVICES.map((service) => user(service, options.passwords[service])).join('\n'),
    '  ]',
    '}',
  ].join('\n')}\n`;
}
