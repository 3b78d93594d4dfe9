import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allowedMs, eventually } from '@gridworks/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { lastLines } from '../src/files/log-file.ts';
import { PortAllocator } from '../src/settings/free-port.ts';
import { descendantsOf, isRunning } from '../src/supervise/process-tree.ts';
import type { ProcessEntry } from '../src/supervise/state-file.ts';
import type { SupervisedProcess } from '../src/supervise/supervised-process.ts';
import { CannotScaleError, NoSuchProcessError, Supervisor } from '../src/supervise/supervisor.ts';
import { fixtureSpec } from './fixtures/fixture-spec.ts';

let folder: string;
let supervisor: Supervisor;
let unresponsive: string[];
const ports = new PortAllocator();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'supervisor-'));
  unresponsive = [];
  supervisor = new Supervisor({
    logs: join(folder, 'logs'),
    state: join(folder, 'state.json'),
    marker: folder,
    instance: async (service, number) =>
      number <= 3 ? fixtureSpec(`${service}-${number}`, await ports.take()) : null,
    onUnresponsive: ({ spec }) => unresponsive.push(spec.name),
    liveness: { everyMs: 150, timeoutMs: 150, failures: 3 },
  });
});
afterEach(async () => {
  await supervisor.killAll();
  rmSync(folder, { recursive: true, force: true });
});

async function started(name: string, env: Record<string, string> = {}): Promise<SupervisedProcess> {
  const added = supervisor.add(fixtureSpec(name, await ports.take(), env));
  await added.start();
  if (!env.CRASH) await added.whenRunning(10_000);
  return added;
}
const stateOf = (name: string): ProcessEntry | undefined =>
  (JSON.parse(readFileSync(join(folder, 'state.json'), 'utf8')) as ProcessEntry[]).find(
    (entry) => entry.name === name,
  );

describe('a supervised process', () => {
  it('is started again after kill -9, and the state file shows that', async () => {
    const billing = await started('billing');
    const before = stateOf('billing');
    expect(before).toMatchObject({
      kind: 'service',
      pid: billing.pid,
      ports: billing.spec.ports,
      restarts: 0,
    });
    const killedAt = performance.now();
    process.kill(before?.pid ?? 0, 'SIGKILL');
    await eventually(() =>
      expect(stateOf('billing')).toMatchObject({ restarts: 1, pid: expect.any(Number) }),
    );
    expect(performance.now() - killedAt).toBeLessThan(allowedMs(1_000));
    expect(stateOf('billing')?.pid).not.toBe(before?.pid);
    expect(billing.lastExit).toMatchObject({ code: null, signal: 'SIGKILL' });
    await billing.whenRunning(10_000);
  });

  it('is killed and started again when it is frozen, children included', async () => {
    const billing = await started('billing', { CHILD: '1' });
    const before = billing.pid ?? 0;
    const family = await eventually(() => {
      const children = descendantsOf(before);
      expect(children).toHaveLength(1);
      return children;
    });
    for (const pid of [before, ...family]) process.kill(pid, 'SIGSTOP');
    await eventually(() => expect(unresponsive).toEqual(['billing']));
    await eventually(() =>
      expect(stateOf('billing')).toMatchObject({ restarts: 1, pid: expect.any(Number) }),
    );
    await billing.whenRunning(10_000);
    expect([before, ...family].filter(isRunning)).toEqual([]);
  });

  it('that responds is not restarted', async () => {
    const billing = await started('billing');
    await eventually(() => Date.now() - (billing.startedAt ?? 0) > 1_500);
    expect(billing.restarts).toBe(0);
    expect(unresponsive).toEqual([]);
  });

  it('that keeps exiting is in a crash loop, restarted ever more slowly, and its output is kept', async () => {
    const broken = await started('broken', { CRASH: '1' });
    await eventually(() => expect(broken.state).toBe('crash-loop'), { timeoutMs: 15_000 });
    expect(broken.restarts).toBeGreaterThanOrEqual(4);
    expect(broken.lastExit).toMatchObject({ code: 3 });
    expect(lastLines(broken.log, 1)).toEqual(['this service cannot run: wrong configuration']);
    await expect(broken.whenRunning(1_000)).rejects.toThrow('keeps exiting');
  });

  it('whose program is missing has that in its log', async () => {
    const spec = fixtureSpec('missing', await ports.take());
    const missing = supervisor.add({
      ...spec,
      command: () => ({ ...spec.command(), file: '/no/such/program' }),
    });
    await missing.start();
    await eventually(() => expect(lastLines(missing.log, 1)[0]).toContain('could not be started'));
    expect(missing.state).toBe('backing-off');
  });

  it('stays down after stop, and runs again after start', async () => {
    const billing = await started('billing');
    const before = billing.pid ?? 0;
    await billing.stop();
    expect(billing.state).toBe('stopped');
    expect(isRunning(before)).toBe(false);
    expect(stateOf('billing')).toMatchObject({ pid: null });
    await billing.start();
    await billing.whenRunning(10_000);
  });

  it('that ignores SIGTERM is killed when its time is up', async () => {
    const deaf = supervisor.add(
      fixtureSpec('deaf', await ports.take(), { DEAF: '1' }, { stopTimeoutMs: 300 }),
    );
    await deaf.start();
    await deaf.whenRunning(10_000);
    const pid = deaf.pid ?? 0;
    await deaf.stop();
    expect(isRunning(pid)).toBe(false);
    expect(deaf.lastExit?.signal).toBe('SIGKILL');
  });

  it('is listed without a pid as soon as a command has ended it', async () => {
    let goOn = () => {};
    const hold = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    let runs = 0;
    const prepare = async () => (++runs === 1 ? undefined : hold);
    const slow = supervisor.add(fixtureSpec('slow', await ports.take(), {}, { prepare }));
    await slow.start();
    await slow.whenRunning(10_000);
    const restarted = slow.restart();
    await eventually(() => expect(stateOf('slow')?.pid).toBeNull());
    goOn();
    await restarted;
    expect(stateOf('slow')?.pid).toBe(slow.pid);
  });

  it('can be restarted while it backs off, without waiting', async () => {
    const broken = await started('broken', { CRASH: '1' });
    await eventually(() => expect(broken.state).toBe('crash-loop'), { timeoutMs: 15_000 });
    const before = broken.startedAt ?? 0;
    await broken.restart();
    expect(broken.startedAt).toBeGreaterThan(before);
    expect(broken.state).not.toBe('crash-loop');
  });
});

describe('scaling', () => {
  it('adds and removes instances, newest first', async () => {
    await started('billing');
    await supervisor.scale('billing', 3);
    const names = () => supervisor.list().map(({ spec }) => spec.name);
    expect(names()).toEqual(['billing', 'billing-2', 'billing-3']);
    const third = supervisor.find('billing-3').pid ?? 0;
    await supervisor.scale('billing', 2);
    expect(names()).toEqual(['billing', 'billing-2']);
    expect(isRunning(third)).toBe(false);
    expect(stateOf('billing-3')).toBeUndefined();
  });

  it('refuses impossible numbers, and changes nothing', async () => {
    await started('billing');
    await expect(supervisor.scale('billing', 5)).rejects.toThrow(CannotScaleError);
    await expect(supervisor.scale('nobody', 2)).rejects.toThrow(NoSuchProcessError);
    expect(supervisor.list()).toHaveLength(1);
  });
});
