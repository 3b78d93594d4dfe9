import { Bus, BusServer } from '@gridworks/bus';
import { listTickets, newId, type Principal, type ServiceName } from '@gridworks/contracts';
import { createLogger } from '@gridworks/observability';
import { HealthRegistry, LOGGER } from '@gridworks/runtime';
import {
  eventually,
  type NatsServer,
  type PostgresServer,
  startNats,
  startPostgres,
} from '@gridworks/testing';
import { Test } from '@nestjs/testing';
import { SupportModule } from '../src/support.module.ts';

process.env.LOG_LEVEL = 'silent';
const signingKey = 'a signing key for tests, of no worth';

/** Real servers, with the allow-lists of production, and as many instances of support as a test starts. */
export class SupportUnderTest {
  readonly nats: NatsServer;
  readonly postgres: PostgresServer;
  readonly databaseUrl: string;
  readonly #closing: (() => Promise<unknown>)[] = [];

  private constructor(nats: NatsServer, postgres: PostgresServer, databaseUrl: string) {
    this.nats = nats;
    this.postgres = postgres;
    this.databaseUrl = databaseUrl;
  }

  static async start(): Promise<SupportUnderTest> {
    const [nats, postgres] = await Promise.all([startNats({ withPermissions: true }), startPostgres()]);
    return new SupportUnderTest(nats, postgres, await postgres.createServiceDatabase('support'));
  }

  /** The bus as another service sees it. */
  async connect(service: ServiceName, instance: string = service): Promise<Bus> {
    const bus = await Bus.connect({
      servers: this.nats.url,
      ...this.nats.credentials(service),
      service,
      instance,
      signingKey,
      logger: createLogger({ service, instance, level: 'error' }),
    });
    this.#closing.push(() => bus.close());
    return bus;
  }

  async startInstance(instance = 'support'): Promise<{ health: HealthRegistry; stop(): Promise<void> }> {
    const bus = await this.connect('support', instance);
    const health = new HealthRegistry();
    const globals = [
      { provide: Bus, useValue: bus },
      { provide: HealthRegistry, useValue: health },
      { provide: LOGGER, useValue: createLogger({ service: 'support', instance, level: 'silent' }) },
    ];
    const module = await Test.createTestingModule({
      imports: [
        { module: class TestRuntime {}, global: true, providers: globals, exports: globals },
        SupportModule.persistence(this.databaseUrl),
        SupportModule,
      ],
    }).compile();
    const app = module.createNestMicroservice({ strategy: new BusServer(bus), logger: false });
    await app.listen();
    let stopped: Promise<void> | undefined;
    const stop = () => {
      stopped ??= app.close();
      return stopped;
    };
    this.#closing.unshift(stop);
    return { health, stop };
  }

  /** The gateway's bus, once the instances answer: starting holds the event loop up, and they refuse stale requests. */
  async startGateway(): Promise<Bus> {
    const gateway = await this.connect('gateway');
    await eventually(() => gateway.request(listTickets, {}, { principal: keyOf(newId('partner')) }), {
      timeoutMs: 15_000,
    });
    return gateway;
  }

  query<R extends Record<string, unknown>>(sql: string, values: unknown[] = []): Promise<R[]> {
    return this.postgres.query<R>(sql, values, this.databaseUrl);
  }

  async stop(): Promise<void> {
    for (const close of this.#closing) await close();
    await Promise.all([this.nats.stop(), this.postgres.stop()]);
  }
}

/** A caller with an API key of this partner. */
export function keyOf(partnerId: string): Principal {
  return {
    kind: 'api_key',
    id: newId('apiKey'),
    partner_id: partnerId,
    user_id: null,
    role: 'none',
    mode: 'test',
  };
}
