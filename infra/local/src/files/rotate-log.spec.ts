import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { endWithTest, eventually, noSmallDisk, SmallDisk } from '@gridworks/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Bookkeeping } from '../supervise/bookkeeping.ts';
import { LogRotation } from '../supervise/log-rotation.ts';
import { DEFAULT_LOG_POLICY, type LogPolicy, listArchives, removeOldArchives } from './log-archives.ts';
import { rotateLog } from './rotate-log.ts';
import { removeDrafts } from './write-file.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rotate-'));
  path = join(folder, 'billing.log');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What all archives hold, oldest first, and then the log. */
const everything = (): string =>
  [
    ...listArchives(folder)
      .reverse()
      .map((archive) => gunzipSync(readFileSync(archive.path)).toString()),
    readFileSync(path, 'utf8'),
  ].join('');
const lines = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => `line ${from + index}\n`).join('');

describe('a rotation', () => {
  it('moves every line once, those that are written meanwhile too, while the writer keeps its file', async () => {
    const log = openSync(path, 'a');
    writeSync(log, lines(0, 200_000));
    let written = 200_000;
    const timer = setInterval(() => writeSync(log, `line ${written++}\n`), 1);
    const rotated = await rotateLog(path);
    clearInterval(timer);
    expect(written).toBeGreaterThan(200_000);
    expect(everything()).toBe(lines(0, written));
    writeSync(log, 'after\n');
    closeSync(log);
    expect(readFileSync(path, 'utf8')).toMatch(/after\n$/);
    expect(rotated?.archiveBytes).toBeLessThan((rotated?.logBytes ?? 0) / 3);
    expect(statSync(rotated?.archive ?? '').mode & 0o777).toBe(0o600);
  });

  it('of nothing makes nothing', async () => {
    expect(await rotateLog(path)).toBeNull();
    writeFileSync(path, '');
    expect(await rotateLog(path)).toBeNull();
    expect(readdirSync(folder)).toEqual(['billing.log']);
  });

  it('of a log that somebody else empties leaves no archive', async () => {
    writeFileSync(path, lines(0, 300_000));
    const rotating = rotateLog(path);
    setImmediate(() => truncateSync(path, 10));
    await expect(rotating).rejects.toThrow();
    expect(readdirSync(folder)).toEqual(['billing.log']);
  });

  it('that is killed at any moment loses no line and leaves no half archive', async () => {
    const url = new URL('./rotate-log.ts', import.meta.url).href;
    const diary = join(folder, 'diary');
    // Writes lines, notes each in the diary once it is written, and rotates again and again.
    const code = `import fs, { openSync, writeSync } from 'node:fs';
      import { syncBuiltinESMExports } from 'node:module';
      const [step, when] = process.argv[2].split(' ');
      const real = fs[step];
      fs[step] = (...args) => {
        if (when === 'before') process.kill(process.pid, 'SIGKILL');
        real(...args);
        process.kill(process.pid, 'SIGKILL');
      };
      if (step !== 'anywhere') syncBuiltinESMExports();
      const { rotateLog } = await import(${JSON.stringify(url)});
      const log = openSync(${JSON.stringify(path)}, 'a');
      const diary = openSync(${JSON.stringify(diary)}, 'a');
      let next = Number(process.argv[1]);
      const write = () => {
        let text = '';
        for (let i = 0; i < 100; i++) text += 'line ' + next++ + '\\n';
        writeSync(log, text);
        writeSync(diary, next + '\\n');
      };
      for (let i = 0; i < 100; i++) write();
      setInterval(write, 2);
      process.stdout.write('begins');
      for (;;) await rotateLog(${JSON.stringify(path)});`;
    const last = () => Number(readFileSync(diary, 'utf8').trim().split('\n').at(-1));
    let from = 0;
    const steps = ['fsyncSync', 'renameSync', 'ftruncateSync'].flatMap((step) => [
      `${step} before`,
      `${step} after`,
    ]);
    for (const [kill, step] of [...steps, ...Array(6).fill('anywhere -')].entries()) {
      const child = endWithTest(
        spawn(process.execPath, ['--no-warnings', '--input-type=module', '-e', code, String(from), step], {
          env: { PATH: process.env.PATH },
          stdio: ['ignore', 'pipe', 'inherit'],
        }),
      );
      await once(child.stdout, 'data');
      const exit = once(child, 'exit');
      if (step.startsWith('anywhere')) setTimeout(() => child.kill('SIGKILL'), kill * 7);
      await exit;
      removeDrafts(folder);
      expect(readdirSync(folder).filter((name) => !/\.log$|\.gz$|^diary$/.test(name))).toEqual([]);
      // Throws for an archive that is not whole.
      const found = new Set(everything().split('\n'));
      const missing = Array.from({ length: last() }, (_, index) => `line ${index}`).filter(
        (line) => !found.has(line),
      );
      expect(missing).toEqual([]);
      from = last();
    }
    expect(listArchives(folder).length).toBeGreaterThan(0);
  }, 60_000);

  const withDisk = noSmallDisk === null ? it : it.skip;
  withDisk('without space leaves the log as it was, and works again when there is space', async () => {
    const disk = new SmallDisk(4);
    try {
      const log = join(disk.folder, 'auth.log');
      const reports: string[] = [];
      writeFileSync(log, lines(0, 100_000));
      disk.fill();
      const rotation = new LogRotation({
        folder: disk.folder,
        logs: () => [log],
        bookkeeping: new Bookkeeping((text) => reports.push(text)),
      });
      expect(await rotation.rotateNow(1)).toEqual([]);
      expect(readFileSync(log, 'utf8')).toBe(lines(0, 100_000));
      expect(readdirSync(disk.folder).sort()).toEqual(['auth.log', 'filler']);
      expect(reports).toEqual([expect.stringContaining('ENOSPC')]);
      disk.free();
      expect(await rotation.rotateNow(1)).toHaveLength(1);
      expect(statSync(log).size).toBe(0);
    } finally {
      disk.remove();
    }
  });
});

describe('the rotation of all logs', () => {
  const rotation = (policy: Partial<LogPolicy>, now: () => number, other = path) =>
    new LogRotation({
      folder,
      logs: () => [path, other],
      bookkeeping: new Bookkeeping(),
      policy: { ...DEFAULT_LOG_POLICY, ...policy },
      now,
    });

  it('is due by size, and by age', async () => {
    let now = Date.now();
    const other = join(folder, 'auth.log');
    writeFileSync(path, 'x'.repeat(1000));
    writeFileSync(other, 'short\n');
    const all = rotation({ maxBytes: 1000, maxAgeMs: 3_600_000 }, () => now, other);
    await all.check();
    expect(listArchives(folder).map(({ log }) => log)).toEqual(['billing.log']);
    writeFileSync(path, 'short\n');
    now += 3_700_000;
    await all.check();
    expect(
      listArchives(folder)
        .map(({ log }) => log)
        .sort(),
    ).toEqual(['auth.log', 'billing.log', 'billing.log']);
    // A supervisor that starts anew goes by the newest archive.
    writeFileSync(path, 'short\n');
    await rotation({ maxAgeMs: 3_600_000 }, () => Date.now() + 1000).check();
    expect(statSync(path).size).toBe(6);
  });

  it('deletes archives by number, age and total size, and nothing else', async () => {
    const now = Date.now();
    const name = (log: string, hour: number) =>
      `${log}.2026-11-29T${String(hour).padStart(2, '0')}-00-00-000Z.gz`;
    const make = (file: string, hoursAgo: number, bytes = 10) => {
      const at = now / 1000 - hoursAgo * 3600;
      writeFileSync(join(folder, file), 'x'.repeat(bytes));
      utimesSync(join(folder, file), at, at);
    };
    for (const hour of [1, 2, 3, 4]) make(name('billing.log', hour), 10 - hour);
    make(name('auth.log', 1), 50);
    make('billing.log.1', 60);
    for (const foreign of ['billing.log', 'notes.gz', 'billing.log.gz', 'x.2026.gz']) make(foreign, 1000);
    const policy = { ...DEFAULT_LOG_POLICY, keep: 3, keepMs: 24 * 3_600_000, archivesBytes: 25 };
    removeOldArchives(folder, policy, now);
    expect(readdirSync(folder).sort()).toEqual(
      [
        name('billing.log', 3),
        name('billing.log', 4),
        'billing.log',
        'billing.log.gz',
        'notes.gz',
        'x.2026.gz',
      ].sort(),
    );
  });

  it('rotates a log once when it is asked for twice at a time', async () => {
    writeFileSync(path, lines(0, 50_000));
    const all = rotation({}, Date.now);
    const [first, second] = await Promise.all([all.rotateNow(1), all.rotateNow(1)]);
    expect([first.length, second.length]).toEqual([1, 0]);
    await eventually(() => expect(everything()).toBe(lines(0, 50_000)));
  });
});
