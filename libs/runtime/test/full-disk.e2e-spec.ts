import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { allowedMs, endWithTest, eventually, noSmallDisk, SmallDisk } from '@gridworks/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

const script = join(import.meta.dirname, 'fixtures', 'logging-process.ts');
let child: ChildProcess;

async function start(stdout: number | 'pipe', stderr: number | 'inherit' = 'inherit'): Promise<string> {
  const flags = ['--conditions=source', '--no-warnings'];
  const env = { ...process.env, NODE_OPTIONS: '' };
  child = endWithTest(
    spawn(process.execPath, [...flags, script], { env, stdio: ['ignore', stdout, stderr, 'ipc'] }),
  );
  const [port] = await once(child, 'message');
  return `http://127.0.0.1:${port}`;
}
const responses = async (url: string) => (await fetch(url, { signal: AbortSignal.timeout(1_000) })).text();

/** How the process ended, and how long that took, ms. */
async function failAt(url: string) {
  const startedAt = performance.now();
  const exit = once(child, 'exit');
  await responses(`${url}/fail`);
  const [code, signal] = await exit;
  return { code, signal, ms: performance.now() - startedAt };
}

afterEach(async () => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
});

// Skipped only where the system does not let a test mount a disk; the title gives the reason.
(noSmallDisk === null ? describe : describe.skip)(`on a full disk (${noSmallDisk ?? 'a real one'})`, () => {
  let disk: SmallDisk;
  let log: string;
  let file: number;
  beforeEach(() => {
    disk = new SmallDisk(2);
    log = join(disk.folder, 'log');
    file = openSync(log, 'a');
  });
  afterEach(() => {
    closeSync(file);
    disk.remove();
  });

  it('a process that logs still responds, and its log continues when there is space again', async () => {
    const url = await start(file);
    await eventually(() => expect(statSync(log).size).toBeGreaterThan(0));
    disk.fill();
    for (const endsAt = Date.now() + 1_500; Date.now() < endsAt; ) expect(await responses(url)).toBe('ok');
    disk.free();
    await eventually(() => expect(readFileSync(log, 'utf8')).toContain('"dropped_lines"'));
    expect(await responses(url)).toBe('ok');
  });

  it('what Node or a library prints to the console ends no process', async () => {
    const url = await start(file, file);
    disk.fill();
    for (let count = 0; count < 5; count++) expect(await responses(`${url}/print`)).toBe('ok');
    expect(await responses(url)).toBe('ok');
    disk.free();
    await eventually(() => expect(readFileSync(log, 'utf8')).toContain('"dropped_lines"'));
  });

  it('an uncaught error ends the process within a second', async () => {
    const url = await start(file);
    disk.fill();
    const { code, ms } = await failAt(url);
    expect(code).toBe(1);
    expect(ms).toBeLessThan(allowedMs(1_000));
  });
});

describe('with a reader that hangs', () => {
  it('a process that logs still responds, and a fatal error ends it within a second', async () => {
    const url = await start('pipe');
    // Nothing reads: the pipe is full after 64 KB, a third of a second.
    for (const endsAt = Date.now() + 1_500; Date.now() < endsAt; ) expect(await responses(url)).toBe('ok');
    const { ms } = await failAt(url);
    expect(ms).toBeLessThan(allowedMs(1_000));
  });
});
