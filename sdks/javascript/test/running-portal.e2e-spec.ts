import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

import { join } from 'node:path';
import { eventually, type TcpProxy, tcpProxy } from '@gridworks/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { PortalUnderTest } from '../../../infra/chaos/test/portal-under-test.ts';
import { ApiError, type Portal as Client, Portal } from '../src/index.ts';

const root = join(import.meta.dirname, '..', '..', '..');

describe('the SDK against the running portal', () => {
  let running: PortalUnderTest;
  let proxy: TcpProxy;
  let key: string;
  beforeAll(async () => {
    running = await PortalUnderTest.start({});
    key = (await running.partner()).keys[0]!;
    proxy = await tcpProxy({ target: running.system.url });
  }, 150_000);
  afterEach(() => proxy.heal());
  afterAll(async () => {
    await proxy?.stop();
    await running?.stop();
  }, 60_000);

  const client = (options = {}): Client =>
    new Portal({ baseUrl: `http://127.0.0.1:${proxy.port}`, credential: key, shareReadsMs: 0, ...options });

  it('runs the program of its README unchanged', () => {
    const readme = readFileSync(join(import.meta.dirname, '..', 'README.md'), 'utf8');
    const program = /```ts\n(\/\/ walk\.ts[\s\S]*?)```/.exec(readme)![1]!;
    const folder = mkdtempSync(join(root, 'sdks/javascript/test/readme-'));
    try {
      writeFileSync(join(folder, 'walk.ts'), program);
      const { stdout, stderr } = spawnSync(
        process.execPath,
        ['--conditions=source', '--no-warnings', join(folder, 'walk.ts')],
        {
          cwd: root,
          encoding: 'utf8',
          env: { ...process.env, NODE_OPTIONS: '', PORTAL_URL: running.system.url },
        },
      );
      expect({ stdout, stderr }).toEqual({ stdout: 'true open\n', stderr: '' });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('opens one ticket when the response to the first try is lost', async () => {
    const portal = client({ backoffMs: 100, timeoutMs: 5000 });
    await portal.tickets.list();
    const before = (await portal.tickets.list()).data.length;
    // The request arrives; its response is cut off after its first bytes.
    proxy.limit(40);
    const opening = portal.tickets.open({ subject: 'Only once', body: 'Whatever the network does.' });
    await eventually(async () => {
      const direct = new Portal({ baseUrl: running.system.url, credential: key, shareReadsMs: 0 });
      return (await direct.tickets.list()).data.length > before;
    });
    proxy.heal();
    const ticket = await opening;
    const { data } = await portal.tickets.list({ limit: 100 });
    expect(data.filter(({ subject }) => subject === 'Only once').map(({ id }) => id)).toEqual([ticket.id]);
  });

  it('repeats reads through a cut connection, and reports refusals of the API', async () => {
    const portal = client({ backoffMs: 50 });
    const reads = Array.from({ length: 8 }, () => portal.usage.get());
    proxy.cut();
    expect(await Promise.all(reads)).toHaveLength(8);
    const error = await portal.tickets
      .get({ id: 'tic_0000000000000000000000' })
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({
      code: 'SUPPORT.TICKET_NOT_FOUND',
      requestId: expect.stringMatching(/^req_/),
    });
  });

  it('iterates over every row of all pages', async () => {
    const portal = client();
    const opened = new Set<string>();
    for (let n = 0; n < 12; n++)
      opened.add((await portal.tickets.open({ subject: `row ${n}`, body: 'x' })).id);
    const seen: string[] = [];
    for await (const { id } of portal.tickets.list({ limit: 5 })) seen.push(id);
    expect(new Set(seen).size).toBe(seen.length);
    for (const id of opened) expect(seen).toContain(id);
  });

  it('opens its breaker while the portal does not respond, and closes it afterwards', async () => {
    const portal = client({ timeoutMs: 200, retries: 0, breakerOpenMs: 300 });
    proxy.blackhole(true);
    for (let n = 0; n < 5; n++)
      await expect(portal.plans.list()).rejects.toMatchObject({ code: 'CLIENT.TIMEOUT' });
    await expect(portal.plans.list()).rejects.toMatchObject({ code: 'CLIENT.BREAKER_OPEN' });
    proxy.heal();
    await eventually(async () => (await portal.plans.list()).data.length > 0, {
      timeoutMs: 10_000,
      everyMs: 100,
    });
    await eventually(async () => {
      await portal.plans.list();
      return portal.stats().breaker.state === 'closed';
    });
  });

  it('returns the health of the portal', async () => {
    await expect(client().health()).resolves.toMatchObject({
      status: expect.stringMatching(/^(pass|warn)$/),
    });
    proxy.refuse(true);
    proxy.cut();
    await expect(client().health()).resolves.toMatchObject({ status: 'fail' });
  });

  it('follows the live events of incidents, through a cut connection', async () => {
    const admin = new Portal({ baseUrl: `http://127.0.0.1:${proxy.port}`, credential: running.admin });
    const stop = new AbortController();
    const states: string[] = [];
    const seen: string[] = [];
    const following = (async () => {
      const options = { signal: stop.signal, onState: (state: string) => states.push(state) };
      for await (const { type } of admin.stream('/v1/admin/events', options)) seen.push(type);
    })();
    await eventually(() => expect(states).toContain('open'), { timeoutMs: 20_000 });
    proxy.cut();
    // A first try to connect again may fail, too.
    await eventually(() => expect(states.join()).toMatch(/lost,open$/), { timeoutMs: 30_000 });
    process.kill(running.pid('support'), 'SIGKILL');
    await eventually(() => expect(seen).toContain('incident.changed'), { timeoutMs: 40_000 });
    stop.abort();
    await following;
  }, 120_000);
});
