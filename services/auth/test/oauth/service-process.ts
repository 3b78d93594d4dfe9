import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { endWithTest, eventually } from '@gridworks/testing';

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const TRANSPILE = path('../../../gateway/test/transpile.mjs');

/** A service as a process of its own, from its sources. */
export interface ServiceProcess {
  /** The address of the public port; empty for a service without one. */
  readonly url: string;
  readonly process: ChildProcess;
  output(): string;
  /** Sends SIGKILL, and waits for the end. */
  kill9(): Promise<void>;
}

/** Starts a service and waits until it says so. The folder `HOME_OF_TEST` of its journal is removed with the test. */
export async function startProcess(
  service: 'gateway' | 'auth',
  env: Readonly<Record<string, string>>,
): Promise<ServiceProcess> {
  const folder = await mkdtemp(join(tmpdir(), `gridworks-${service}-`));
  const main = path(`../../../${service}/src/main.ts`);
  const child = endWithTest(
    spawn(process.execPath, ['--conditions=source', '--no-warnings', '--import', TRANSPILE, main], {
      env: { PATH: process.env.PATH, GATEWAY_JOURNAL_DIR: folder, GATEWAY_CONSOLE_DIR: 'none', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
    [folder],
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      output += chunk;
    });
  const ended = once(child, 'close');
  const started = await eventually(
    () => {
      if (child.exitCode !== null) throw new Error(`the ${service} ended:\n${output}`);
      const lines = output.split('\n').filter((line) => line.startsWith('{'));
      const line = lines.map((one) => JSON.parse(one)).find(({ event }) => event === 'service.started');
      if (!line) throw new Error(`not started yet:\n${output}`);
      return line as { url?: string };
    },
    { timeoutMs: 120_000 },
  );
  return {
    url: started.url ?? '',
    process: child,
    output: () => output,
    kill9: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
