import { Bus } from '@gridworks/bus';
import {
  getUsage,
  listIncidents,
  listTickets,
  newId,
  openTicket,
  type RequestContract,
  type ServiceName,
} from '@gridworks/contracts';
import { createLogger } from '@gridworks/observability';
import { Database } from '@gridworks/persistence';
import { classify, fingerprint, HealingEnvironment } from '@gridworks/resilience';
import { HealingRuntime, ServiceInfo } from '@gridworks/runtime';
import { eventually, type PostgresServer, startPostgres } from '@gridworks/testing';
import { asAdmin, keyOf } from '@gridworks/testing/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SIGNING_KEY } from './fake-instance.ts';
import { HealerFixture } from './healer-fixture.ts';
import { type HealerService, startHealerService } from './healer-service.ts';

const logger = createLogger({ service: 'billing', instance: 'billing', level: 'silent' });
/** More than one message of NATS carries. */
const TOO_MUCH = '€'.repeat(400_000);

/**
 * A service that fails by accident: a real responder over the real bus, real PostgreSQL, the reports that
 * every process sends, and the healer with its mail. Only the outcome shows whose fault an error is.
 */
describe('a request that ends with a 500', () => {
  let fixture: HealerFixture;
  let postgres: PostgresServer;
  let healer: HealerService;
  const ends: (() => Promise<unknown>)[] = [];
  const databases = new Map<ServiceName, string>();

  beforeAll(async () => {
    [fixture, postgres] = await Promise.all([HealerFixture.start(), startPostgres()]);
    for (const name of ['healer', 'billing', 'support'] as const)
      databases.set(name, await postgres.createServiceDatabase(name));
    healer = await startHealerService(fixture, databases.get('healer')!, {
      HEALER_CAPTURES_HOLD_MS: '500',
      HEALER_CAPTURES_QUIET_MS: '2000',
    });
  }, 60_000);
  afterAll(async () => {
    for (const end of ends) await end();
    await healer?.stop();
    await fixture?.stop();
    await postgres?.stop();
  });

  const serve = async (name: ServiceName, instance: string = name) => {
    const environment = new HealingEnvironment({ classify, fingerprint });
    const bus = await Bus.connect({
      servers: fixture.nats.url,
      ...fixture.nats.credentials(name),
      service: name,
      instance,
      signingKey: SIGNING_KEY,
      environment,
    });
    const runtime = new HealingRuntime({ bus, info: new ServiceInfo(name, instance), logger, environment });
    ends.push(async () => {
      await runtime.stop();
      await bus.close();
    });
    const url = databases.get(name) ?? '';
    const open = async () => {
      const database = new Database({
        url,
        schema: name,
        applicationName: instance,
        entities: [],
        migrations: [],
        poolSize: 2,
        logger,
        healing: environment,
      } as ConstructorParameters<typeof Database>[0]);
      database.start();
      await database.whenReady();
      ends.unshift(() => database.close());
      return database;
    };
    return { bus, open };
  };

  /** Every request ends with a 500, and that is one incident and one mail. */
  const expectOneReport = async (contract: RequestContract, input: unknown, code: string) => {
    const before = fixture.smtp.messages.length;
    for (let i = 0; i < 20; i++)
      await expect(
        healer.gateway.request(contract, input as never, { principal: keyOf(newId('partner')) }),
      ).rejects.toMatchObject({ kind: 'internal' });
    const incidents = async () =>
      (await asAdmin(healer.gateway).request(listIncidents, { limit: 100 })).data.filter(({ errors }) =>
        errors.some(({ error }) => error.code === code),
      );
    await eventually(
      async () => {
        expect(await incidents()).toMatchObject([{ cause: { signal: 'errors.captured' } }]);
        expect(fixture.smtp.messages).toHaveLength(before + 1);
      },
      { timeoutMs: 20_000 },
    );
    await eventually(async () => expect(await incidents()).toMatchObject([{ status: 'resolved' }]), {
      timeoutMs: 20_000,
    });
    expect(fixture.smtp.messages).toHaveLength(before + 1);
    expect(fixture.smtp.messages.at(-1)!.subject).toMatch(/^\[ACTION NEEDED\] /);
  };

  it('because it may not read a table is one incident and one mail', async () => {
    const { bus, open } = await serve('billing');
    const database = await open();
    const asOwner = new URL(databases.get('billing')!);
    Object.assign(asOwner, { username: 'postgres', password: new URL(postgres.adminUrl).password });
    await postgres.query('create table if not exists billing.usage_daily (id int)', [], asOwner.href);
    await bus.serve(getUsage, () =>
      database.read((manager) => manager.query('select * from billing.usage_daily')),
    );
    await expectOneReport(getUsage, {}, '42501');
  }, 60_000);

  it('because a row misses what it must have is one incident and one mail', async () => {
    const { bus, open } = await serve('support');
    const database = await open();
    await postgres.query(
      'create table if not exists tickets (id int, surprise int not null)',
      [],
      databases.get('support'),
    );
    await bus.serve(openTicket, () =>
      database.transaction((tx) => tx.manager.query('insert into tickets (id) values (1)')),
    );
    await expectOneReport(openTicket, { subject: 'x', body: 'y' }, '23502');
  }, 60_000);

  it('because no message carries its answer is one incident and one mail', async () => {
    const { bus } = await serve('support', 'support-2');
    await bus.serve(listTickets, () => ({ object: 'list', data: [TOO_MUCH] }));
    await expectOneReport(listTickets, {}, 'PLATFORM.RESPONSE_TOO_LARGE');
  }, 60_000);
});
