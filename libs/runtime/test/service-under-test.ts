import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { publicKeyOf } from '@gridworks/bus';
import type { ServiceName } from '@gridworks/contracts';
import { endWithTest, eventually, type NatsServer } from '@gridworks/testing';

export const SIGNING_KEY = 'a signing key for tests, 32 long';

export interface ServiceUnderTest {
  readonly pid: number;
  /** Lines of the log so far. */
  log(): Record<string, unknown>[];
  stderr(): string;
  /** Waits for the log line of the start, and returns the address of the health endpoints. */
  started(): Promise<{ healthUrl: string; url: string }>;
  signal(signal: NodeJS.Signals): void;
  /** Waits for the end: exit status, or the signal's name. */
  ended(): Promise<number | NodeJS.Signals>;
}

const running = new Set<ChildProcess>();

/** Starts `fixtures/<service>.ts` as a process of its own. */
export function startFixture(
  service: ServiceName,
  nats: NatsServer | null,
  environment: Record<string, string | undefined> = {},
): ServiceUnderTest {
  const { user, password } = nats?.credentials(service) ?? {};
  const child = endWithTest(
    spawn(
      process.execPath,
      [
        '--conditions=source',
        '--no-warnings',
        fileURLToPath(new URL(`fixtures/${service}.ts`, import.meta.url)),
      ],
      {
        env: {
          PATH: process.env.PATH,
          NATS_URL: nats?.url,
          NATS_USER: user,
          NATS_PASSWORD: password,
          SIGNING_PUBLIC_KEY: publicKeyOf(SIGNING_KEY),
          FIXTURE_DOWN_FILE: '/nonexistent',
          PORT: '0',
          ...environment,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    ),
  );
  running.add(child);
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  const end = once(child, 'close').then(([code, signal]) => {
    running.delete(child);
    return (code ?? signal) as number | NodeJS.Signals;
  });
  const log = () =>
    out
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  return {
    pid: child.pid!,
    log,
    stderr: () => err,
    started: () =>
      eventually(
        () => {
          const line = log().find(({ event }) => event === 'service.started');
          if (!line) throw new Error(`not started yet\n${out}${err}`);
          return { healthUrl: String(line.health_url), url: String(line.url) };
        },
        { timeoutMs: 15_000 },
      ),
    signal: (signal) => child.kill(signal),
    ended: () => end,
  };
}

/** For `afterEach`: no process outlives its test. */
export async function endAll(): Promise<void> {
  await Promise.all(
    [...running].map(async (child) => {
      const ended = once(child, 'close');
      child.kill('SIGKILL');
      await ended;
    }),
  );
}

export async function getJson(url: string): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}
