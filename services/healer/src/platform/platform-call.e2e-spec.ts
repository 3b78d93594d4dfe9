import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { classify, fingerprint, HealingEnvironment, type HealingRecord } from '@gridworks/resilience';
import { allowedMs, eventually } from '@gridworks/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type FakeDockerEngine, startFakeDockerEngine } from '../../test/fake-docker-engine.ts';
import { type FakePlatform, startFakePlatform } from '../../test/fake-platform.ts';
import { DockerEngine } from './docker-engine.ts';
import { LocalSupervisor } from './local-supervisor.ts';

const operation = (operationId: string, epoch = 1) => ({ operationId, epoch, reason: 'a test' });

function testEnvironment() {
  const environment = new HealingEnvironment({ classify, fingerprint, random: () => 0.1 });
  const records: HealingRecord[] = [];
  environment.onHealing((record) => records.push(record));
  return { environment, records };
}

/**
 * A proxy to a Unix socket on which the first responses get lost: the request arrives, and the caller is cut
 * off.
 */
async function losingResponses(target: string, losing: (request: string) => boolean) {
  const sockets = new Set<Socket>();
  const received: string[] = [];
  const server: Server = createServer((client) => {
    const upstream = createConnection(target);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
    }
    let lost = false;
    client.on('data', (chunk) => {
      const line = chunk.toString().split('\r\n')[0] ?? '';
      received.push(line.replace(/ HTTP.*/, ''));
      lost = losing(received.at(-1) as string);
      upstream.write(chunk);
    });
    upstream.on('data', (chunk) => (lost ? client.destroy() : client.write(chunk)));
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
  });
  const socketPath = `${target}.lossy`;
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  const stop = () => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  };
  return { socketPath, received, stop };
}

describe('a call of the platform', () => {
  let platform: FakePlatform;
  let engine: FakeDockerEngine;
  beforeEach(async () => {
    [platform, engine] = await Promise.all([startFakePlatform(), startFakeDockerEngine()]);
    platform.has('billing');
    engine.has('billing');
  });
  afterEach(() => Promise.all([platform.stop(), engine.stop()]));

  it('whose answer got lost is made again, and the supervisor acts once', async () => {
    let losses = 0;
    const proxy = await losingResponses(platform.socketPath, () => losses++ === 0);
    const { environment, records } = testEnvironment();
    const port = new LocalSupervisor(proxy.socketPath, platform.token, environment);
    expect(await port.restart('billing', operation('one'))).toMatchObject({ name: 'billing', restarts: 1 });
    expect(proxy.received).toHaveLength(2);
    expect(platform.acts).toHaveLength(1);
    expect(records).toMatchObject([
      {
        source: 'healer.platform.call',
        healedBy: 'RETRY_WITH_BACKOFF',
        decision: { kind: 'connection_lost' },
      },
    ]);
    await proxy.stop();
  });

  it('that the Docker Engine may have received is not retried, unless it is idempotent', async () => {
    let losses = 0;
    const proxy = await losingResponses(
      engine.socketPath,
      (request) => request.includes('/kill') && losses++ === 0,
    );
    const { environment } = testEnvironment();
    const port = new DockerEngine({ socketPath: proxy.socketPath }, 'gridworks-portal', environment);
    await expect(port.restart('billing', operation('one'))).rejects.toMatchObject({ kind: 'unreachable' });
    expect(engine.calls.filter((call) => call.includes('/kill'))).toHaveLength(1);
    await proxy.stop();

    losses = 0;
    const other = await losingResponses(
      engine.socketPath,
      (request) => /\/start|GET/.test(request) && losses++ === 0,
    );
    const again = new DockerEngine({ socketPath: other.socketPath }, 'gridworks-portal', environment);
    expect(await again.start('billing', operation('two', 2))).toMatchObject({ state: 'running' });
    await other.stop();
  });

  it.each([
    ['a stranger’s token', (port: LocalSupervisor) => port.start('billing', operation('one')), 'refused'],
    [
      'an unknown process',
      (port: LocalSupervisor) => port.start('nobody', operation('one')),
      'unknown-process',
    ],
  ])('that got a response (%s) is neither retried nor reported', async (what, send, kind) => {
    const { environment, records } = testEnvironment();
    const token = what.includes('token') ? 'wrong' : platform.token;
    await expect(send(new LocalSupervisor(platform.socketPath, token, environment))).rejects.toMatchObject({
      kind,
    });
    expect(records).toEqual([]);
    expect(environment.breakers.get('platform')?.toJSON()).toMatchObject({ consecutive_failures: 0 });
  });

  it('does not wait for a platform that hangs longer than it says', async () => {
    const sockets: Socket[] = [];
    const mute = createServer((socket) => void sockets.push(socket));
    const socketPath = `${platform.socketPath}.mute`;
    await new Promise<void>((resolve) => mute.listen(socketPath, resolve));
    const { environment, records } = testEnvironment();
    const began = performance.now();
    await expect(new LocalSupervisor(socketPath, 'x', environment).list()).rejects.toMatchObject({
      kind: 'unreachable',
    });
    expect(performance.now() - began).toBeLessThan(allowedMs(2_500));
    expect(sockets).toHaveLength(1);
    expect(records[0]?.decision.kind).toBe('timeout');
    for (const socket of sockets) socket.destroy();
    mute.close();
  });

  it('is not even tried while the platform is dead, for a second at most', async () => {
    const { environment } = testEnvironment();
    const late = `${platform.socketPath}.late`;
    const port = new LocalSupervisor(late, platform.token, environment);
    await expect(port.list()).rejects.toMatchObject({ kind: 'unreachable' });
    await expect(port.list()).rejects.toMatchObject({ kind: 'unreachable' });
    expect(environment.breakers.get('platform')?.state).toBe('open');
    const back = await startFakePlatform(late, platform.token);
    back.has('billing');
    await eventually(async () => expect(await port.list()).toHaveLength(1), { timeoutMs: 2_000 });
    expect(environment.breakers.get('platform')?.state).toBe('closed');
    await back.stop();
  });
});
