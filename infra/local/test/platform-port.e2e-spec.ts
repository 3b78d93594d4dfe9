import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { allowedMs, eventually } from '@gridworks/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DiskRelief } from '../src/disk/disk-relief.ts';
import { layoutOf } from '../src/files/layout.ts';
import { PlatformPort } from '../src/platform/platform-port.ts';
import { PortAllocator } from '../src/settings/free-port.ts';
import { isRunning, processesWithVariable } from '../src/supervise/process-tree.ts';
import { Supervisor } from '../src/supervise/supervisor.ts';
import { fixtureSpec } from './fixtures/fixture-spec.ts';

let folder: string;
let socketPath: string;
let supervisor: Supervisor;
let platformPort: PlatformPort;
const ports = new PortAllocator();
/** The environment of the next replacement. */
let nextEnv: Record<string, string> = {};

beforeEach(async () => {
  nextEnv = {};
  folder = mkdtempSync(join(tmpdir(), 'platform-'));
  socketPath = join(folder, 'platform.sock');
  supervisor = new Supervisor({
    logs: folder,
    state: join(folder, 'state.json'),
    marker: folder,
    instance: async (service, number) =>
      service === 'billing' ? fixtureSpec(`${service}-${number}`, await ports.take()) : null,
    replacement: async ({ name }) =>
      name === 'billing' ? fixtureSpec(name, await ports.take(), nextEnv) : null,
  });
  for (const name of ['gateway', 'billing']) {
    const added = supervisor.add(fixtureSpec(name, await ports.take()));
    await added.start();
    await added.whenRunning(10_000);
  }
  const relief = new DiskRelief(layoutOf(folder, folder), supervisor.logRotation);
  platformPort = new PlatformPort(supervisor, 'secret', relief);
  await platformPort.listen(socketPath);
});
afterEach(async () => {
  platformPort.close();
  await supervisor.killAll();
  rmSync(folder, { recursive: true, force: true });
});

interface PortResponse {
  status: number;
  type: string | undefined;
  // biome-ignore lint/suspicious/noExplicitAny: answers of several shapes, looked into by expectations
  body: any;
}

function call(method: string, path: string, body?: unknown, token = 'secret'): Promise<PortResponse> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}` };
    const outgoing = request({ socketPath, method, path, headers }, (reply) => {
      text(reply).then((response) => {
        resolve({
          status: reply.statusCode ?? 0,
          type: reply.headers['content-type'],
          body: JSON.parse(response),
        });
      }, reject);
    });
    outgoing.on('error', reject);
    outgoing.end(body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body));
  });
}
/** The processes of this supervisor whose fixture has this name. */
const childrenNamed = (name: string): number[] =>
  processesWithVariable('GRIDWORKS_LOCAL', folder).filter((pid) =>
    processesWithVariable('NAME', name).includes(pid),
  );
const act = (name: string, verb: string, operation_id: string, epoch = 1) =>
  call('POST', `/v1/processes/${name}/${verb}`, { operation_id, epoch, reason: 'a test' });

describe('the disks at the platform port', () => {
  const relieve = (name: string, operation_id: string, epoch = 1) =>
    call('POST', `/v1/disks/${name}`, { operation_id, epoch, reason: 'a test' });

  it('are listed with what takes their space', async () => {
    writeFileSync(join(folder, 'somebody.bin'), Buffer.alloc(3_000_000, 1));
    const { body } = await call('GET', '/v1/disks');
    const own = body.disks.find((disk: { folder: string }) => disk.folder === folder);
    expect(own.total_bytes).toBeGreaterThan(own.used_bytes);
    expect(own.parts).toContainEqual({ name: 'somebody.bin (not of the portal)', bytes: expect.any(Number) });
  });

  it('get room: once for each operation, by a closed list, with the token', async () => {
    const draft = join(folder, 'state.json.999999999.1.tmp');
    writeFileSync(draft, 'x'.repeat(1000));
    utimesSync(draft, 1, 1);
    const first = await relieve('remove-temporary-files', 'op_1', 5);
    expect(first).toMatchObject({ status: 200, body: { files: 1, freed_bytes: 1000 } });
    writeFileSync(draft, 'x');
    utimesSync(draft, 1, 1);
    expect((await relieve('remove-temporary-files', 'op_1', 5)).body).toEqual(first.body);
    expect(existsSync(draft)).toBe(true);
    expect(await relieve('compress-logs', 'op_2', 4)).toMatchObject({ body: { code: 'PLATFORM.FENCED' } });
    expect(await relieve('remove-everything', 'op_3')).toMatchObject({ status: 404 });
    expect(await call('POST', '/v1/disks/compress-logs', {}, 'wrong')).toMatchObject({ status: 401 });
  });
});

describe('the platform port', () => {
  it('reports at once that a process is starting, and since when', async () => {
    let goOn = () => {};
    const hold = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    let runs = 0;
    const prepare = async () => (++runs === 1 ? undefined : hold);
    const slow = supervisor.add(fixtureSpec('slow', await ports.take(), {}, { prepare }));
    await slow.start();
    await slow.whenRunning(10_000);
    const described = async () => {
      const { body } = await call('GET', '/v1/processes');
      return body.processes.find(({ name }: { name: string }) => name === 'slow');
    };
    expect(await described()).toMatchObject({ state: 'running', pid: slow.pid });
    const restartedAt = Date.now();
    const restarted = act('slow', 'restart', 'op_slow');
    const during = await eventually(async () => {
      const seen = await described();
      expect(seen).toMatchObject({ state: 'starting', pid: null, restarts: 1 });
      return seen;
    });
    expect(Date.parse(during.started_at)).toBeGreaterThanOrEqual(restartedAt);
    const times: number[] = [];
    for (let count = 0; count < 100; count++) {
      const requestedAt = performance.now();
      await described();
      times.push(performance.now() - requestedAt);
    }
    expect(Math.max(...times)).toBeLessThan(allowedMs(1_000));
    goOn();
    expect((await restarted).status).toBe(200);
    await eventually(async () =>
      expect(await described()).toMatchObject({ state: 'running', pid: slow.pid }),
    );
  });

  it('lists every process', async () => {
    const { status, body } = await call('GET', '/v1/processes');
    expect(status).toBe(200);
    expect(body.processes).toHaveLength(2);
    const billing = supervisor.find('billing');
    expect(body.processes[1]).toEqual({
      name: 'billing',
      kind: 'service',
      service: 'billing',
      pid: billing.pid,
      ports: billing.spec.ports,
      started_at: expect.stringMatching(/Z$/),
      restarts: 0,
      state: 'running',
      last_exit: null,
    });
  });

  it.each(['', 'wrong', 'secret2'])('refuses the token %j', async (token) => {
    const before = supervisor.find('billing').pid;
    const listed = await call('GET', '/v1/processes', undefined, token);
    expect(listed).toMatchObject({ status: 401, type: 'application/problem+json' });
    const acted = await call('POST', '/v1/processes/billing/kill', { operation_id: 'a', epoch: 1 }, token);
    expect(acted.status).toBe(401);
    expect(supervisor.find('billing').pid).toBe(before);
  });

  it('is a socket that only this user opens', () => {
    expect(statSync(socketPath).mode & 0o777).toBe(0o600);
  });

  it('restarts a frozen process and responds when its successor was started', async () => {
    const before = supervisor.find('billing').pid ?? 0;
    process.kill(before, 'SIGSTOP');
    const { status, body } = await act('billing', 'restart', 'op-1');
    expect(status).toBe(200);
    expect(body.process).toMatchObject({ name: 'billing', restarts: 1, state: 'starting' });
    expect(body.process.pid).not.toBe(before);
    expect(isRunning(before)).toBe(false);
    expect(isRunning(body.process.pid)).toBe(true);
  });

  it('acts once for an operation that is requested twice, and gives the same response', async () => {
    const responses = await Promise.all([
      act('billing', 'restart', 'op-1'),
      act('billing', 'restart', 'op-1'),
    ]);
    const later = await act('billing', 'restart', 'op-1');
    expect(responses[0]).toEqual(responses[1]);
    expect(later.body).toEqual(responses[0]?.body);
    expect(supervisor.find('billing').restarts).toBe(1);
  });

  it('refuses an operation id that was used for another act', async () => {
    await act('billing', 'restart', 'op-1');
    expect(await act('gateway', 'restart', 'op-1')).toMatchObject({
      status: 409,
      body: { code: 'PLATFORM.OPERATION_REUSED' },
    });
    expect(supervisor.find('gateway').restarts).toBe(0);
  });

  it('fences a healer whose lease is outdated', async () => {
    await act('billing', 'restart', 'op-1', 5);
    const late = await act('billing', 'restart', 'op-2', 4);
    expect(late).toMatchObject({
      status: 409,
      type: 'application/problem+json',
      body: { code: 'PLATFORM.FENCED' },
    });
    expect(supervisor.find('billing').restarts).toBe(1);
    expect((await act('gateway', 'restart', 'op-3', 1)).status).toBe(200);
  });

  it('replaces: the second process works before the first is asked to end', async () => {
    const billing = supervisor.find('billing');
    const before = billing.pid ?? 0;
    const [portBefore] = billing.spec.ports;
    const seen = new Set<number>();
    let unanswered = 0;
    let isOver = false;
    const asking = (async () => {
      while (!isOver) {
        const url = `http://127.0.0.1:${billing.spec.ports[0]}/readyz`;
        await fetch(url).catch(() => unanswered++);
        if (isRunning(before)) seen.add(billing.pid ?? 0);
      }
    })();
    const { status, body } = await act('billing', 'replace', 'op-1');
    isOver = true;
    await asking;
    expect(status).toBe(200);
    expect(body.process).toMatchObject({ name: 'billing', restarts: 0, state: 'running' });
    expect(body.process.pid).not.toBe(before);
    expect(body.process.ports[0]).not.toBe(portBefore);
    expect(isRunning(before)).toBe(false);
    expect(isRunning(body.process.pid)).toBe(true);
    expect(unanswered).toBe(0);
    expect(seen.has(before)).toBe(true);
    expect(readFileSync(join(folder, 'state.json'), 'utf8')).toContain(`"pid": ${body.process.pid}`);
    // The new one is supervised like the one before.
    process.kill(body.process.pid, 'SIGKILL');
    await eventually(() =>
      expect(supervisor.find('billing')).toMatchObject({ restarts: 1, state: 'running' }),
    );
  });

  it('replaces twice, and once for an operation that is requested twice', async () => {
    const [first, again] = await Promise.all([
      act('billing', 'replace', 'op-1'),
      act('billing', 'replace', 'op-1'),
    ]);
    expect(again.body).toEqual(first.body);
    const second = await act('billing', 'replace', 'op-2');
    expect(second.status).toBe(200);
    expect(isRunning(first.body.process.pid)).toBe(false);
    expect(isRunning(second.body.process.pid)).toBe(true);
  });

  it('leaves everything as it is when the second process cannot run', async () => {
    const before = supervisor.find('billing').pid ?? 0;
    nextEnv = { CRASH: '1' };
    expect(await act('billing', 'replace', 'op-1')).toMatchObject({
      status: 409,
      body: { code: 'PLATFORM.CANNOT_REPLACE' },
    });
    expect(supervisor.find('billing')).toMatchObject({ pid: before, state: 'running', restarts: 0 });
    expect(await act('gateway', 'replace', 'op-2')).toMatchObject({
      status: 409,
      body: { code: 'PLATFORM.CANNOT_REPLACE' },
    });
    expect(isRunning(before)).toBe(true);
  });

  it('replaces by the second process alone when the first dies meanwhile', async () => {
    const before = supervisor.find('billing').pid ?? 0;
    nextEnv = { READY_AFTER_MS: '800' };
    const replaced = act('billing', 'replace', 'op-1');
    await eventually(() => expect(childrenNamed('billing')).toHaveLength(2));
    process.kill(before, 'SIGKILL');
    const { body } = await replaced;
    expect(body.process).toMatchObject({ state: 'running' });
    await eventually(() => expect(childrenNamed('billing')).toEqual([body.process.pid]));
    expect(supervisor.find('billing')).toMatchObject({ pid: body.process.pid, state: 'running' });
  });

  it('ends a replacement that is not ready yet when everything is killed', async () => {
    nextEnv = { READY_AFTER_MS: '60000' };
    const replaced = act('billing', 'replace', 'op-1').catch(() => undefined);
    await eventually(() => expect(childrenNamed('billing')).toHaveLength(2));
    await supervisor.killAll();
    expect(childrenNamed('billing')).toEqual([]);
    platformPort.close();
    await replaced;
  });

  it('kills, after which the process is started again', async () => {
    const before = supervisor.find('billing').pid;
    expect((await act('billing', 'kill', 'op-1')).status).toBe(200);
    await eventually(() =>
      expect(supervisor.find('billing')).toMatchObject({ restarts: 1, state: 'running' }),
    );
    expect(supervisor.find('billing').pid).not.toBe(before);
  });

  it('stops and starts', async () => {
    expect(await act('billing', 'stop', 'op-1')).toMatchObject({
      body: { process: { state: 'stopped', pid: null } },
    });
    expect(await act('billing', 'start', 'op-2')).toMatchObject({ body: { process: { state: 'starting' } } });
  });

  it('scales within what a service allows', async () => {
    const scaled = await call('POST', '/v1/services/billing/scale', { instances: 2 });
    expect(scaled.status).toBe(200);
    expect(scaled.body.processes.map(({ name }: { name: string }) => name)).toEqual(['billing', 'billing-2']);
    expect(await call('POST', '/v1/services/gateway/scale', { instances: 2 })).toMatchObject({ status: 409 });
    expect(await call('POST', '/v1/services/nobody/scale', { instances: 2 })).toMatchObject({ status: 404 });
    expect(await call('POST', '/v1/services/billing/scale', { instances: 0 })).toMatchObject({ status: 400 });
    expect(await call('POST', '/v1/services/billing/scale', { instances: 6 })).toMatchObject({ status: 400 });
  });

  it.each([
    ['GET', '/v1/unknown', undefined, 404],
    ['POST', '/v1/processes/nobody/restart', { operation_id: 'a', epoch: 1 }, 404],
    ['POST', '/v1/processes/billing/explode', { operation_id: 'a', epoch: 1 }, 404],
    ['POST', '/v1/processes/billing/restart', '{', 400],
    ['POST', '/v1/processes/billing/restart', { epoch: 1 }, 400],
    ['POST', '/v1/processes/billing/restart', { operation_id: 'a', epoch: -1 }, 400],
    ['POST', '/v1/processes/billing/restart', { operation_id: 'a', epoch: '1' }, 400],
    ['POST', '/v1/processes/billing/restart', { operation_id: 'x'.repeat(20_000), epoch: 1 }, 413],
  ])('responds to %s %s %j with a problem', async (method, path, body, status) => {
    const response = await call(method, path, body);
    expect(response).toMatchObject({ status, type: 'application/problem+json', body: { status } });
    expect(supervisor.find('billing').restarts).toBe(0);
  });
});
