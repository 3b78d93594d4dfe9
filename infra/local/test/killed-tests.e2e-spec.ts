import { type ChildProcess, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endWithTest, eventually } from '@gridworks/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isRunning, processesWithVariable, sendSignal } from '../src/supervise/process-tree.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const text = (...path: string[]) => JSON.stringify(join(root, ...path));
let folder: string;
let jest: ChildProcess;
let output = '';

/** What the spec below writes once all runs. */
interface Running {
  readonly worker: number;
  readonly servers: readonly number[];
  readonly supervisor: number;
}

/** A spec that starts servers and a small portal, and never ends. */
const hangingSpec = () => `
  import { spawn } from 'node:child_process';
  import { writeFileSync } from 'node:fs';
  import { test } from '@jest/globals';
  import { endWithTest, eventually, startNats, startPostgres, startRedis } from ${text('libs', 'testing', 'src', 'index.ts')};
  test('hangs', async () => {
    const [nats, redis, postgres] = await Promise.all([startNats(), startRedis(), startPostgres()]);
    const args = ['--conditions=source', '--no-warnings', ${text('infra', 'local', 'test', 'fixtures', 'run-portal.ts')}];
    const local = ${JSON.stringify(join(folder, 'portal'))};
    const env = { ...process.env, NODE_OPTIONS: '' };
    const stdio = ['ignore', 'pipe', 'ignore'];
    const portal = endWithTest(spawn(process.execPath, [...args, local], { env, stdio }), [local]);
    let said = '';
    portal.stdout.on('data', (part) => (said += part));
    await eventually(() => {
      if (!said.includes('ready')) throw new Error('not all run yet: ' + said);
    }, { timeoutMs: 60_000 });
    const servers = [nats.pid(), redis.pid, postgres.pid];
    writeFileSync(${JSON.stringify(join(folder, 'running.json'))},
      JSON.stringify({ worker: process.pid, servers, supervisor: portal.pid }));
    await new Promise(() => {});
  }, 600_000);`;

beforeEach(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'killed-tests-')));
  mkdirSync(join(folder, 'portal'));
  writeFileSync(join(folder, 'first.test.mjs'), hangingSpec());
  // With two files Jest runs each in a worker.
  writeFileSync(
    join(folder, 'second.test.mjs'),
    `import { test } from '@jest/globals'; test('hangs', () => new Promise(() => {}), 600_000);`,
  );
  writeFileSync(
    join(folder, 'jest.config.mjs'),
    `import base from ${text('jest.config.mjs')};
     export default { ...base, rootDir: ${text()}, roots: [${JSON.stringify(folder)}], testMatch: ['**/*.test.mjs'], reporters: ['default'] };`,
  );
  const { JEST_WORKER_ID: _, ...env } = process.env;
  const flags = ['--experimental-vm-modules', '--no-warnings', join(root, 'node_modules/jest/bin/jest.js')];
  output = '';
  jest = endWithTest(
    spawn(process.execPath, [...flags, '--config', join(folder, 'jest.config.mjs')], {
      ...{
        cwd: root,
        env: { ...env, NODE_OPTIONS: '', KILLED_TESTS: folder },
        stdio: ['ignore', 'pipe', 'pipe'] as const,
      },
    }),
  );
  for (const stream of [jest.stdout, jest.stderr]) stream?.on('data', (part) => (output += String(part)));
});
afterEach(() => {
  for (const pid of [...processesWithVariable('KILLED_TESTS', folder), ...portal()])
    sendSignal(pid, 'SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

const portal = () => processesWithVariable('GRIDWORKS_LOCAL', join(folder, 'portal'));

async function running(): Promise<Running> {
  const file = join(folder, 'running.json');
  await eventually(
    () => {
      if (!existsSync(file)) throw new Error(`the spec has not started all yet:\n${output}`);
    },
    { timeoutMs: 90_000, everyMs: 200 },
  );
  return JSON.parse(readFileSync(file, 'utf8')) as Running;
}

describe('npm test', () => {
  it.each(['its worker', 'Jest'])(
    'leaves nothing running when %s is killed in the middle of a spec',
    async (victim) => {
      const { worker, servers, supervisor } = await running();
      expect(worker).not.toBe(jest.pid);
      const pids = [...servers, supervisor, ...portal()];
      expect(pids.length).toBeGreaterThanOrEqual(3 + 1 + 6);
      expect(pids.filter(isRunning)).toEqual(pids);
      process.kill(victim === 'Jest' ? (jest.pid as number) : worker, 'SIGKILL');
      await eventually(() => expect([worker, ...pids, ...portal()].filter(isRunning)).toEqual([]), {
        timeoutMs: 30_000,
        everyMs: 100,
      });
      await eventually(() => expect(existsSync(join(folder, 'portal'))).toBe(false), { timeoutMs: 10_000 });
    },
    150_000,
  );
});
