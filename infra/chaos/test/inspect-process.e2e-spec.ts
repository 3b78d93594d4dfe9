import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { endWithTest, eventually } from '@gridworks/testing';
import { afterEach, describe, expect, it } from '@jest/globals';
import { INSIDE_FAULTS } from '../src/experiments/inside-faults.ts';
import { changeObjectsIn, evaluateIn } from '../src/experiments/inspect-process.ts';

const children: ChildProcess[] = [];

interface Printed {
  readonly memory: number;
  readonly delay: number;
  /** Its consumer of usage events settles what it gets. */
  readonly settles: boolean;
}

/** A process that knows nothing of inspectors; prints its resident memory (MB) and the delay of its timer (ms) every 50 ms. */
async function startProcess(): Promise<{ pid: number; read: () => Printed }> {
  const program = `let at = Date.now();
    const options = { settle: () => 'done', inboxPrefix: '_', name: 'billing_record-usage' };
    setInterval(() => {
    console.log(JSON.stringify({ memory: process.memoryUsage().heapUsed / 1e6, delay: Date.now() - at - 50, settles: options.settle() === 'done' }));
    at = Date.now(); }, 50);`;
  const child = endWithTest(
    spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'ignore'] }),
  );
  children.push(child);
  let last: Printed = { memory: 0, delay: 0, settles: true };
  let worst = 0;
  child.stdout!.on('data', (chunk: Buffer) => {
    for (const line of chunk.toString().trim().split('\n')) {
      last = JSON.parse(line);
      worst = Math.max(worst, last.delay);
    }
  });
  await eventually(() => expect(last.memory).toBeGreaterThan(0));
  return { pid: child.pid!, read: () => ({ ...last, delay: worst }) };
}

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

describe('a fault inside a process', () => {
  it('leaks, and leaves no inspector behind', async () => {
    const { pid, read } = await startProcess();
    const before = read().memory;
    await evaluateIn(pid, INSIDE_FAULTS['memory-leak'].code);
    await eventually(() => expect(read().memory).toBeGreaterThan(before + 16));
    await eventually(() => expect(fetch('http://127.0.0.1:9229/json/list')).rejects.toThrow());
  });

  it('changes an object of the process, and says when there is none', async () => {
    const { pid, read } = await startProcess();
    await expect(changeObjectsIn(pid, 'function () { return 0; }')).rejects.toThrow('has no such object');
    expect(read().settles).toBe(true);
    await eventually(() => changeObjectsIn(pid, INSIDE_FAULTS['consumer-stall'].change));
    await eventually(() => expect(read().settles).toBe(false));
  });

  it('says when the code fails, and when the process has ended', async () => {
    const { pid } = await startProcess();
    await expect(evaluateIn(pid, 'throw new Error("odd")')).rejects.toThrow('the code failed');
    const ended = once(children[0]!, 'exit');
    children[0]!.kill('SIGKILL');
    await ended;
    await expect(evaluateIn(pid, '')).rejects.toThrow('has ended');
  });
});
