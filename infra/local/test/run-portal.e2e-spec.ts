import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endWithTest, eventually } from '@gridworks/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isRunning, processesWithVariable } from '../src/supervise/process-tree.ts';
import type { ProcessEntry } from '../src/supervise/state-file.ts';

const script = join(import.meta.dirname, 'fixtures', 'run-portal.ts');
let folder: string;
let running: Run[];

class Run {
  readonly child: ChildProcess;
  output = '';

  constructor(env: Record<string, string> = {}) {
    const flags = ['--conditions=source', '--no-warnings'];
    this.child = endWithTest(
      spawn(process.execPath, [...flags, script, folder], {
        env: { ...process.env, NODE_OPTIONS: '', ...env },
        stdio: ['ignore', 'pipe', 'inherit'],
      }),
    );
    this.child.stdout?.on('data', (chunk) => {
      this.output += chunk;
    });
    running.push(this);
  }

  ready(): Promise<unknown> {
    return eventually(() => expect(this.output).toMatch(/^ready$/m), { timeoutMs: 15_000 });
  }

  async exit(): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'exit');
    return this.child.exitCode;
  }
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'run-'));
  running = [];
});
afterEach(async () => {
  for (const run of running) run.child.kill('SIGKILL');
  await Promise.all(running.map((run) => run.exit()));
  for (const pid of ours()) process.kill(pid, 'SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

const state = (): ProcessEntry[] => JSON.parse(readFileSync(join(folder, 'state.json'), 'utf8'));
/** Every process that this clone's supervisor started, and their children. */
const ours = () => processesWithVariable('GRIDWORKS_LOCAL', folder);
const diary = () => readFileSync(join(folder, 'diary'), 'utf8').trim().split('\n');

describe('npm start', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('drains by rank after %s and leaves no child', async (signal) => {
    const run = new Run();
    await run.ready();
    expect(state()).toHaveLength(3);
    expect(ours()).toHaveLength(6);
    run.child.kill(signal);
    // npm passes the terminal's Ctrl-C on once more: it counts as the same signal, not a second one.
    run.child.kill(signal);
    expect(await run.exit()).toBe(0);
    expect(diary().filter((line) => line.endsWith('drained'))).toEqual([
      'door drained',
      'worker drained',
      'store drained',
    ]);
    expect(ours()).toEqual([]);
    expect(state()).toEqual([]);
    expect(existsSync(join(folder, 'supervisor.json'))).toBe(false);
  });

  it('is refused while another runs, with its address and the command that ends it', async () => {
    const first = new Run();
    await first.ready();
    const second = new Run();
    expect(await second.exit()).toBe(1);
    expect(second.output).toContain('runs already: http://127.0.0.1:8080');
    expect(second.output).toContain(`kill ${first.child.pid}`);
    expect(state().every(({ pid }) => pid !== null && isRunning(pid))).toBe(true);
  });

  it('names the port that it found, when a free one was requested', async () => {
    const first = new Run({ DOOR_URL: 'http://127.0.0.1:23456' });
    await first.ready();
    const second = new Run();
    expect(await second.exit()).toBe(1);
    expect(second.output).toContain('runs already: http://127.0.0.1:23456');
  });

  it('ends the processes of a killed supervisor, frozen or not, and starts clean', async () => {
    const first = new Run();
    await first.ready();
    const before = ours();
    expect(before).toHaveLength(6);
    process.kill(state()[0]?.pid ?? 0, 'SIGSTOP');
    first.child.kill('SIGKILL');
    await first.exit();
    expect(before.every(isRunning)).toBe(true);
    const second = new Run();
    await second.ready();
    expect(second.output).toContain('6 processes of a supervisor that was killed');
    expect(before.filter(isRunning)).toEqual([]);
    expect(state().map(({ restarts }) => restarts)).toEqual([0, 0, 0]);
  });

  it('gives up with the reason when a process cannot run, and ends the others', async () => {
    const run = new Run({ FIXTURES: 'store,broken' });
    expect(await run.exit()).toBe(1);
    expect(run.output).toContain('broken does not come up: it keeps exiting');
    expect(ours()).toEqual([]);
  });

  it('ends by itself when the process that started it is gone', async () => {
    const parent = spawn(process.execPath, [
      '-e',
      `const { spawn } = require('node:child_process');
       spawn(process.execPath, ['--conditions=source', '--no-warnings', ${JSON.stringify(script)}, ${JSON.stringify(folder)}], {
         env: { ...process.env, NODE_OPTIONS: '', GRIDWORKS_PARENT_PID: String(process.pid) }, stdio: 'ignore' });
       setInterval(() => {}, 1000);`,
    ]);
    await eventually(() => expect(state().filter(({ pid }) => pid !== null)).toHaveLength(3), {
      timeoutMs: 15_000,
    });
    const { pid } = JSON.parse(readFileSync(join(folder, 'supervisor.json'), 'utf8'));
    parent.kill('SIGKILL');
    await eventually(() => expect(isRunning(pid)).toBe(false), { timeoutMs: 10_000 });
    expect(ours()).toEqual([]);
  });
});
