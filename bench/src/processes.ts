import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface Started {
  readonly process: ChildProcess;
  readonly port: number;
  /** SIGTERM, and SIGKILL after `patienceMs` (2 s). */
  stop(patienceMs?: number): Promise<void>;
}

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Ends one child, by SIGKILL if necessary. */
async function stop(child: ChildProcess, patienceMs = 2000): Promise<void> {
  running.delete(child);
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const last = setTimeout(() => child.kill('SIGKILL'), patienceMs);
  await gone;
  clearTimeout(last);
}

/**
 * Starts a program and waits for the line that `ready` matches; its first group is the port. Throws with the
 * program's output when the program ends before that, or is silent for `timeoutMs`.
 */
export async function start(
  command: string,
  args: readonly string[],
  options: {
    env?: Record<string, string>;
    cwd?: string;
    ready: RegExp;
    timeoutMs?: number;
    onOutput?: (printed: string) => void;
  },
): Promise<Started> {
  const child = spawn(command, args, {
    env: { ...process.env, ...options.env },
    cwd: options.cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  let printed = '';
  const port = await new Promise<number>((resolve, reject) => {
    const fail = (why: string) =>
      reject(new Error(`${command} ${args.join(' ')}: ${why}\n${printed.slice(-2000)}`));
    const timer = setTimeout(() => fail('not ready in time'), options.timeoutMs ?? 60_000);
    const read = (chunk: Buffer) => {
      printed = (printed + chunk.toString()).slice(-20_000);
      const match = options.ready.exec(printed);
      options.onOutput?.(printed);
      if (!match) return;
      clearTimeout(timer);
      resolve(Number(match[1] ?? 0));
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('error', (error) => fail(error.message));
    child.once('exit', (code, signal) => fail(`ended with ${code ?? signal}`));
  });
  return { process: child, port, stop: (patienceMs) => stop(child, patienceMs) };
}

/** Starts a file of this folder by this Node. */
export const startNode = (file: string, env: Record<string, string>): Promise<Started> =>
  start(
    process.execPath,
    ['--no-warnings', '--conditions=source', fileURLToPath(new URL(file, import.meta.url))],
    {
      env: { ...env, NODE_ENV: 'production' },
      ready: /listening (\d+)/,
    },
  );
