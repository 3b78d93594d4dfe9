import { type ChildProcess, spawn } from 'node:child_process';
import { endWithTest, eventually } from '@gridworks/testing';
import { afterEach, describe, expect, it } from '@jest/globals';
import { INSIDE_FAULTS } from '../src/experiments/inside-faults.ts';
import { evaluateIn } from '../src/experiments/inspect-process.ts';

const children: ChildProcess[] = [];

/** A process that knows nothing of inspectors; prints its resident memory (MB) and the delay of its timer (ms) every 50 ms. */
async function startProcess(): Promise<{ pid: number; read: () => { memory: number; delay: number } }> {
  const program = `let at = Date.now(); setInterval(() => {
    console.log(JSON.stringify({ memory: process.memoryUsage().heapUsed / 1e6, delay: Date.now() - at - 50 }));
    at = Date.now(); }, 50);`;
  const child = endWithTest(
    spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'ignore'] }),
  );
  children.push(child);
  let last = { memory: 0, delay: 0 };
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
    await evaluateIn(pid, INSIDE_FAULTS['memory-leak']!.code);
    await eventually(() => expect(read().memory).toBeGreaterThan(before + 16));
    await eventually(() => expect(fetch('http://127.0.0.1:9229/json/list')).rejects.toThrow());
  });

  it('says when the code fails, and when the process has ended', async () => {
    const { pid } = await startProcess();
    await expect(evaluateIn(pid, 'throw new Error("odd")')).rejects.toThrow('the code failed');
    children[0]!.kill('SIGKILL');
    await eventually(() => expect(evaluateIn(pid, '')).rejects.toThrow('has ended'));
  });
});
