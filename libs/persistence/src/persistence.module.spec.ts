import { Bus } from '@gridworks/bus';
import { inboxRequest, partnerRegistered } from '@gridworks/contracts';
import {
  allowedMs,
  eventually,
  type NatsServer,
  type PostgresServer,
  startNats,
  startPostgres,
} from '@gridworks/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  type INestApplicationContext,
  Inject,
  Injectable,
  Module,
  type OnModuleDestroy,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { openBus } from '../test/open-bus.ts';
import { countRows, outcome, silent } from '../test/open-database.ts';
import { Database } from './database/database.ts';
import { PersistenceModule } from './persistence.module.ts';

const registration = (name: string) => ({
  partner_id: `par_${'0'.repeat(22)}`,
  name,
  registered_at: '2026-01-01T00:00:00Z',
});

/** A provider that still emits an event when the service ends. */
@Injectable()
class LastWords implements OnModuleDestroy {
  readonly #database: Database;
  constructor(@Inject(Database) database: Database) {
    this.#database = database;
  }
  async onModuleDestroy(): Promise<void> {
    await this.#database.transaction(async (tx) => tx.emit(partnerRegistered, registration('last')));
  }
}

describe('PersistenceModule', () => {
  let postgres: PostgresServer;
  let nats: NatsServer;
  let url: string;
  let bus: Bus;
  let billingBus: Bus;
  let app: INestApplicationContext;
  beforeAll(async () => {
    [postgres, nats] = await Promise.all([startPostgres(), startNats()]);
  });
  afterAll(() => Promise.all([postgres.stop(), nats.stop()]));
  beforeEach(async () => {
    url = await postgres.createServiceDatabase('auth');
    [bus, billingBus] = await Promise.all([openBus(nats, 'auth'), openBus(nats, 'billing')]);
  });
  afterEach(async () => {
    await app.close();
    await Promise.all([bus.close(), billingBus.close()]);
  });
  async function start(databaseUrl = url) {
    @Module({ providers: [LastWords] })
    class AuthModule {}
    app = await NestFactory.createApplicationContext(
      {
        module: class Root {},
        imports: [
          {
            module: class BusModule {},
            global: true,
            providers: [{ provide: Bus, useValue: bus }],
            exports: [Bus],
          },
          PersistenceModule.forService({
            service: 'auth',
            url: databaseUrl,
            instance: 'auth-2',
            logger: silent,
          }),
          AuthModule,
        ],
      },
      { logger: false, abortOnError: false },
    );
    return app.get(Database);
  }

  it('publishes events, serves its inbox request, and leaves nothing open or unpublished', async () => {
    const received: string[] = [];
    await billingBus.consume(partnerRegistered, 'billing_open-account', async (event) => {
      received.push(event.payload.name);
    });
    const database = await start();
    const began = performance.now();
    const names = ['1', '2', '3', '4', '5', '6'];
    for (const name of names) {
      await database.transaction(async (tx) => tx.emit(partnerRegistered, registration(name)));
      await eventually(() => expect(received).toContain(name));
    }
    // Right after each commit, not at the next poll of the table: polls are half a second apart.
    expect(performance.now() - began).toBeLessThan(allowedMs(2000));

    await database.once({ id: 'evt_1' }, 'auth_note', async () => undefined);
    const input = { consumer: 'auth_note', event_ids: ['evt_1', 'evt_2'] };
    expect(await billingBus.request(inboxRequest('auth'), input)).toEqual({ confirmed: ['evt_1'] });

    await app.close();
    await eventually(() => expect(received).toEqual([...names, 'last']));
    expect(await countRows(postgres, url, `outbox where status = 'published'`)).toBe(7);
    expect(
      await postgres.query(`select 1 from pg_stat_activity where application_name like 'auth-2%'`),
    ).toEqual([]);
    const after = await outcome(database.read((manager) => manager.query('select 1')));
    expect(after.error).toMatchObject({ code: 'PLATFORM.UNAVAILABLE' });
  });

  it('starts and stops quickly while the database is away', async () => {
    const began = performance.now();
    const database = await start('postgres://auth:auth@127.0.0.1:1/nowhere');
    expect(performance.now() - began).toBeLessThan(allowedMs(1000));
    await expect(database.check()).rejects.toThrow('ECONNREFUSED');
    const stopping = performance.now();
    await app.close().catch(() => undefined); // the last event found no database
    expect(performance.now() - stopping).toBeLessThan(allowedMs(3000));
  });
});
