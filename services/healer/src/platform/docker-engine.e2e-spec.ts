import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readDockerProxy } from '../../test/docker-proxy.ts';
import { type FakeDockerEngine, startFakeDockerEngine } from '../../test/fake-docker-engine.ts';
import { billing } from '../../test/symptoms.ts';
import { EnsureRunningRemedy } from '../remedies/ensure-running.remedy.ts';
import { RestartRemedy } from '../remedies/restart.remedy.ts';
import { choosePlatform } from './choose-platform.ts';
import { DockerEngine } from './docker-engine.ts';

const operation = (operationId: string, epoch = 1) => ({ operationId, epoch, reason: 'a test' });

describe('the Docker Engine as platform', () => {
  let engine: FakeDockerEngine;
  let platform: DockerEngine;
  beforeEach(async () => {
    engine = await startFakeDockerEngine();
    platform = new DockerEngine({ socketPath: engine.socketPath }, 'gridworks-portal');
    engine.has('billing');
    engine.has('billing', 2);
    engine.has('postgres');
    engine.has('billing', 1, 'somebody-elses');
  });
  afterEach(() => engine.stop());

  it('knows the containers of its own compose project, as processes', async () => {
    const list = await platform.list();
    expect(list.map(({ name, kind, service, state }) => `${name} ${kind} ${service} ${state}`)).toEqual([
      'billing service billing running',
      'billing-2 service billing running',
      'postgres server postgres running',
    ]);
  });

  it('kills and starts, and touches no other container', async () => {
    const strangers = engine.containers.get('somebody-elses-billing-1')!.pid;
    const before = engine.containers.get('gridworks-portal-billing-1')!.pid;
    const after = await platform.restart('billing', operation('one'));
    expect(after).toMatchObject({ name: 'billing', state: 'running', last_exit: { code: 137 } });
    expect(after.pid).not.toBe(before);
    expect(engine.containers.get('somebody-elses-billing-1')!.pid).toBe(strangers);
    expect(engine.calls.filter((call) => call.startsWith('POST'))).toEqual([
      'POST /containers/gridworks-portal-billing-1/kill?signal=SIGKILL',
      'POST /containers/gridworks-portal-billing-1/start',
    ]);
  });

  it('restarts what is paused, and starts what has exited', async () => {
    const container = engine.containers.get('gridworks-portal-billing-2')!;
    container.status = 'paused';
    expect(await platform.restart('billing-2', operation('one'))).toMatchObject({ state: 'running' });
    container.status = 'exited';
    expect(await platform.restart('billing-2', operation('two', 2))).toMatchObject({ state: 'running' });
    container.status = 'exited';
    expect(await platform.start('billing-2', operation('three', 3))).toMatchObject({ state: 'running' });
    expect(await platform.stop('billing-2', operation('four', 4))).toMatchObject({ state: 'stopped' });
  });

  it('does the same operation once, and refuses an epoch that is outdated', async () => {
    await platform.restart('billing', operation('one', 5));
    await platform.restart('billing', operation('one', 5));
    await expect(platform.restart('billing', operation('two', 4))).rejects.toMatchObject({ kind: 'fenced' });
    expect(engine.calls.filter((call) => call.includes('/kill'))).toHaveLength(1);
  });

  it('says clearly what it cannot do, does not know, and cannot reach', async () => {
    await expect(platform.scale('billing')).rejects.toMatchObject({ kind: 'unsupported' });
    await expect(platform.replace('billing')).rejects.toMatchObject({ kind: 'unsupported' });
    await expect(platform.restart('nobody', operation('one'))).rejects.toMatchObject({
      kind: 'unknown-process',
    });
    await engine.stop();
    await expect(platform.list()).rejects.toMatchObject({ kind: 'unreachable' });
    engine = await startFakeDockerEngine();
  });

  it('sends no request that the proxy of compose refuses', async () => {
    const passes = readDockerProxy();
    engine.containers.get('gridworks-portal-billing-1')!.status = 'paused';
    await platform.restart('billing', operation('one'));
    await platform.stop('billing', operation('two', 2));
    await platform.start('billing', operation('three', 3));
    const verbs = engine.calls.map((call) => call.replace(/^[^?]*\/(\w+).*/, '$1'));
    expect([...new Set(verbs)].sort()).toEqual(['json', 'kill', 'start', 'stop', 'unpause']);
    const refused = engine.calls.filter((call) => {
      const [method, path] = call.split(' ') as [string, string];
      return !passes(method, `/v1.44${path}`);
    });
    expect(refused).toEqual([]);
  });

  it.each([
    ['GET', '/v1.44/containers/json?all=true'],
    ['GET', '/v1.44/containers/json'],
    ['GET', '/v1.44/containers/somebody-elses-billing-1/json'],
    ['POST', '/v1.44/containers/somebody-elses-billing-1/kill'],
    ['GET', '/v1.44/containers/0123456789ab/json'],
    ['POST', '/v1.44/containers/gridworks-portal-docker-door-1/stop'],
    ['GET', '/v1.44/containers/gridworks-portal-billing-1/logs'],
    ['POST', '/v1.44/containers/gridworks-portal-billing-1/exec'],
    ['POST', '/v1.44/containers/create'],
    ['POST', '/containers/create'],
    ['POST', '/v1.44/containers/billing/exec'],
    ['POST', '/v1.44/containers/billing/start/../../create'],
    ['POST', '/v1.44/containers/billing/update'],
    ['GET', '/v1.44/containers/billing/archive?path=/'],
    ['PUT', '/v1.44/containers/billing/archive?path=/'],
    ['DELETE', '/v1.44/containers/billing'],
    ['GET', '/v1.44/images/json'],
    ['GET', '/v1.44/containers/billing/logs'],
  ])('is refused %s %s by the proxy of compose', (method, path) => {
    expect(readDockerProxy()(method, path)).toBe(false);
  });

  it('serves the remedies', async () => {
    const context = {
      actionId: 'act_1',
      epoch: 1,
      signal: 'instance.restarted' as const,
      target: billing,
      evidence: {},
      abort: new AbortController().signal,
    };
    engine.containers.get('gridworks-portal-billing-1')!.status = 'exited';
    expect(await new EnsureRunningRemedy(platform).apply(context)).toMatch(/the healer requested a start/);
    expect(await new EnsureRunningRemedy(platform).apply(context)).toMatch(/had started billing again/);
    expect(await new RestartRemedy(platform).apply({ ...context, actionId: 'act_2' })).toMatch(
      /killed billing/,
    );
  });
});

describe('the choice of platform', () => {
  const settings = { HEALER_COMPOSE_PROJECT: 'gridworks-portal' };
  it('is the local supervisor, else the Docker Engine, and refuses none', () => {
    expect(
      choosePlatform({ ...settings, PLATFORM_SOCKET: '/s', PLATFORM_TOKEN: 't', DOCKER_HOST: 'unix:///d' })
        .constructor.name,
    ).toBe('LocalSupervisor');
    expect(choosePlatform({ ...settings, DOCKER_HOST: 'tcp://docker-proxy:2375' })).toBeInstanceOf(
      DockerEngine,
    );
    expect(() => choosePlatform({ ...settings, PLATFORM_SOCKET: '/s' })).toThrow(/PLATFORM_TOKEN/);
    expect(() => choosePlatform(settings)).toThrow(/no platform/);
  });
});
