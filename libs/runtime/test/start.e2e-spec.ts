import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, type NatsServer, startNats } from '@gridworks/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { endAll, getJson, startFixture } from './service-under-test.ts';

describe('a service that starts', () => {
  let nats: NatsServer;
  const downFile = join(tmpdir(), `gridworks-down-${process.pid}`);

  beforeAll(async () => {
    nats = await startNats({ withPermissions: true });
  });
  afterAll(() => nats.stop());
  afterEach(async () => {
    await endAll();
    await rm(downFile, { force: true });
  });

  it('refuses to start with a wrong environment: names every variable, shows no value, ends with 78', async () => {
    const service = startFixture('billing', null, {
      SIGNING_PUBLIC_KEY: 'hunter2',
      DATABASE_URL: 'mysql://billing:hunter2@db/portal',
      HEALTH_PORT: 'hunter2',
      FIXTURE_DOWN_FILE: '',
    });
    expect(await service.ended()).toBe(78);
    expect(service.stderr()).not.toContain('hunter2');
    expect(service.stderr().trim().split('\n')).toEqual([
      'billing does not start: 5 variables are missing or wrong in its environment',
      '  NATS_URL            is not set; expected: address of NATS, for instance nats://127.0.0.1:4222',
      expect.stringMatching(/^ {2}DATABASE_URL {8}is wrong: .*expected: postgres:\/\/user:password@host/),
      expect.stringMatching(/^ {2}SIGNING_PUBLIC_KEY {2}is wrong: .*expected: the public key/),
      expect.stringMatching(/^ {2}HEALTH_PORT {9}is wrong: .*expected: port of the health endpoints/),
      '  FIXTURE_DOWN_FILE   is not set; expected: postgres counts as away while this file exists',
    ]);
    expect(service.log()).toEqual([]);
  });

  it('refuses to start when one of its contracts has no handler', async () => {
    const service = startFixture('billing', nats, { FIXTURE_COMPLETE: 'true' });
    expect(await service.ended()).toBe(1);
    const fatal = service.log().find(({ event }) => event === 'service.start_failed');
    for (const part of [
      'billing has no handler for rpc.billing.',
      ...['rpc.billing.usage.get,', 'billing_open-account', 'billing_record-usage'],
    ])
      expect(JSON.stringify(fatal)).toContain(part);
  });

  it('is ready and alive, and names what is degraded', async () => {
    const { healthUrl } = await startFixture('billing', nats).started();
    for (const path of ['livez', 'readyz', 'startupz'])
      expect(await getJson(`${healthUrl}/${path}`)).toEqual({
        status: 200,
        body: { status: 'pass', state: 'ready' },
      });
    const health = await fetch(`${healthUrl}/health`);
    expect(health.headers.get('content-type')).toBe('application/health+json');
    expect(health.headers.get('cache-control')).toBe('no-store');
    expect(await health.json()).toMatchObject({
      status: 'warn',
      version: '0.1.0',
      degraded: ['prices are not cached'],
      checks: { 'nats:connection': [{ status: 'pass' }], 'postgres:connection': [{ status: 'pass' }] },
    });
    expect((await fetch(`${healthUrl}/metrics`)).headers.get('content-type')).toMatch(
      /^text\/plain; version=0\.0\.4/,
    );
    expect((await fetch(`${healthUrl}/readyz`, { method: 'POST' })).status).toBe(405);
    expect((await fetch(`${healthUrl}/else`)).status).toBe(404);
  });

  it('is not ready while a critical dependency is away, and ready again when it is back', async () => {
    const { healthUrl } = await startFixture('billing', nats, { FIXTURE_DOWN_FILE: downFile }).started();
    await writeFile(downFile, '');
    await eventually(async () =>
      expect(await getJson(`${healthUrl}/readyz`)).toEqual({
        status: 503,
        body: { status: 'fail', state: 'not-ready', output: 'away: postgres' },
      }),
    );
    const { status, body } = await getJson(`${healthUrl}/health`);
    expect(status).toBe(503);
    expect(body).toMatchObject({
      status: 'fail',
      checks: {
        'postgres:connection': [{ status: 'fail', output: 'postgres://billing:[redacted]@db is away' }],
      },
    });
    expect((await getJson(`${healthUrl}/livez`)).status).toBe(200);
    await rm(downFile);
    await eventually(async () => expect((await getJson(`${healthUrl}/readyz`)).status).toBe(200));
  });

  it('starts, but is not ready, while a critical dependency is away', async () => {
    await writeFile(downFile, '');
    const { healthUrl } = await startFixture('billing', nats, { FIXTURE_DOWN_FILE: downFile }).started();
    expect((await getJson(`${healthUrl}/startupz`)).status).toBe(200);
    expect((await getJson(`${healthUrl}/readyz`)).status).toBe(503);
  });

  it('ends with 1 and a log line on an uncaught error', async () => {
    const service = startFixture('billing', nats);
    await service.started();
    service.signal('SIGUSR2');
    expect(await service.ended()).toBe(1);
    expect(service.log().at(-1)).toMatchObject({
      level: 'fatal',
      event: 'process.rejection_unhandled',
      error: { message: 'an uncaught error, token=[redacted]' },
    });
  });

  it('is alive and not ready while it waits for a bus that is away, and stops on a signal', async () => {
    const own = await startNats();
    await own.kill9();
    const service = startFixture('billing', own, { HEALTH_PORT: String(own.port) });
    // The health endpoints of a service that has not started can be found only by a port known before: the
    // one that NATS left.
    await eventually(async () => {
      expect((await getJson(`http://127.0.0.1:${own.port}/livez`)).status).toBe(200);
      expect(await getJson(`http://127.0.0.1:${own.port}/startupz`)).toEqual({
        status: 503,
        body: { status: 'fail', state: 'starting' },
      });
    });
    service.signal('SIGTERM');
    expect(await service.ended()).toBe(0);
    await own.stop();
  });

  it('becomes not ready within 2 s when the bus freezes, and ready again when it continues', async () => {
    const own = await startNats();
    const { healthUrl } = await startFixture('billing', own).started();
    own.freeze();
    try {
      await eventually(async () => expect((await getJson(`${healthUrl}/readyz`)).status).toBe(503), {
        timeoutMs: 2500,
      });
    } finally {
      own.thaw();
    }
    await eventually(async () => expect((await getJson(`${healthUrl}/readyz`)).status).toBe(200));
    await own.stop();
  });
});
