import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type NatsUser,
  type PlanOptions,
  PROVISIONER,
  provisionPlan,
  renderNatsConfig,
} from '@gridworks/bus/permissions';
import { Provisioner } from '@gridworks/bus/provisioner';
import { SERVICES } from '@gridworks/contracts';
import { eventually } from './eventually.ts';
import { Reaper } from './reaper.ts';

export interface NatsServerOptions {
  /** Text of a configuration instead of the default one. Must not set `port` or `store_dir`. */
  readonly config?: string;
  /** One user per service with its allow-list, as in production; see `credentials()`. */
  readonly withPermissions?: boolean;
  /** Additions to the contracts' streams, buckets and consumers, which the provisioner creates as well. */
  readonly plan?: PlanOptions;
}

/** A real nats-server: a free port on the loopback, a store of its own, removed at the end of the test. */
export interface NatsServer {
  readonly url: string;
  readonly port: number;
  readonly storeDir: string;
  /** The id of the process that runs now. */
  pid(): number;
  /** Options for connecting as this service; empty when the server runs without permissions. */
  credentials(user: NatsUser): { user?: string; password?: string };
  kill9(): Promise<void>;
  /** SIGSTOP: connections stay open, nothing responds. */
  freeze(): void;
  thaw(): void;
  /**
   * Starts again on the same port with the same store, after killing a running process. Resolves once it
   * accepts connections.
   */
  restart(): Promise<void>;
  /** Deletes everything that JetStream stored, as the worst power cut does. Only while the server is down. */
  loseStore(): Promise<void>;
  /** Ends the process and deletes its files. */
  stop(): Promise<void>;
}

const passwordOf = (user: NatsUser): string => `${user}-password`;
const PROVISIONED_WITHIN_MS = 15_000;

async function greets(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  try {
    socket.setTimeout(1000, () => socket.destroy(new Error('no INFO')));
    const [greeting] = (await once(socket, 'data')) as [Buffer];
    if (!greeting.toString().startsWith('INFO')) throw new Error('not a NATS server');
  } finally {
    socket.destroy();
  }
}

/**
 * Starts a nats-server (from PATH). Resolves once it accepts connections and has all streams, buckets and
 * consumers.
 */
export async function startNats(options: NatsServerOptions = {}): Promise<NatsServer> {
  const directory = await mkdtemp(join(tmpdir(), 'gridworks-nats-'));
  const storeDir = join(directory, 'store');
  const configFile = join(directory, 'nats.conf');
  const reaper = new Reaper([directory]);
  let child: ChildProcess;
  let port = -1;

  const writeConfig = async (): Promise<void> => {
    const passwords = Object.fromEntries(
      ([...SERVICES, PROVISIONER] as const).map((user) => [user, passwordOf(user)]),
    );
    const text = options.withPermissions
      ? renderNatsConfig({
          host: '127.0.0.1',
          port,
          storeDir,
          passwords: passwords as Record<NatsUser, string>,
        })
      : `${options.config ?? ''}\nhost: "127.0.0.1"\nport: ${port}\njetstream: { store_dir: ${JSON.stringify(storeDir)} }\n`;
    await writeFile(configFile, text);
  };
  const start = async (): Promise<void> => {
    await writeConfig();
    let log = '';
    const server = spawn('nats-server', ['-c', configFile, '--ports_file_dir', directory], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    child = server;
    reaper.watch(server.pid as number);
    server.stderr?.on('data', (chunk) => {
      log = (log + chunk).slice(-10_000);
    });
    await eventually(
      async () => {
        if (server.exitCode !== null) throw new Error(`nats-server ended:\n${log}`);
        if (port === -1) port = await portOf(directory, server.pid);
        await greets(port);
      },
      { timeoutMs: 10_000, everyMs: 10 },
    );
  };
  const end = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  };
  const credentials = (user: NatsUser) =>
    options.withPermissions ? { user, password: passwordOf(user) } : {};

  await start();
  const provisioner = await Provisioner.startAndWait(
    {
      servers: `nats://127.0.0.1:${port}`,
      ...credentials(PROVISIONER),
      plan: provisionPlan(options.plan),
    },
    PROVISIONED_WITHIN_MS,
  );
  return {
    url: `nats://127.0.0.1:${port}`,
    port,
    storeDir,
    pid: () => child.pid as number,
    credentials,
    kill9: end,
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    restart: async () => {
      await end();
      await start();
    },
    loseStore: () => rm(storeDir, { recursive: true, force: true }),
    stop: async () => {
      await provisioner.stop();
      await end();
      reaper.release();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function portOf(directory: string, pid: number | undefined): Promise<number> {
  const file = (await readdir(directory)).find((name) => name.includes(`_${pid}.`));
  if (!file) throw new Error('no ports file yet');
  const { nats } = JSON.parse(await readFile(join(directory, file), 'utf8')) as { nats: string[] };
  return Number(new URL(nats[0] as string).port);
}
