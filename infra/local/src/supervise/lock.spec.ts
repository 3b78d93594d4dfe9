import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AlreadyRunningError, readLock, takeLock, writeLockUrl } from './lock.ts';
import { startMarkOf } from './process-tree.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lock-'));
  path = join(folder, 'supervisor.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const hold = (pid: number, more: object = { start_mark: startMarkOf(pid) }) =>
  writeFileSync(
    path,
    JSON.stringify({ pid, started_at: '2026-01-01T00:00:00Z', url: 'http://door', ...more }),
  );

describe('takeLock', () => {
  it('names the pid of the holder, and releases the lock', () => {
    const release = takeLock(path, 'http://door');
    expect(readLock(path)).toMatchObject({ pid: process.pid, url: 'http://door' });
    release();
    expect(existsSync(path)).toBe(false);
  });

  it('contains the address of gateway HTTP once it is known', () => {
    const release = takeLock(path, null);
    expect(readLock(path)?.url).toBeNull();
    writeLockUrl(path, 'http://door');
    expect(readLock(path)).toMatchObject({ pid: process.pid, url: 'http://door' });
    release();
    writeLockUrl(path, 'http://door');
    expect(existsSync(path)).toBe(false);
  });

  it('refuses while a living supervisor holds it', async () => {
    const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    try {
      await once(other, 'spawn');
      hold(other.pid ?? 0);
      expect(() => takeLock(path, 'x')).toThrow(AlreadyRunningError);
      expect(readLock(path)?.pid).toBe(other.pid);
    } finally {
      other.kill('SIGKILL');
      await once(other, 'exit');
    }
    takeLock(path, 'x')();
  });

  it.each([
    ['another run of the pid', () => ({ start_mark: `${startMarkOf(1)}0` })],
    ['a lock of an earlier version, older than the process', () => ({})],
    [
      'a process that is younger by more than the time of a start',
      () => ({ started_at: new Date(Date.now() + 3_600_000).toISOString() }),
    ],
  ])('takes over from a node process that is no supervisor: %s', async (_what, more) => {
    const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    try {
      await once(other, 'spawn');
      hold(other.pid ?? 0, more());
      takeLock(path, 'x');
      expect(readLock(path)).toMatchObject({ pid: process.pid, start_mark: startMarkOf(process.pid) });
    } finally {
      other.kill('SIGKILL');
    }
  });

  it('respects a lock of an earlier version, taken just after its process started', async () => {
    const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    try {
      await once(other, 'spawn');
      hold(other.pid ?? 0, { started_at: new Date().toISOString() });
      expect(() => takeLock(path, 'x')).toThrow(AlreadyRunningError);
    } finally {
      other.kill('SIGKILL');
    }
  });

  it('takes over a lock that was not written completely', () => {
    writeFileSync(path, '{"pid":');
    takeLock(path, 'x');
    expect(JSON.parse(readFileSync(path, 'utf8')).pid).toBe(process.pid);
  });

  it('does not release a lock that another process has by now', () => {
    const release = takeLock(path, 'x');
    hold(1);
    release();
    expect(readLock(path)?.pid).toBe(1);
  });
});
