import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { changeCheck, listCheckChanges, listChecks, runCheck } from '@gridworks/contracts';
import { eventually, type SmtpServerHandle, startSmtp, type TcpProxy, tcpProxy } from '@gridworks/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MonitorUnderTest } from './monitor-under-test.ts';

const KEY = 'a key of no worth';

/** Connections are reset, those that are kept open as well. */
const away = (line: TcpProxy): void => {
  line.refuse(true);
  line.cut();
};

/** A server that lists models to whoever has the key. */
class ModelServer {
  readonly requests: string[] = [];
  key = KEY;
  readonly #server: Server = createServer((request, response) => {
    this.requests.push(`${request.method} ${request.url}`);
    response.writeHead(request.headers.authorization === `Bearer ${this.key}` ? 200 : 401).end('{}');
  });

  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

describe('the checks of monitor over real servers', () => {
  let under: MonitorUnderTest;
  let smtp: SmtpServerHandle;
  let smtpLine: TcpProxy;
  let model: ModelServer;
  let modelLine: TcpProxy;
  let config: Record<string, string>;

  beforeAll(async () => {
    model = new ModelServer();
    const [monitor, mail, modelUrl] = await Promise.all([
      MonitorUnderTest.start(),
      startSmtp(),
      model.listen(),
    ]);
    [under, smtp] = [monitor, mail];
    [smtpLine, modelLine] = await Promise.all([
      tcpProxy({ target: smtp.port }),
      tcpProxy({ target: Number(new URL(modelUrl).port) }),
    ]);
    config = {
      SMTP_URL: `smtp://127.0.0.1:${smtpLine.port}`,
      OPENAI_API_KEY: KEY,
      OPENAI_BASE_URL: `http://127.0.0.1:${modelLine.port}/v1`,
    };
    await under.startMonitor(config);
    for (const name of ['smtp', 'model']) await change(name, { interval_ms: 5000 });
  }, 60_000);
  afterAll(async () => {
    await under?.stop();
    await Promise.all([smtpLine?.stop(), modelLine?.stop(), smtp?.stop()]);
    model?.close();
  }, 30_000);

  const change = (name: string, settings: object) =>
    under.asAdmin.request(changeCheck, { name, ...settings });
  const changes = async (name: string) => {
    const { data } = await under.asAdmin.request(listCheckChanges, { name });
    return data.map(({ before, after }) => [before.interval_ms, after.interval_ms]);
  };
  const run = (name: string) => under.asAdmin.request(runCheck, { name });

  it('runs what is configured, without side effects, and never calls the rest healthy', async () => {
    const check = await under.seesCheck('smtp', 'passing');
    expect(check.last_run).toMatchObject({ passed: true, attempts: 1, detail: null });
    expect(check.runs.length).toBeGreaterThan(0);
    await under.seesCheck('model', 'passing');
    expect(new Set(model.requests)).toEqual(new Set(['GET /v1/models']));
    expect(smtp.messages).toEqual([]);
    expect(await under.check('twilio')).toMatchObject({
      state: 'not_configured',
      last_run: null,
      next_run_at: null,
    });
    await expect(run('twilio')).rejects.toMatchObject({ code: 'MONITOR.CHECK_NOT_CONFIGURED' });
    await expect(under.check('fax')).rejects.toMatchObject({ code: 'MONITOR.CHECK_NOT_FOUND' });
    for (const name of [
      'postgres',
      'postgres-writes',
      'redis',
      'nats',
      'nats-store',
      'gateway-http',
      'event-log',
    ])
      await under.seesCheck(name, 'passing');
  }, 60_000);

  it('fails a check after two runs, and passes it after two', async () => {
    const before = (await under.check('smtp')).runs.length;
    away(smtpLine);
    const degraded = await run('smtp');
    expect(degraded.run).toMatchObject({
      passed: false,
      attempts: 2,
      detail: expect.stringContaining('not respond'),
    });
    expect(degraded.check.state).toBe('degraded');
    expect(degraded.check.runs.length).toBeGreaterThan(before);
    expect((await run('smtp')).check.state).toBe('failing');
    smtpLine.heal();
    expect((await run('smtp')).check.state).toBe('failing');
    expect((await run('smtp')).check.state).toBe('passing');
  }, 60_000);

  it('says what to do about a key that is refused', async () => {
    model.key = 'another';
    try {
      const { detail } = (await run('model')).run;
      expect(detail).toContain('set an OPENAI_API_KEY that is valid');
      expect(detail).not.toContain(KEY);
    } finally {
      model.key = KEY;
    }
    await run('model');
    await under.seesCheck('model', 'passing');
  }, 60_000);

  it('knows that it is offline itself when everything outside is away and everything inside works', async () => {
    away(smtpLine);
    away(modelLine);
    for (const name of ['smtp', 'model', 'smtp', 'model']) await run(name);
    await under.seesCheck('smtp', 'silenced');
    const board = await under.asAdmin.request(listChecks, {});
    expect(board.offline_since).not.toBeNull();
    const states = Object.fromEntries(
      board.checks.map(({ name, state, silenced_by }) => [name, { state, silenced_by }]),
    );
    expect(states).toMatchObject({
      smtp: { state: 'silenced', silenced_by: ['monitor'] },
      model: { state: 'silenced', silenced_by: ['monitor'] },
      postgres: { state: 'passing' },
    });
    modelLine.heal();
    await under.seesCheck('smtp', 'failing');
    expect((await under.asAdmin.request(listChecks, {})).offline_since).toBeNull();
    smtpLine.heal();
    await under.seesCheck('smtp', 'passing');
  }, 60_000);

  it('silences what depends on a server that is away', async () => {
    under.postgres.freeze();
    try {
      await under.seesCheck('postgres', 'failing');
      const { silenced_by } = await under.seesCheck('postgres-writes', 'silenced');
      expect(silenced_by).toEqual(['postgres']);
      expect(await under.check('partner-call')).toMatchObject({
        state: 'silenced',
        silenced_by: expect.arrayContaining(['postgres', 'postgres-writes']),
      });
      expect(under.published()).not.toContainEqual(expect.stringContaining('business.failing'));
    } finally {
      under.postgres.thaw();
    }
    await under.seesCheck('postgres', 'passing');
    await under.seesCheck('postgres-writes', 'passing');
  }, 60_000);

  it('judges by changed thresholds, refuses those that are out of bounds, and keeps who changed what', async () => {
    const slow = await change('smtp', { threshold: { response_time_ms: 1 } });
    expect(slow).toMatchObject({
      state: 'degraded',
      threshold: { response_time_ms: 1, error_rate: 0.5 },
      changed_by: expect.stringMatching(/^usr_/),
    });
    expect((await change('smtp', { threshold: { response_time_ms: 3000 } })).state).toBe('passing');
    await expect(change('smtp', { interval_ms: 4000 })).rejects.toMatchObject({
      code: 'PLATFORM.INVALID_INPUT',
      problems: [{ detail: 'must be from 5000 to 3600000', pointer: '/interval_ms' }],
    });
    await expect(change('postgres', { enabled: false })).rejects.toMatchObject({
      problems: [{ detail: 'healing relies on this check: pause healing instead', pointer: '/enabled' }],
    });
    await expect(change('smtp', { muted_until: '2020-01-01T00:00:00.000Z' })).rejects.toMatchObject({
      problems: [{ pointer: '/muted_until' }],
    });
    expect((await change('model', { interval_ms: 6000 })).interval_ms).toBe(6000);
    await change('model', { interval_ms: 6000 }); // nothing changes
    expect(await changes('model')).toEqual([
      [5000, 6000],
      [60_000, 5000],
    ]);
  }, 60_000);

  it('mutes and disables a check', async () => {
    const until = new Date(Date.now() + 60_000).toISOString();
    expect(await change('model', { muted_until: until })).toMatchObject({
      state: 'muted',
      muted_until: until,
    });
    expect((await change('model', { muted_until: null })).state).toBe('passing');
    expect(await change('model', { enabled: false })).toMatchObject({ state: 'disabled', next_run_at: null });
    const before = model.requests.length;
    expect((await run('model')).run.passed).toBe(true);
    expect(model.requests.length).toBe(before + 1);
    expect((await change('model', { enabled: true })).state).toBe('passing');
    expect((await under.check('model')).next_run_at).not.toBeNull();
  }, 60_000);

  it('keeps a change that was made while PostgreSQL was away, past a monitor that vanished', async () => {
    under.postgres.freeze();
    try {
      expect((await change('smtp', { interval_ms: 7000 })).interval_ms).toBe(7000);
      await under.endMonitor('vanish');
    } finally {
      under.postgres.thaw();
    }
    await under.startMonitor(config);
    await eventually(async () => expect((await under.check('smtp')).interval_ms).toBe(7000), {
      timeoutMs: 20_000,
    });
    await eventually(async () => expect((await changes('smtp'))[0]).toEqual([5000, 7000]), {
      timeoutMs: 30_000,
    });
  }, 90_000);

  it('writes the history of checks that no other component has', async () => {
    await eventually(
      async () => {
        const rows = await under.query<{ component: string }>(
          `select distinct component from system_health_checks where component like 'external:%'`,
        );
        expect(rows.map(({ component }) => component).sort()).toEqual(['external:model', 'external:smtp']);
      },
      { timeoutMs: 30_000 },
    );
  }, 60_000);
});
