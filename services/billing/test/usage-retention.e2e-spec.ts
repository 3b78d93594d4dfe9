import { Bus } from '@gridworks/bus';
import { newId, type UsageRecord, usageRecorded } from '@gridworks/contracts';
import { createLogger } from '@gridworks/observability';
import { Database, PersistenceModule } from '@gridworks/persistence';
import {
  eventually,
  type NatsServer,
  type PostgresServer,
  startNats,
  startPostgres,
} from '@gridworks/testing';
import type { InstanceUnderTest, ServiceUnderTest } from '@gridworks/testing/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Test, type TestingModule } from '@nestjs/testing';
import { migrations } from '../migrations/index.ts';
import { UsageRetention } from '../src/analytics/usage-retention.ts';
import { BilledPartners, publishTestPlans } from './billed-partner.ts';
import { startBilling } from './billing-under-test.ts';

const PARTITIONS_SQL = `
  select inhrelid::regclass::text as name from pg_inherits where inhparent = 'usage_records'::regclass order by 1`;

describe('the retention of usage', () => {
  let billing: ServiceUnderTest;
  let instance: InstanceUnderTest;
  let partners: BilledPartners;
  beforeAll(async () => {
    billing = await startBilling();
    instance = await billing.startInstance();
    partners = new BilledPartners(instance);
    await partners.database.whenReady();
    await publishTestPlans(billing);
  });
  afterAll(() => billing.stop());

  const months = async () =>
    (await billing.query<{ name: string }>(PARTITIONS_SQL)).map(({ name }) => name.slice(-6));
  const retention = () => instance.module.get(UsageRetention);

  it('makes the next month before its first call', async () => {
    await retention().run(new Date('2030-02-28T12:00:00Z'));
    expect(await months()).toEqual(expect.arrayContaining(['203002', '203003']));
  });

  it('drops whole months after 13 months, and changes nothing that is charged', async () => {
    const partner = await partners.register('2030-01-01T00:00:00Z');
    await partners.change(partner, 'meter', '2030-01-01T00:00:00Z');
    await partners.call(partner, ['2030-01-15T10:00:00Z', '2030-02-15T10:00:00Z']);
    await partners.run('2030-03-01T00:00:00Z');
    const items = () =>
      billing.query('select kind, amount from invoice_items where partner_id = $1 order by id', [partner]);
    const before = await items();

    await retention().run(new Date('2031-03-01T00:00:00Z'));
    expect((await months()).filter((month) => month >= '203001' && month <= '203002')).toEqual(['203002']);
    // Late calls are looked for again: the month without records is left as it is charged.
    await partners.run('2030-04-01T00:00:00Z');
    expect((await items()).filter(({ kind }) => kind === 'late')).toEqual([]);
    expect((await items()).slice(0, before.length)).toEqual(before);
    expect((await partners.reconcile()).differences).toEqual([]);
  });

  it('does not count a call of a month that is dropped, and says so', async () => {
    const gateway = await billing.startGateway();
    const partner = newId('partner');
    const record = (at: string): UsageRecord => ({
      ...{ id: newId('usage'), partner_id: partner, api_key_id: newId('apiKey'), mode: 'live' },
      ...{ operation: 'GET /v1/plans', status: 200, at },
    });
    await gateway.publish(usageRecorded, {
      records: [record('2030-01-31T23:59:59.999Z'), record('2030-02-01T00:00:00.000Z')],
    });
    const counted = () => billing.query('select at from usage_records where partner_id = $1', [partner]);
    await eventually(async () => expect(await counted()).toEqual([{ at: new Date('2030-02-01T00:00:00Z') }]));
    expect(await billing.query('select calls from usage_daily where partner_id = $1', [partner])).toEqual([
      { calls: '1' },
    ]);
  });
});

describe('the migration to months', () => {
  let nats: NatsServer;
  let postgres: PostgresServer;
  let url: string;
  let bus: Bus;
  const modules: TestingModule[] = [];
  const logger = createLogger({ service: 'billing', instance: 'billing', level: 'silent' });

  const migrated = async (count: number): Promise<Database> => {
    const globals = [{ provide: Bus, useValue: bus }];
    const module = await Test.createTestingModule({
      imports: [
        { module: class TestBus {}, global: true, providers: globals, exports: globals },
        PersistenceModule.forService({
          ...{ service: 'billing', entities: [], url, poolSize: 2, migrations: migrations.slice(0, count) },
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
    url = await postgres.createServiceDatabase('billing');
    bus = await Bus.connect({
      ...{
        servers: nats.url,
        ...nats.credentials('billing'),
        service: 'billing',
        instance: 'billing',
        logger,
      },
      signingKey: 'a signing key for tests, of no worth',
    });
  }, 60_000);
  afterAll(async () => {
    for (const module of modules) await module.close();
    await bus?.close();
    await Promise.all([nats?.stop(), postgres?.stop()]);
  }, 30_000);

  it('keeps every record in the month of its call, and goes back', async () => {
    const place = migrations.findIndex(({ name }) => name.startsWith('PartitionUsageRecords'));
    await migrated(place);
    const query = <R extends Record<string, unknown>>(sql: string) => postgres.query<R>(sql, [], url);
    for (const [id, at] of [
      ['usg_a', '2026-10-31T23:59:59.999Z'],
      ['usg_b', '2026-11-01T00:00:00Z'],
      ['usg_c', '2026-11-30T23:59:59.999Z'],
    ])
      await query(
        `insert into usage_records (id, partner_id, api_key_id, operation, status, at, mode, took_ms)
         values ('${id}', 'par_a', 'key_a', 'GET /v1/plans', 200, '${at}', 'test', 1.5)`,
      );
    const rows = () => query('select * from usage_records order by id');
    const before = (await rows()).map(({ id, at, mode, took_ms, recorded_at }) => ({
      ...{ id, at, mode, took_ms, recorded_at },
    }));
    const database = await migrated(place + 1);
    expect(await rows()).toEqual(before.map((row) => expect.objectContaining(row)));
    expect((await query<{ name: string }>(PARTITIONS_SQL)).map(({ name }) => name.slice(-6))).toEqual([
      '202610',
      '202611',
    ]);
    const Migration = migrations[place];
    await database.transaction((tx) => new Migration!().down(tx.manager.queryRunner as never));
    expect(await rows()).toEqual(before.map((row) => expect.objectContaining(row)));
  });
});
