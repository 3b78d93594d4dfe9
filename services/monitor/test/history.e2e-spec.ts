import { randomUUID } from 'node:crypto';
import { Bus } from '@gridworks/bus';
import { callQueued, type HealthCheck } from '@gridworks/contracts';
import { createLogger } from '@gridworks/observability';
import { Database } from '@gridworks/persistence';
import { classify, fingerprint, HealingEnvironment } from '@gridworks/resilience';
import { connectHealing, type HealingRuntime, ServiceInfo } from '@gridworks/runtime';
import {
  allowedMs,
  eventually,
  type NatsServer,
  type PostgresServer,
  startNats,
  startPostgres,
} from '@gridworks/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Test, type TestingModule } from '@nestjs/testing';
import { HealthCheckRepository } from '../src/health/health-check.repository.ts';
import { MonitorModule } from '../src/monitor.module.ts';

process.env.LOG_LEVEL = 'silent';

const check = (component: string, status: HealthCheck['status'] = 'pass'): HealthCheck => ({
  component,
  status,
  observed_at: '2026-01-05T10:00:00.000Z',
  latency_ms: 1.5,
  detail: null,
});

describe('the history of checks over real servers', () => {
  let nats: NatsServer;
  let postgres: PostgresServer;
  let databaseUrl: string;
  let bus: Bus;
  let healing: HealingRuntime;
  let module: TestingModule;
  let history: HealthCheckRepository;
  const deliveries: string[] = [];

  beforeAll(async () => {
    [nats, postgres] = await Promise.all([startNats({ withPermissions: true }), startPostgres()]);
    databaseUrl = await postgres.createServiceDatabase('monitor');
    const logger = createLogger({ service: 'monitor', instance: 'monitor', level: 'silent' });
    bus = await Bus.connect({
      servers: nats.url,
      ...nats.credentials('monitor'),
      service: 'monitor',
      instance: 'monitor',
      signingKey: 'a signing key for tests, of no worth',
      logger,
    });
    const environment = new HealingEnvironment({ classify, fingerprint });
    const info = new ServiceInfo('monitor', 'monitor', '0');
    healing = connectHealing({ bus, info, logger, environment });
    const globals = [{ provide: Bus, useValue: bus }];
    module = await Test.createTestingModule({
      imports: [
        { module: class TestBus {}, global: true, providers: globals, exports: globals },
        MonitorModule.persistence(databaseUrl),
      ],
    }).compile();
    await module.init();
    const database = module.get(Database, { strict: false });
    await database.whenReady();
    const { queue, replays } = healing;
    const register = replays.register.bind(replays);
    replays.register = (source, replay) =>
      register(source, async (payload, call) => {
        deliveries.push(call.id);
        await replay(payload, call);
      });
    history = new HealthCheckRepository(database, queue, replays);
    await replays.start();
  }, 60_000);
  beforeEach(() => eventually(() => expect(bus.state()).toBe('connected'), { timeoutMs: 10_000 }));
  afterEach(() => {
    deliveries.length = 0;
  });
  afterAll(async () => {
    await healing.replays.stop();
    await healing.stop();
    await module.close();
    await bus.close();
    await Promise.all([nats.stop(), postgres.stop()]);
  }, 30_000);

  /** How often each component has a row. */
  const rows = async (like: string): Promise<Record<string, number>> => {
    const found = await postgres.query<{ component: string; n: number }>(
      'select component, count(*)::int as n from system_health_checks where component like $1 group by 1',
      [like],
      databaseUrl,
    );
    return Object.fromEntries(found.map(({ component, n }) => [component, n]));
  };
  /** Delivers a queued call once more, as the server does when an acknowledgement got lost. */
  const deliverAgain = (id: string, checks: readonly HealthCheck[]) =>
    bus.publish(
      callQueued.monitor,
      {
        id: `monitor.history.write:${id}`,
        source: 'monitor.history.write',
        payload: { id, checks },
        reason: 'a test',
        queued_at: new Date().toISOString(),
      },
      { id: randomUUID() },
    );

  it('waits in the queue while PostgreSQL is away, and is there once when it is back', async () => {
    expect(await history.write([check('before')])).toBe('written');
    await postgres.kill9();
    const responses = [];
    for (let n = 0; n < 8; n++) responses.push(await history.write([check(`away-${n}`), check('away-all')]));
    expect(responses).toEqual(Array(8).fill('queued'));
    await postgres.restart();
    await eventually(async () => expect(Object.keys(await rows('away-%'))).toHaveLength(9), {
      timeoutMs: 40_000,
    });
    expect(await rows('away-%')).toEqual({
      ...Object.fromEntries(Array.from({ length: 8 }, (_one, n) => [`away-${n}`, 1])),
      'away-all': 8,
    });
    await eventually(async () => expect(await history.write([check('after')])).toBe('written'));
  }, 70_000);

  it('is not written twice when the queue delivers it twice, nor when it had been written after all', async () => {
    const id = randomUUID();
    const twice = [check('twice')];
    await deliverAgain(id, twice);
    await deliverAgain(id, twice);
    // PostgreSQL has the batch, and the response to COMMIT got lost: then the same batch is queued as well.
    await history.write([check('committed')]);
    const [taken] = await postgres.query<{ event_id: string }>(
      `select event_id from inbox where consumer = 'monitor_replay-call' order by taken_in_at desc limit 1`,
      [],
      databaseUrl,
    );
    await deliverAgain(taken!.event_id, [check('committed')]);
    await eventually(() => expect(deliveries).toHaveLength(3), { timeoutMs: 10_000 });
    await eventually(async () => expect(await rows('twice')).toEqual({ twice: 1 }));
    expect(healing.replays.replayed).toBeGreaterThanOrEqual(3);
    expect(await rows('committed')).toEqual({ committed: 1 });
  }, 30_000);

  it('is not queued for a mistake of ours, which would fail again', async () => {
    const queued = healing.queue.queued;
    const wrong = { ...check('wrong'), status: 'splendid' as never };
    await expect(history.write([wrong])).rejects.toThrow(/^new row .* violates check constraint/);
    expect(healing.queue.queued).toBe(queued);
  });

  it('is lost, and nobody waits for it, only while the bus is away as well', async () => {
    await Promise.all([postgres.kill9(), nats.kill9()]);
    const began = performance.now();
    await expect(history.write([check('lost')])).rejects.toThrow(/does not take the rows now/);
    expect(performance.now() - began).toBeLessThan(allowedMs(8_000));
    await Promise.all([postgres.restart(), nats.restart()]);
    await eventually(async () => expect(await history.write([check('found')])).toBe('written'), {
      timeoutMs: 20_000,
    });
    expect(await rows('lost')).toEqual({});
  }, 60_000);
});
