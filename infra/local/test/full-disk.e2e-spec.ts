import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { endWithTest, eventually, noSmallDisk, SmallDisk } from '@gridworks/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DiskReserve } from '../src/files/disk-reserve.ts';
import { PortAllocator } from '../src/settings/free-port.ts';
import { processesWithVariable } from '../src/supervise/process-tree.ts';
import type { ProcessEntry } from '../src/supervise/state-file.ts';
import { Supervisor } from '../src/supervise/supervisor.ts';
import { fixtureSpec } from './fixtures/fixture-spec.ts';

const script = join(import.meta.dirname, 'fixtures', 'run-portal.ts');

/** Skipped only where the system does not let a test mount a disk; the title gives the reason. */
const withDisk = noSmallDisk === null ? describe : describe.skip;

withDisk(`a full disk (${noSmallDisk ?? 'a real one'})`, () => {
  let disk: SmallDisk;
  let elsewhere: string;
  let supervisor: ChildProcess;
  let output: string;

  beforeEach(async () => {
    disk = new SmallDisk(4);
    elsewhere = mkdtempSync(join(tmpdir(), 'diary-'));
    output = '';
    supervisor = endWithTest(
      spawn(process.execPath, ['--conditions=source', '--no-warnings', script, disk.folder], {
        env: { ...process.env, NODE_OPTIONS: '', DIARY: join(elsewhere, 'diary') },
        stdio: ['ignore', 'pipe', 'inherit'],
      }),
    );
    supervisor.stdout?.on('data', (chunk) => {
      output += chunk;
    });
    await eventually(() => expect(output).toMatch(/^ready$/m), { timeoutMs: 15_000 });
  });
  afterEach(async () => {
    if (supervisor.exitCode === null && supervisor.signalCode === null) {
      supervisor.kill('SIGKILL');
      await once(supervisor, 'exit');
    }
    for (const pid of ours()) process.kill(pid, 'SIGKILL');
    await eventually(() => expect(ours()).toEqual([]));
    disk.remove();
    rmSync(elsewhere, { recursive: true, force: true });
  });

  const ours = () => processesWithVariable('GRIDWORKS_LOCAL', disk.folder);
  const state = (): ProcessEntry[] => JSON.parse(readFileSync(join(disk.folder, 'state.json'), 'utf8'));

  it('stops nothing, and the missing records are written when there is free space', async () => {
    disk.fill();
    for (const { pid } of state()) process.kill(pid ?? 0, 'SIGKILL');
    await eventually(
      async () => {
        const { processes } = await listProcesses(join(disk.folder, 'run', 'platform.sock'));
        expect(processes).toHaveLength(3);
        for (const each of processes) expect(each).toMatchObject({ restarts: 1, state: 'running' });
      },
      { timeoutMs: 10_000 },
    );
    expect(state().map(({ restarts }) => restarts)).toEqual([0, 0, 0]);
    expect(output).toContain('the state file could not be written: ENOSPC');
    disk.free();
    await eventually(() => expect(state().map(({ restarts }) => restarts)).toEqual([1, 1, 1]));
    await eventually(() => expect(output).toContain('the state file is written again'));
    expect(readdirSync(disk.folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('does not keep SIGTERM from ending everything', async () => {
    disk.fill();
    for (const { pid } of state()) process.kill(pid ?? 0, 'SIGKILL');
    await eventually(() => expect(output).toContain('could not be written'));
    supervisor.kill('SIGTERM');
    const [code] = await once(supervisor, 'exit');
    expect(code).toBe(0);
    expect(ours()).toEqual([]);
    expect(existsSync(join(disk.folder, 'supervisor.json'))).toBe(false);
  });

  it('a fault of the supervisor is reported and survived, and it can still be ended', async () => {
    supervisor.kill('SIGUSR2');
    await eventually(() => {
      expect(output).toContain('an uncaught exception');
      expect(output).toContain('an unhandled rejection');
    });
    expect((await listProcesses(join(disk.folder, 'run', 'platform.sock'))).processes).toHaveLength(3);
    supervisor.kill('SIGTERM');
    const [code] = await once(supervisor, 'exit');
    expect(code).toBe(0);
    expect(ours()).toEqual([]);
  });
});

withDisk(`the reserve (${noSmallDisk ?? 'a real disk'})`, () => {
  it('is given up when the disk is full, and taken again when there is room', async () => {
    const disk = new SmallDisk(32);
    try {
      const reports: string[] = [];
      const path = join(disk.folder, 'reserve');
      const bytes = 6 * 1024 * 1024;
      let rooms = 0;
      const onRoom = () => void rooms++;
      const reserve = new DiskReserve({ path, bytes, report: (text) => reports.push(text), onRoom });
      await reserve.check();
      expect(existsSync(path)).toBe(true);
      disk.fill();
      expect(() => writeFileSync(join(disk.folder, 'needed'), Buffer.alloc(100_000))).toThrow('ENOSPC');
      await reserve.check();
      writeFileSync(join(disk.folder, 'needed'), Buffer.alloc(1_000_000));
      expect(reports).toEqual([expect.stringContaining('is full: the reserve of 6 MB was given up')]);
      await reserve.check();
      expect(existsSync(path)).toBe(false);
      disk.free();
      await reserve.check();
      expect(existsSync(path)).toBe(true);
      // The reserve was enough: nothing needs a restart.
      expect(rooms).toBe(0);
      expect(reports[1]).toContain('has free space again');
      disk.fill();
      await reserve.check();
      disk.fill();
      await reserve.check();
      disk.free();
      await reserve.check();
      await reserve.check();
      expect(rooms).toBe(1);
    } finally {
      disk.remove();
    }
  });
});

describe('a process that does not recover from a full disk', () => {
  it('is restarted when there is free space, and no other process is', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'stuck-'));
    const supervisor = new Supervisor({
      logs: folder,
      state: join(folder, 'state.json'),
      marker: folder,
      instance: async () => null,
    });
    try {
      const ports = new PortAllocator();
      const store = supervisor.add(fixtureSpec('store', await ports.take(), {}, { stuckByFullDisk: folder }));
      const elsewhere = { stuckByFullDisk: '/proc' };
      const billing = supervisor.add(fixtureSpec('billing', await ports.take(), {}, elsewhere));
      for (const each of [store, billing]) {
        await each.start();
        await each.whenRunning(10_000);
      }
      supervisor.recoverFromFullDisk(folder);
      await eventually(() => expect(store).toMatchObject({ restarts: 1, state: 'running' }));
      expect(billing.restarts).toBe(0);
    } finally {
      await supervisor.killAll();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('a log that cannot be opened', () => {
  it('does not keep its process from running', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'no-log-'));
    writeFileSync(join(folder, 'logs'), 'a file where the folder of the logs should be');
    const troubles: string[] = [];
    const supervisor = new Supervisor({
      logs: join(folder, 'logs'),
      state: join(folder, 'state.json'),
      marker: folder,
      instance: async () => null,
      onTrouble: (text) => troubles.push(text),
    });
    try {
      const billing = supervisor.add(fixtureSpec('billing', await new PortAllocator().take()));
      await billing.start();
      await billing.whenRunning(10_000);
      expect(troubles).toEqual([
        expect.stringMatching(/billing\.log could not be written: (ENOTDIR|EEXIST)/),
      ]);
    } finally {
      await supervisor.killAll();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

function listProcesses(socketPath: string): Promise<{ processes: { restarts: number; state: string }[] }> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: 'Bearer secret' };
    const signal = AbortSignal.timeout(2_000);
    request({ socketPath, path: '/v1/processes', headers, signal }, (reply) => {
      json(reply).then((body) => resolve(body as { processes: [] }), reject);
    })
      .on('error', reject)
      .end();
  });
}
