import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const PROGRAM = join(
  import.meta.dirname,
  ...['..', '..', '..', 'services', 'billing', 'dist', 'src', 'billing-run', 'billing-cli.js'],
);
const LOOK_EVERY_MS = 100;

/** What a run of `npm run billing` took. */
export interface ProgramRun {
  readonly seconds: number;
  /** The most memory that its process had, in MiB. */
  readonly peakMib: number;
  readonly status: number | null;
  /** The last line that it printed. */
  readonly said: string;
}

/** Runs the program of operators, as they do, and reads the peak of its memory from `/proc`. */
export async function runProgram(url: string, args: readonly string[]): Promise<ProgramRun> {
  const began = performance.now();
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    env: { ...process.env, DATABASE_URL: url, BILLING_GRACE_MS: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  let peak = 0;
  const look = setInterval(async () => {
    const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '');
    peak = Math.max(peak, Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0));
  }, LOOK_EVERY_MS);
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
  clearInterval(look);
  return {
    ...{ seconds: (performance.now() - began) / 1000, peakMib: peak / 1024, status },
    said: output.trim().split('\n').at(-1)?.trim() ?? '',
  };
}
