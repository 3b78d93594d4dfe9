import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { publicKeyOf } from '@gridworks/bus';
import { endWithTest, eventually, type NatsServer } from '@gridworks/testing';

export const SIGNING_KEY = 'a signing key for tests, 32 long';
const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

export interface GatewayUnderTest {
  readonly url: string;
  readonly port: number;
  /** The address of the health port: `/health` with details, `/metrics`. */
  readonly healthUrl: string;
  readonly journalDir: string;
  readonly process: ChildProcess;
  log(): Record<string, unknown>[];
  /** Everything that the process wrote to standard output and standard error. */
  output(): string;
  fetch(path: string, init?: RequestInit & { bearer?: string }): Promise<Response>;
  /** Sends SIGKILL, and waits for the end. */
  kill9(): Promise<void>;
  /** Sends SIGTERM; resolves with the exit status. */
  drain(): Promise<number | null>;
  /** Stops the process and deletes its journal. */
  stop(): Promise<void>;
}

export interface GatewayOptions {
  readonly nats: Pick<NatsServer, 'url' | 'credentials'>;
  readonly redisUrl: string;
  /** The journal of an earlier process, to be continued. */
  readonly journalDir?: string;
  readonly env?: Record<string, string>;
}

/** Starts the gateway as a process of its own, from its sources. */
export async function startGateway(options: GatewayOptions): Promise<GatewayUnderTest> {
  const journalDir = options.journalDir ?? (await mkdtemp(join(tmpdir(), 'gridworks-journal-')));
  const { user, password } = options.nats.credentials('gateway');
  const child = endWithTest(
    spawn(
      process.execPath,
      ['--conditions=source', '--no-warnings', '--import', path('transpile.mjs'), path('../src/main.ts')],
      {
        env: {
          PATH: process.env.PATH,
          NATS_URL: options.nats.url,
          ...(user ? { NATS_USER: user, NATS_PASSWORD: password } : {}),
          REDIS_URL: options.redisUrl,
          SIGNING_KEY,
          SIGNING_PUBLIC_KEY: publicKeyOf(SIGNING_KEY),
          PORT: '0',
          GATEWAY_JOURNAL_DIR: journalDir,
          GATEWAY_CONSOLE_DIR: 'none',
          ...options.env,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    ),
    [journalDir],
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      output += chunk;
    });
  const ended = once(child, 'close') as Promise<[number | null]>;
  const log = () =>
    output
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    child.kill('SIGCONT');
    child.kill(signal);
    return (await ended)[0];
  };
  const started = await eventually(
    () => {
      if (child.exitCode !== null || child.signalCode !== null) return null;
      const line = log().find(({ event }) => event === 'service.started');
      if (!line) throw new Error(`not started yet:\n${output}`);
      return line as { url: string; health_url: string };
    },
    { timeoutMs: 180_000 },
  );
  if (!started) throw new Error(`the gateway ended:\n${output}`);
  const { url, health_url: healthUrl } = started;
  return {
    url,
    port: Number(new URL(url).port),
    healthUrl,
    journalDir,
    process: child,
    log,
    output: () => output,
    fetch: (address, { bearer, ...init } = {}) =>
      fetch(`${url}${address}`, {
        signal: AbortSignal.timeout(5000),
        ...init,
        headers: {
          ...(bearer ? { authorization: `Bearer ${bearer}` } : {}),
          ...(init.headers as Record<string, string>),
        },
      }),
    kill9: async () => void (await end('SIGKILL')),
    drain: () => end('SIGTERM'),
    stop: async () => {
      await end('SIGKILL');
      await rm(journalDir, { recursive: true, force: true });
    },
  };
}
