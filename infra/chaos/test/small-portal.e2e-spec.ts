import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endWithTest, noSmallDisk } from '@gridworks/testing';
import { describe, expect, it } from '@jest/globals';
import { isRunning } from '../../local/src/supervise/process-tree.ts';
import { endedProcess, fillToTheLastByte, leaveDrafts, readDisk } from '../src/disk/fill-disk.ts';
import { removeLeftovers } from '../src/disk/small-portal.ts';

const withDisk = noSmallDisk === null ? describe : describe.skip;

withDisk(`the small disk of an experiment (${noSmallDisk ?? 'a real one'})`, () => {
  it('is unmounted by the next run when the one before was killed, and its processes are ended', async () => {
    const base = mkdtempSync(join(tmpdir(), 'gridworks-chaos-'));
    const disk = join(base, 'disk');
    mkdirSync(disk);
    try {
      // Twice, as by two runs.
      for (let count = 0; count < 2; count++)
        execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'gridworks-chaos', disk]);
      const local = join(disk, 'portal');
      mkdirSync(local);
      const env = { PATH: process.env.PATH, GRIDWORKS_LOCAL: local };
      const left = endWithTest(spawn('sleep', ['600'], { env, cwd: local }));
      const other = endWithTest(spawn('sleep', ['600'], { env: { PATH: process.env.PATH } }));
      await Promise.all([once(left, 'spawn'), once(other, 'spawn')]);
      // The lock names a process that is no supervisor by now.
      writeFileSync(join(local, 'supervisor.json'), JSON.stringify({ pid: other.pid }));
      fillToTheLastByte(join(local, 'filler'));
      expect(readDisk(local).used).toBe(1);
      await removeLeftovers(base, disk);
      expect(readFileSync('/proc/self/mounts', 'utf8')).not.toContain(disk);
      expect(existsSync(base)).toBe(false);
      expect(isRunning(left.pid ?? 0)).toBe(false);
      expect(isRunning(other.pid ?? 0)).toBe(true);
      other.kill('SIGKILL');
    } finally {
      rmSync(base, { recursive: true, force: true });
    }
  }, 20_000);

  it('is filled with drafts of a process that has ended', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'drafts-'));
    try {
      const pid = await endedProcess();
      expect(isRunning(pid)).toBe(false);
      await leaveDrafts(folder, pid, 9_000_000);
      expect(existsSync(join(folder, `ports.json.${pid}.3.tmp`))).toBe(true);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
