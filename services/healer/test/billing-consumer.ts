import { Bus } from '@gridworks/bus';
import { newId, type PayloadOf, partnerRegistered } from '@gridworks/contracts';
import { createLogger } from '@gridworks/observability';
import { Database, PersistenceModule } from '@gridworks/persistence';
import type { NatsServer, PostgresServer } from '@gridworks/testing';
import { NestFactory } from '@nestjs/core';
import { SIGNING_KEY } from './fake-instance.ts';

export const CONSUMER = 'billing_open-account';

/** What the consumer does with an event, beside its effect. May throw, or take its time. */
export type Behaviour = (registration: PayloadOf<typeof partnerRegistered>) => unknown;

/** A consumer of billing with a database, an inbox and an effect that can be counted, as services have them. */
export class BillingConsumer {
  behaviour: Behaviour = () => undefined;
  /** Deliveries to the consumer, replays included. */
  calls = 0;
  #bus: Bus | undefined;
  #app: { get(token: unknown): unknown; close(): Promise<void> } | undefined;

  private constructor(
    private readonly nats: NatsServer,
    private readonly postgres: PostgresServer,
    private readonly url: string,
  ) {}

  static async start(nats: NatsServer, postgres: PostgresServer): Promise<BillingConsumer> {
    const url = await postgres.createServiceDatabase('billing');
    const billing = new BillingConsumer(nats, postgres, url);
    await billing.resume();
    await billing.query('create table if not exists effects (partner_id text not null)');
    return billing;
  }

  /** Starts the service again after `stop`. */
  async resume(): Promise<void> {
    const bus = await Bus.connect({
      servers: this.nats.url,
      ...this.nats.credentials('billing'),
      service: 'billing',
      instance: 'billing',
      signingKey: SIGNING_KEY,
    });
    const logger = createLogger({ service: 'billing', instance: 'billing', level: 'silent' });
    const app = await NestFactory.createApplicationContext(
      {
        module: class Root {},
        imports: [
          {
            module: class BusModule {},
            global: true,
            providers: [{ provide: Bus, useValue: bus }],
            exports: [Bus],
          },
          PersistenceModule.forService({ service: 'billing', url: this.url, instance: 'billing', logger }),
        ],
      },
      { logger: false },
    );
    const database = app.get(Database);
    await database.whenReady();
    await bus.consume(partnerRegistered, CONSUMER, async (event) => {
      this.calls++;
      await this.behaviour(event.payload);
      await database.once(event, CONSUMER, async ({ manager }) => {
        await manager.query('insert into effects values ($1)', [event.payload.partner_id]);
      });
    });
    this.#bus = bus;
    this.#app = app;
  }

  async stop(): Promise<void> {
    await this.#bus?.drain();
    await this.#app?.close();
    await this.#bus?.close();
    this.#bus = undefined;
  }

  /** Does the work of an event as if it had been delivered by the stream. */
  async process(eventId: string, partnerId: string): Promise<void> {
    const database = this.#app?.get(Database) as Database;
    await database.once({ id: eventId }, CONSUMER, async ({ manager }) => {
      await manager.query('insert into effects values ($1)', [partnerId]);
    });
  }

  /** How often the event of this partner had its effect. */
  async effects(partnerId: string): Promise<number> {
    const [row] = await this.query<{ n: number }>(
      `select count(*)::int as n from effects where partner_id = '${partnerId}'`,
    );
    return row?.n ?? 0;
  }

  query<R extends Record<string, unknown>>(sql: string): Promise<R[]> {
    return this.postgres.query<R>(sql, [], this.url);
  }
}

/** An event of auth for the consumer. */
export const registration = (name = 'Ada') => ({
  partner_id: newId('partner'),
  name,
  registered_at: new Date().toISOString(),
});
