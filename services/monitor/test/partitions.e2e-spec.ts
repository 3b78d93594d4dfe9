import { Bus } from '@gridworks/bus';
import type { HealthCheck } from '@gridworks/contracts';
import { createLogger } from '@gridworks/observability';
import { Database, PersistenceModule } from '@gridworks/persistence';
import { classify, fingerprint, HealingEnvironment } from '@gridworks/resilience';
import { CallQueue, CallReplays, connectHealing, ServiceInfo } from '@gridworks/runtime';
import { type NatsServer, type PostgresServer, startNats, startPostgres } from '@gridworks/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Test, type TestingModule } from '@nestjs/testing';
import { migrations } from '../migrations/index.ts';
import { HealthCheckRepository } from '../src/health/health-check.repository.ts';

process.env.LOG_LEVEL = 'silent';

const DAY_MS = 86_400_000;
const row = (component: string, observed_at: string): HealthCheck => ({
  ...{ component, status: 'pass', observed_at, latency_ms: 1.5, detail: null },
});

describe('the days of the history of checks', () => {
  let nats: NatsServer;
  let postgres: PostgresServer;
  let url: string;
  let bus: Bus;
  let history: HealthCheckRepository;
  let stopHealing: () => Promise<void>;
  const modules: TestingModule[] = [];

  /** The database after so many migrations. */
  const migrated = async (count: number): Promise<Database> => {
    const globals = [{ provide: Bus, useValue: bus }];
    const module = await Test.createTestingModule({
      imports: [
        { module: class TestBus {}, global: true, providers: globals, exports: globals },
        PersistenceModule.forService({
          ...{ service: 'monitor', entities: [], url, poolSize: 2, critical: false },
          ...{ migrations: migrations.slice(0, count), degraded: 'away' },
        }),
      ],
    }).compile();
    await module.init();
    modules.push(module);
    const database = module.get(Database, { strict: false });
    await database.whenReady();
    return database;
  };

  beforeAll(async () => {
    [nats, postgres] = await Promise.all([startNats({ withPermissions: true }), startPostgres()]);
    url = await postgres.createServiceDatabase('monitor');
    const logger = createLogger({ service: 'monitor', instance: 'monitor', level: 'silent' });
    bus = await Bus.connect({
      ...{
        servers: nats.url,
        ...nats.credentials('monitor'),
        service: 'monitor',
        instance: 'monitor',
        logger,
      },
      signingKey: 'a signing key for tests, of no worth',
    });
  }, 60_000);
  afterAll(async () => {
    for (const module of modules) await module.close();
    await stopHealing?.();
    await bus?.close();
    await Promise.all([nats?.stop(), postgres?.stop()]);
  }, 30_000);

  const query = <R extends Record<string, unknown>>(sql: string) => postgres.query<R>(sql, [], url);
  const partitions = async () =>
    (
      await query<{ name: string }>(
        `select inhrelid::regclass::text as name from pg_inherits
         where inhparent = 'monitor.system_health_checks'::regclass order by 1`,
      )
    ).map(({ name }) => name.replace(/^.*system_health_checks_/, ''));
  const components = async () =>
    (
      await query<{ component: string }>(
        'select component from system_health_checks order by observed_at, id',
      )
    ).map(({ component }) => component);

  it('get partitions, and keep the rows from before', async () => {
    await migrated(4);
    for (const [component, at] of [
      ['a', '2026-01-04T23:59:59.999Z'],
      ['b', '2026-01-05T00:00:00Z'],
      ['c', '2026-01-05T10:00:00Z'],
    ])
      await query(
        `insert into system_health_checks (component, status, observed_at) values ('${component}', 'pass', '${at}')`,
      );
    const database = await migrated(migrations.length);
    expect(await components()).toEqual(['a', 'b', 'c']);
    expect(await partitions()).toEqual(['20260104', '20260105']);
    const environment = new HealingEnvironment({ classify, fingerprint });
    const logger = createLogger({ service: 'monitor', instance: 'monitor', level: 'silent' });
    const healing = connectHealing({
      bus,
      info: new ServiceInfo('monitor', 'monitor', '0'),
      logger,
      environment,
    });
    stopHealing = () => healing.stop();
    const { queue, replays }: { queue: CallQueue; replays: CallReplays } = healing;
    history = new HealthCheckRepository(database, queue, replays);
  }, 60_000);

  it('are made with their first row, on either side of midnight', async () => {
    await history.write([row('d', '2026-01-05T23:59:59.999Z'), row('e', '2026-01-06T00:00:00.000Z')]);
    await history.write([row('f', '2026-01-06T00:00:10.000Z')]);
    expect(await partitions()).toEqual(['20260104', '20260105', '20260106']);
    expect(await components()).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
    expect((await history.latest('f', 5)).map(({ observed_at }) => observed_at)).toEqual([
      '2026-01-06T00:00:10.000Z',
    ]);
  });

  it('are dropped whole after seven days, and made again when a late row comes', async () => {
    const now = Date.parse('2026-01-05T00:00:00Z') + 8 * DAY_MS;
    expect(await history.deleteOld(now)).toBe(2);
    expect(await partitions()).toEqual(['20260106']);
    expect(await history.deleteOld(now)).toBe(0);
    await history.write([row('late', '2026-01-05T12:00:00.000Z')]);
    expect(await components()).toEqual(['late', 'e', 'f']);
  });

  it('go back to one table', async () => {
    const database = await migrated(migrations.length);
    const [Last] = migrations.slice(-1);
    await database.transaction((tx) => new Last!().down(tx.manager.queryRunner as never));
    expect(await components()).toEqual(['late', 'e', 'f']);
  });
});
