import { rm } from 'node:fs/promises';
import { startTelemetry } from '@gridworks/observability';
import { eventually, startSpanCollector } from '@gridworks/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Instance, MonitorUnderTest } from './monitor-under-test.ts';

describe('monitor over real servers', () => {
  let under: MonitorUnderTest;
  let billing: Instance;
  let support: Instance;

  beforeAll(async () => {
    under = await MonitorUnderTest.start();
    await under.startMonitor();
    [billing, support] = await Promise.all([under.startInstance('billing'), under.startInstance('support')]);
  }, 60_000);
  afterAll(() => under.stop(), 30_000);
  beforeEach(async () => {
    await Promise.all([under.seesReady('billing'), under.seesReady('support')]);
    under.forget();
  }, 30_000);
  afterEach(() => {
    for (const instance of [billing, support]) instance.signal('SIGCONT');
  });

  /** Whatever monitor had to say before this, it has said when this is over. */
  const sentinel = async (): Promise<string[]> => {
    const before = under.published();
    support.signal('SIGSTOP');
    await under.receives('firing instance.unresponsive support');
    support.signal('SIGCONT');
    await under.receives('cleared instance.unresponsive support');
    const published = under.published().filter((one) => !one.endsWith('instance.unresponsive support'));
    expect(published.slice(0, before.length)).toEqual(before);
    return published;
  };

  it('sees a frozen instance, and that it goes on, in one trace', async () => {
    const frozenAt = Date.now();
    billing.signal('SIGSTOP');
    await under.receives('firing instance.unresponsive billing');
    billing.signal('SIGCONT');
    await under.receives('cleared instance.unresponsive billing');
    expect(under.published()).toEqual([
      'firing instance.unresponsive billing',
      'cleared instance.unresponsive billing',
    ]);
    const [firing, cleared] = under.symptoms;
    expect(firing).toMatchObject({
      id: cleared?.id,
      target: { kind: 'service', name: 'billing', process: 'billing' },
      evidence: { pid: billing.pid, process_gone: false, probe: { http: 'timeout', bus: 'timeout' } },
    });
    // It began with the last pulse, which is at most a second older than the deed.
    expect(Date.parse(firing!.began_at)).toBeGreaterThan(frozenAt - 2000);
    expect([...under.traces.get(firing!.id)!]).toEqual([expect.stringMatching(/^00-[0-9a-f]{32}-/)]);
  });

  it('exports the span that the trace of a symptom begins with', async () => {
    const collector = await startSpanCollector();
    Object.assign(process.env, collector.environment);
    const telemetry = await startTelemetry({ service: 'monitor', instance: 'monitor', version: '0' });
    try {
      billing.signal('SIGSTOP');
      await under.receives('firing instance.unresponsive billing');
      billing.signal('SIGCONT');
      await under.receives('cleared instance.unresponsive billing');
    } finally {
      for (const name of Object.keys(collector.environment)) delete process.env[name];
      await telemetry.shutdown();
      await collector.stop();
    }
    const roots = collector.spans.filter(({ name }) => name === 'monitor.symptom');
    expect(roots).toHaveLength(1);
    const { traceId, spanId, parentSpanId, attributes } = roots[0]!;
    expect(parentSpanId ?? '').toBe('');
    expect(attributes).toEqual({ signal: 'instance.unresponsive', target: 'billing' });
    // Both events, of its beginning and of its end.
    expect([...under.traces.get(under.symptoms[0]!.id)!]).toEqual([`00-${traceId}-${spanId}-01`]);
  });

  it('tells once of an instance that was killed and started again', async () => {
    await billing.end('SIGKILL');
    billing = await under.startInstance('billing');
    await under.receives('firing instance.restarted billing', 'cleared instance.restarted billing');
    expect(await sentinel()).toEqual([
      'firing instance.restarted billing',
      'cleared instance.restarted billing',
    ]);
  });

  it('has nothing to tell of one that was stopped on purpose', async () => {
    const second = await under.startInstance('billing', 'billing-2');
    await under.seesReady('billing-2');
    await second.end('SIGTERM');
    await billing.end('SIGTERM');
    billing = await under.startInstance('billing');
    await under.seesReady('billing');
    expect(await sentinel()).toEqual([]);
    const { instances } = await under.health();
    expect(instances.map(({ instance }) => instance).sort()).toEqual(['billing', 'support']);
  });

  it('tells a healer that has just begun what is open', async () => {
    billing.signal('SIGSTOP');
    await under.receives('firing instance.unresponsive billing');
    const { id } = under.symptoms[0]!;
    const healer = await under.startInstance('healer');
    await eventually(() => expect(under.firings.get(id)).toBe(2), { timeoutMs: 10_000 });
    await healer.end('SIGTERM');
    billing.signal('SIGCONT');
    await under.receives('cleared instance.unresponsive billing');
  });

  it('tells of connections that were lost while the server stayed up', async () => {
    await billing.lose(3);
    await under.receives('firing connections.lost billing', 'cleared connections.lost billing');
    expect(under.symptoms[0]?.evidence).toMatchObject({ lost: { postgres: 3 } });
  });

  it('tells of events that were given up', async () => {
    // One check has to come before, so that new dead letters can be distinguished from old ones.
    await eventually(
      async () => {
        await under.leaveDeadLetter();
        expect(under.published()).toContain('firing dead-letters.present billing');
      },
      { timeoutMs: 20_000, everyMs: 2000 },
    );
    const subject = 'dead.event.gateway.usage.recorded';
    expect(under.symptoms[0]?.evidence).toMatchObject({ subject });
  });

  it('accuses nobody after the bus was killed, and tells that it is another boot', async () => {
    await under.nats.kill9();
    await under.nats.restart();
    await under.receives('firing server.restarted nats', 'cleared server.restarted nats');
    await eventually(() => under.seesReady('billing'));
    expect(await sentinel()).toEqual(['firing server.restarted nats', 'cleared server.restarted nats']);
  });

  it('accuses nobody when the bus hung for a while', async () => {
    under.nats.freeze();
    const failed = async () => {
      // Over the bus monitor cannot be requested now: the history shows what it observed.
      const [row] = await under.query<{ status: string }>(
        `select status from system_health_checks where component = 'server:nats' order by id desc limit 1`,
      );
      expect(row?.status).toBe('fail');
    };
    await eventually(failed, { timeoutMs: 15_000, everyMs: 100 });
    under.nats.thaw();
    await eventually(() => under.seesReady('billing'), { timeoutMs: 20_000 });
    expect(await sentinel()).toEqual([]);
  });

  it('sees a bus that answers and stores nothing, and reports what else is wrong past the stream', async () => {
    await rm(under.nats.storeDir, { recursive: true });
    await under.reportsPastTheStream('firing server.not-storing nats');
    expect((await under.health()).checks).toContainEqual(
      expect.objectContaining({ component: 'server:nats', status: 'fail' }),
    );
    under.redis.freeze();
    await under.reportsPastTheStream('firing server.unresponsive redis');
    expect(new Set(under.pastTheStream).size).toBe(under.pastTheStream.length);
    await under.nats.restart();
    await under.receives('firing server.unresponsive redis');
    under.redis.thaw();
    await under.receives('cleared server.unresponsive redis');
    await eventually(() => under.seesReady('billing'));
    expect((await under.health()).checks).toContainEqual(
      expect.objectContaining({ component: 'server:nats', status: 'pass' }),
    );
  }, 60_000);

  it('sees a PostgreSQL that answers and takes no writes', async () => {
    const status = async () =>
      (await under.health()).checks.find(({ component }) => component === 'server:postgres');
    const takesWrites = async (does: boolean) => {
      await under.postgres.query(`alter system set default_transaction_read_only = ${does ? 'off' : 'on'}`);
      await under.postgres.query('select pg_reload_conf()');
    };
    await eventually(async () => expect(await status()).toMatchObject({ status: 'pass' }));
    await takesWrites(false);
    try {
      await under.receives('firing server.read-only postgres');
      expect(under.symptoms[0]).toMatchObject({
        target: { kind: 'server', name: 'postgres', process: 'postgres' },
        evidence: { error: expect.stringContaining('read-only transaction') },
      });
      expect(await status()).toMatchObject({
        status: 'fail',
        detail: expect.stringContaining('responds but refuses writes'),
      });
    } finally {
      await takesWrites(true);
    }
    await under.receives('cleared server.read-only postgres');
    await eventually(async () => expect(await status()).toMatchObject({ status: 'pass', detail: null }));
    expect(await sentinel()).toEqual([
      'firing server.read-only postgres',
      'cleared server.read-only postgres',
    ]);
  }, 60_000);

  it('sees PostgreSQL killed and frozen, by itself', async () => {
    await under.postgres.kill9();
    await under.postgres.restart();
    await under.receives('firing server.restarted postgres', 'cleared server.restarted postgres');
    under.postgres.freeze();
    await under.receives('firing server.unresponsive postgres');
    expect((await under.health()).checks).toContainEqual(
      expect.objectContaining({ component: 'server:postgres', status: 'fail' }),
    );
    under.postgres.thaw();
    await under.receives('cleared server.unresponsive postgres');
    expect(under.published()).toHaveLength(4);
  }, 60_000);

  it('sees Redis killed and frozen, by itself', async () => {
    await under.redis.kill9();
    await under.redis.restart();
    await under.receives('firing server.restarted redis', 'cleared server.restarted redis');
    under.redis.freeze();
    await under.receives('firing server.unresponsive redis');
    under.redis.thaw();
    await under.receives('cleared server.unresponsive redis');
    expect(under.published()).toHaveLength(4);
  }, 60_000);

  it('remembers who should be there when it is killed itself', async () => {
    billing.signal('SIGSTOP');
    await under.receives('firing instance.unresponsive billing');
    await under.endMonitor('vanish');
    await support.end('SIGKILL');
    support = await under.startInstance('support');
    await under.startMonitor();
    await under.receives('firing instance.restarted support', 'cleared instance.restarted support');
    billing.signal('SIGCONT');
    await under.receives('cleared instance.unresponsive billing');
    expect(under.published().filter((one) => one.startsWith('firing'))).toEqual([
      'firing instance.unresponsive billing',
      'firing instance.restarted support',
    ]);
  });

  it('blames nobody for what happened while it was stopped on purpose', async () => {
    await under.endMonitor('stop');
    await billing.end('SIGKILL');
    billing = await under.startInstance('billing');
    await under.startMonitor();
    await eventually(() => under.seesReady('billing'));
    expect(await sentinel()).toEqual([]);
  });

  it('writes the history of checks', async () => {
    const expected = ['http:gateway', 'server:nats', 'server:postgres', 'server:redis', 'service:billing'];
    await eventually(
      async () => {
        const rows = await under.query<{ component: string }>('select component from system_health_checks');
        const written = rows.map(({ component }) => component);
        expect(written).toEqual(expect.arrayContaining(expected));
      },
      { timeoutMs: 15_000, everyMs: 200 },
    );
  });
});
