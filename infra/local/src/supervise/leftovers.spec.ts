import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { endLeftovers, findLeftovers } from './leftovers.ts';
import { isRunning, startTimeOf } from './process-tree.ts';
import type { ProcessEntry } from './state-file.ts';

const entry = (pid: number | null, startedAt: number): ProcessEntry => ({
  name: 'redis',
  kind: 'server',
  pid,
  ports: [],
  started_at: new Date(startedAt).toISOString(),
  restarts: 0,
});

describe('leftovers', () => {
  it('are found by the marker, or by pid and start time, and ended even when frozen', async () => {
    const marker = `/test/${process.pid}`;
    const marked = spawn('sleep', ['60'], { env: { ...process.env, GRIDWORKS_LOCAL: marker } });
    const remembered = spawn('sleep', ['60']);
    await Promise.all([once(marked, 'spawn'), once(remembered, 'spawn')]);
    const pids = [marked.pid ?? 0, remembered.pid ?? 0];
    expect(findLeftovers(marker, [entry(pids[1] ?? null, Date.now()), entry(null, Date.now())])).toEqual(
      pids,
    );
    process.kill(pids[0] ?? 0, 'SIGSTOP');
    await endLeftovers(pids);
    expect(pids.filter(isRunning)).toEqual([]);
  });

  it('do not include processes that reused a pid', () => {
    expect(findLeftovers('/nobody', [entry(process.ppid, Date.now() - 3_600_000_000)])).toEqual([]);
  });
});

describe('startTimeOf', () => {
  it('returns when this process started, and null for one that is gone', () => {
    expect(Math.abs((startTimeOf(process.pid) ?? 0) - (Date.now() - process.uptime() * 1_000))).toBeLessThan(
      2_000,
    );
    expect(startTimeOf(2 ** 22)).toBeNull();
  });
});
