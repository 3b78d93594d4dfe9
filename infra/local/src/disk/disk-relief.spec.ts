import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { endWithTest, noSmallDisk, SmallDisk } from '@gridworks/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { cloneId, type Layout, layoutOf } from '../files/layout.ts';
import { DEFAULT_LOG_POLICY, listArchives } from '../files/log-archives.ts';
import { Bookkeeping } from '../supervise/bookkeeping.ts';
import { LogRotation } from '../supervise/log-rotation.ts';
import { DISK_ACTS, DiskRelief } from './disk-relief.ts';
import { removeTemporaryFiles } from './temporary-files.ts';

let folder: string;
let layout: Layout;
let deadPid: number;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'relief-'));
  layout = layoutOf(folder, join(folder, 'local'));
  const child = spawn('true');
  deadPid = child.pid ?? 0;
  await once(child, 'exit');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const HOUR_S = 3600;
function make(path: string, { bytes = 100, hoursOld = 2 } = {}): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, 'x'.repeat(bytes));
  const at = Date.now() / 1000 - hoursOld * HOUR_S;
  utimesSync(path, at, at);
  return path;
}
const reliefOf = (logs: readonly string[], policy = DEFAULT_LOG_POLICY, at = layout) =>
  new DiskRelief(
    at,
    new LogRotation({ folder: at.logs, logs: () => logs, bookkeeping: new Bookkeeping(), policy }),
  );
const everyAct = async (relief: DiskRelief) => {
  for (const act of DISK_ACTS) await relief.perform(act);
};

describe('temporary files', () => {
  it('are deleted when their process is dead and they are old', () => {
    const { healerState, local, logs, mail, run, backups } = layout;
    const files = [
      make(join(local, `state.json.${deadPid}.1.tmp`)),
      make(join(run, `ports.json.${deadPid}.2.tmp`)),
      make(join(mail, `m.eml.${deadPid}.3.tmp`)),
      make(join(logs, `auth.log.2026-11-29T00-00-00-000Z.gz.${deadPid}.4.tmp`)),
      make(join(healerState, 'healer', `watchdog.json.${deadPid}.new`)),
      make(join(backups, `.draft-${cloneId(local)}-${deadPid}`, 'data.tar.gz')),
    ];
    utimesSync(dirname(files.at(-1)!), 1, 1);
    expect(removeTemporaryFiles(layout)).toHaveLength(files.length);
    expect(files.filter((file) => existsSync(file))).toEqual([]);
  });

  it('of a living process, or young ones, are left alone', async () => {
    const living = endWithTest(spawn('sleep', ['60']));
    const files = [
      make(join(layout.run, `ports.json.${living.pid}.1.tmp`)),
      make(join(layout.run, `ports.json.${process.pid}.1.tmp`)),
      make(join(layout.run, `ports.json.${deadPid}.1.tmp`), { hoursOld: 0 }),
      make(join(layout.backups, `.draft-${cloneId(layout.local)}-${deadPid}`, 'data.tar.gz'), {
        hoursOld: 0,
      }),
    ];
    utimesSync(dirname(files.at(-1)!), 1, 1);
    expect(removeTemporaryFiles(layout)).toEqual([]);
    expect(files.every((file) => existsSync(file))).toBe(true);
    living.kill('SIGKILL');
    await once(living, 'exit');
    expect(removeTemporaryFiles(layout).map(({ path }) => path)).toEqual([files[0]]);
  });

  it('behind a link are left alone, and so are links', () => {
    const outside = join(folder, 'outside');
    const foreign = make(join(outside, `a.${deadPid}.1.tmp`));
    mkdirSync(layout.local, { recursive: true });
    symlinkSync(outside, layout.run);
    mkdirSync(layout.healerState, { recursive: true });
    const state = make(join(outside, `b.${deadPid}.new`));
    symlinkSync(outside, join(layout.healerState, 'healer'));
    const link = join(layout.local, `link.${deadPid}.1.tmp`);
    symlinkSync(foreign, link);
    expect(removeTemporaryFiles(layout)).toEqual([]);
    for (const path of [foreign, state, link]) expect(existsSync(path)).toBe(true);
  });
});

describe('no act touches', () => {
  it.each([
    ['data of PostgreSQL', (l: Layout) => join(l.data.postgres, 'base', `1.PID.1.tmp`)],
    ['temporary files of PostgreSQL', (l: Layout) => join(l.data.postgres, 'PID.1.tmp')],
    ['the streams of NATS', (l: Layout) => join(l.data.nats, 'jetstream', '1.blk.PID.1.tmp')],
    ['data of Redis', (l: Layout) => join(l.data.redis, 'temp-PID.rdb')],
    ['the usage journal', (l: Layout) => join(l.gatewayJournal, 'gateway', '000001.ndjson')],
    ['the ledger of the journal', (l: Layout) => join(l.gatewayJournal, 'gateway', 'ledger.ndjson.PID.new')],
    ['a backup', (l: Layout) => join(l.backups, 'backup-2026-11-29T17-39-25-181Z', 'data.tar.gz')],
    [
      'a backup in the making of another portal',
      (l: Layout) => join(l.backups, '.draft-0123456789ab-PID', 'x'),
    ],
    ['data that a restore set aside', (l: Layout) => join(l.local, 'data.before-2026-11-29', 'x.PID.1.tmp')],
    ['secrets', (l: Layout) => l.secrets],
    ['mails', (l: Layout) => join(l.mail, 'm.eml')],
    ['files of somebody else', (l: Layout) => join(l.local, 'dump.sql')],
    ['files of somebody else with a similar name', (l: Layout) => join(l.local, 'dump.tmp')],
    ['archives of somebody else', (l: Layout) => join(l.logs, 'access.2020.gz')],
    ['logs that are no log of a process', (l: Layout) => join(l.logs, 'notes.log')],
  ])('%s', async (_, path) => {
    const file = make(path(layout).replace('PID', String(deadPid)), { bytes: 200_000, hoursOld: 10_000 });
    for (let up = dirname(file); up !== layout.local; up = dirname(up)) utimesSync(up, 1, 1);
    const log = make(join(layout.logs, 'billing.log'));
    await everyAct(reliefOf([log], { ...DEFAULT_LOG_POLICY, keep: 1, archivesBytes: 1 }));
    expect(statSync(file).size).toBe(200_000);
  });

  it('a file that a log links to', async () => {
    const outside = make(join(folder, 'outside.log'), { bytes: 200_000 });
    mkdirSync(layout.logs, { recursive: true });
    const link = join(layout.logs, 'billing.log');
    symlinkSync(outside, link);
    await everyAct(reliefOf([link]));
    expect(statSync(outside).size).toBe(200_000);
  });
});

describe('the acts', () => {
  it('compress logs, and delete archives beyond their number', async () => {
    const log = make(join(layout.logs, 'billing.log'), { bytes: 500_000 });
    const small = make(join(layout.logs, 'auth.log'), { bytes: 100 });
    const relief = reliefOf([log, small], { ...DEFAULT_LOG_POLICY, keep: 1 });
    const { freed_bytes, files } = await relief.perform('compress-logs');
    expect(files).toBe(1);
    expect(freed_bytes).toBeGreaterThan(490_000);
    expect(statSync(small).size).toBe(100);
    expect(await relief.perform('remove-old-logs')).toEqual({ files: 0, freed_bytes: 0 });
    make(join(layout.logs, 'billing.log.2026-11-01T00-00-00-000Z.gz'), { bytes: 70 });
    expect(await relief.perform('remove-old-logs')).toEqual({ files: 1, freed_bytes: 70 });
    expect(listArchives(layout.logs)).toHaveLength(1);
  });

  const withDisk = noSmallDisk === null ? it : it.skip;
  withDisk('free a disk that is really nearly full, as its file system says', async () => {
    const disk = new SmallDisk(16);
    try {
      const small = layoutOf(folder, disk.folder);
      make(join(small.run, `ports.json.${deadPid}.1.tmp`), { bytes: 6_000_000 });
      const log = make(join(small.logs, 'auth.log'), { bytes: 6_000_000 });
      make(join(small.data.postgres, 'base'), { bytes: 1_000_000 });
      const relief = reliefOf([log], DEFAULT_LOG_POLICY, small);
      const used = async () => {
        const [own] = (await relief.report()).filter((one) => one.folder === small.local);
        return { share: own!.used_bytes / own!.total_bytes, parts: own!.parts };
      };
      const before = await used();
      expect(before.share).toBeGreaterThan(0.75);
      expect(before.parts.slice(0, 3).map(({ name }) => name)).toEqual(
        expect.arrayContaining(['logs', 'run', 'postgres']),
      );
      await relief.perform('remove-temporary-files');
      expect((await used()).share).toBeLessThan(0.5);
      await relief.perform('compress-logs');
      expect((await used()).share).toBeLessThan(0.12);
      expect(readFileSync(join(small.data.postgres, 'base'), 'utf8')).toHaveLength(1_000_000);
    } finally {
      disk.remove();
    }
  });
});
