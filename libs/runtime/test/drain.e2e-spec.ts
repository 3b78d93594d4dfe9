import { Agent, get } from 'node:http';
import { Bus } from '@gridworks/bus';
import { AppError, listPlans, type Pulse } from '@gridworks/contracts';
import { allowedMs, eventually, type NatsServer, startNats } from '@gridworks/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { endAll, getJson, SIGNING_KEY, startFixture } from './service-under-test.ts';

describe('a service that is stopped', () => {
  let nats: NatsServer;
  let gateway: Bus;
  let monitor: Bus;

  const connect = (service: 'gateway' | 'monitor') =>
    Bus.connect({
      servers: nats.url,
      ...nats.credentials(service),
      service,
      instance: `${service}-test`,
      signingKey: SIGNING_KEY,
    });

  beforeAll(async () => {
    nats = await startNats({ withPermissions: true });
    gateway = await connect('gateway');
    monitor = await connect('monitor');
  });
  afterAll(async () => {
    await gateway.close();
    await monitor.close();
    await nats.stop();
  });
  afterEach(endAll);

  /** Waits until the service has taken so many requests: those that it takes later are refused. */
  const worksOn = (count: number, healthUrl: string) =>
    eventually(async () =>
      expect(await (await fetch(`${healthUrl}/metrics`)).text()).toContain(`\nservice_in_flight ${count}\n`),
    );

  it('responds to every request that it took, sends a last pulse and ends with 0', async () => {
    const pulses: Pulse[] = [];
    const listening = monitor.listenPulse((pulse) => pulses.push(pulse));
    const service = startFixture('billing', nats, { FIXTURE_WORK_MS: '400' });
    const { healthUrl } = await service.started();
    await eventually(() => expect(pulses.length).toBeGreaterThan(0));

    const outcomes: Promise<'ok' | string>[] = [];
    const send = () =>
      gateway.request(listPlans, {}, { deadlineMs: 3000 }).then(
        () => 'ok',
        (error: AppError) => error.code,
      );
    for (let i = 0; i < 40; i++) {
      outcomes.push(send());
      await new Promise((resolve) => setTimeout(resolve, 10));
      if (i === 20) service.signal('SIGTERM');
      if (i === 25)
        expect(await getJson(`${healthUrl}/readyz`)).toMatchObject({
          status: 503,
          body: { state: 'draining' },
        });
    }
    expect(await service.ended()).toBe(0);
    const results = await Promise.all(outcomes);
    // Requests from before the signal have a response; later ones were refused at once, since no instance was
    // there.
    expect(results.slice(0, 21)).toEqual(Array(21).fill('ok'));
    expect(new Set(results)).toEqual(new Set(['ok', 'PLATFORM.UNAVAILABLE']));
    await eventually(() => expect(pulses.at(-1)?.state).toBe('stopped'));
    expect(pulses.map(({ state }) => state)).toContain('draining');
    expect(service.log().map(({ event }) => event)).toEqual(
      expect.arrayContaining(['service.draining', 'control.connections_reset', 'service.stopped']),
    );
    listening.stop();
  });

  it('ignores a second signal', async () => {
    const service = startFixture('billing', nats, { FIXTURE_WORK_MS: '500' });
    const { healthUrl } = await service.started();
    const pendingResponse = gateway.request(listPlans, {}, { deadlineMs: 3000 });
    await worksOn(1, healthUrl);
    service.signal('SIGTERM');
    service.signal('SIGINT');
    service.signal('SIGTERM');
    await expect(pendingResponse).resolves.toMatchObject({ object: 'list' });
    expect(await service.ended()).toBe(0);
  });

  it('gives up after its time limit, and ends with 1', async () => {
    const service = startFixture('billing', nats, { FIXTURE_WORK_MS: '5000', DRAIN_TIMEOUT_MS: '300' });
    const { healthUrl } = await service.started();
    const pendingResponse = gateway
      .request(listPlans, {}, { deadlineMs: 2000 })
      .catch((error: AppError) => error.code);
    await worksOn(1, healthUrl);
    const reported = performance.now();
    service.signal('SIGTERM');
    expect(await service.ended()).toBe(1);
    expect(performance.now() - reported).toBeLessThan(allowedMs(1500));
    expect(service.log()).toContainEqual(
      expect.objectContaining({
        level: 'error',
        step: 'requests',
        event: 'drain.timed_out',
      }),
    );
    await pendingResponse;
  });

  it('closes its HTTP port without losing a request: those under way get a response, with Connection: close', async () => {
    const service = startFixture('gateway', nats);
    const { url } = await service.started();
    const agent = new Agent({ keepAlive: true });
    const slow = () =>
      new Promise<{ status: number; connection: string | undefined }>((resolve, reject) => {
        get(`${url}/slow`, { agent }, (response) => {
          response.resume();
          response.once('end', () => {
            resolve({ status: response.statusCode!, connection: response.headers.connection });
          });
        }).once('error', reject);
      });
    expect(await slow()).toEqual({ status: 200, connection: 'keep-alive' });
    const underWay = [slow(), slow(), slow()];
    await eventually(async () => expect((await getJson(`${url}/in-flight`)).body.count).toBe(4));
    service.signal('SIGTERM');
    for (const pendingResponse of await Promise.all(underWay)) expect(pendingResponse.status).toBe(200);
    await expect(fetch(`${url}/slow`)).rejects.toThrow();
    expect(await service.ended()).toBe(0);
    agent.destroy();
  });

  it('closes an open connection with the response that it sends during the drain', async () => {
    const service = startFixture('gateway', nats);
    const { url } = await service.started();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const send = (path: string) =>
      new Promise<{ status: number; connection: string | undefined }>((resolve, reject) => {
        get(`${url}${path}`, { agent }, (response) => {
          response.resume();
          response.once('end', () =>
            resolve({ status: response.statusCode!, connection: response.headers.connection }),
          );
        }).once('error', reject);
      });
    await eventually(async () =>
      expect(await send('/readyz')).toEqual({ status: 200, connection: 'keep-alive' }),
    );
    service.signal('SIGTERM');
    await eventually(() => expect(service.log().at(-1)).toMatchObject({ event: 'service.draining' }));
    expect(await send('/readyz')).toEqual({ status: 503, connection: 'close' });
    expect(await service.ended()).toBe(0);
    agent.destroy();
  });
});
