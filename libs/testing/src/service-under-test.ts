import { Bus, BusServer } from '@gridworks/bus';
import {
  type InputOf,
  newId,
  type OutputOf,
  type Principal,
  type RequestContract,
  type ServiceName,
} from '@gridworks/contracts';
import { createLogger } from '@gridworks/observability';
import { HealthRegistry, LOGGER, ServiceInfo } from '@gridworks/runtime';
import type { DynamicModule, Provider, Type } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { eventually } from './eventually.ts';
import { type NatsServer, startNats } from './nats-server.ts';
import { type PostgresServer, startPostgres } from './postgres-server.ts';

const SIGNING_KEY = 'a signing key for tests, of no value';

export interface ServiceUnderTestOptions {
  readonly service: ServiceName;
  /** The service's modules, its persistence first. */
  readonly modules: (databaseUrl: string) => (Type | DynamicModule)[];
  /** Resolves once the service responds to a request of the gateway. */
  readonly responses: (gateway: Bus) => Promise<unknown>;
  /**
   * Starts before the instances and ends after them: a server for the service only. Its providers are global.
   */
  readonly also?: { readonly providers: Provider[]; stop(): Promise<unknown> };
}

export interface InstanceUnderTest {
  readonly module: TestingModule;
  readonly health: HealthRegistry;
  stop(): Promise<void>;
}

/** Real NATS and PostgreSQL, with the allow-lists of production, and as many instances of a service as a test starts. */
export class ServiceUnderTest {
  readonly nats: NatsServer;
  readonly postgres: PostgresServer;
  readonly databaseUrl: string;
  readonly #options: ServiceUnderTestOptions;
  readonly #closing: (() => Promise<unknown>)[] = [];

  private constructor(
    options: ServiceUnderTestOptions,
    nats: NatsServer,
    postgres: PostgresServer,
    databaseUrl: string,
  ) {
    this.#options = options;
    this.nats = nats;
    this.postgres = postgres;
    this.databaseUrl = databaseUrl;
  }

  static async start(options: ServiceUnderTestOptions): Promise<ServiceUnderTest> {
    process.env.LOG_LEVEL = 'silent';
    const [nats, postgres] = await Promise.all([startNats({ withPermissions: true }), startPostgres()]);
    const databaseUrl = await postgres.createServiceDatabase(options.service);
    return new ServiceUnderTest(options, nats, postgres, databaseUrl);
  }

  /** A bus connected as another service. */
  async connect(service: ServiceName, instance: string = service): Promise<Bus> {
    const bus = await Bus.connect({
      servers: this.nats.url,
      ...this.nats.credentials(service),
      service,
      instance,
      signingKey: SIGNING_KEY,
      logger: createLogger({ service, instance, level: 'error' }),
    });
    this.#closing.push(() => bus.close());
    return bus;
  }

  /** Starts an instance in this process. `providers` are global and come before those of the options. */
  async startInstance(instance?: string, providers: Provider[] = []): Promise<InstanceUnderTest> {
    const { service, modules, also } = this.#options;
    const name = instance ?? service;
    const bus = await this.connect(service, name);
    const health = new HealthRegistry();
    const globals: Provider[] = [
      ...(also?.providers ?? []),
      ...providers,
      { provide: Bus, useValue: bus },
      { provide: HealthRegistry, useValue: health },
      { provide: ServiceInfo, useValue: new ServiceInfo(service, name) },
      { provide: LOGGER, useValue: createLogger({ service, instance: name, level: 'silent' }) },
    ];
    const module = await Test.createTestingModule({
      imports: [
        { module: class TestRuntime {}, global: true, providers: globals, exports: globals },
        ...modules(this.databaseUrl),
      ],
    }).compile();
    const app = module.createNestMicroservice({
      strategy: new BusServer(bus, { complete: true }),
      logger: false,
    });
    await app.listen();
    let stopped: Promise<void> | undefined;
    const stop = () => {
      stopped ??= app.close();
      return stopped;
    };
    this.#closing.unshift(stop);
    return { module, health, stop };
  }

  /**
   * The gateway's bus, once the instances respond: starting blocks the event loop, and instances refuse stale
   * requests.
   */
  async startGateway(): Promise<Bus> {
    const gateway = await this.connect('gateway');
    await eventually(() => this.#options.responses(gateway), { timeoutMs: 15_000 });
    return gateway;
  }

  query<R extends Record<string, unknown>>(sql: string, values: unknown[] = []): Promise<R[]> {
    return this.postgres.query<R>(sql, values, this.databaseUrl);
  }

  async stop(): Promise<void> {
    for (const close of this.#closing) await close();
    await Promise.all([this.nats.stop(), this.postgres.stop(), this.#options.also?.stop()]);
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

/** A logged-in admin. */
export const ADMIN: Principal = {
  kind: 'session',
  id: newId('session'),
  partner_id: null,
  user_id: newId('user'),
  role: 'platform_admin',
  mode: null,
};

/** Sends requests on behalf of an admin, as the gateway does for a verified admin. */
export const asAdmin = (bus: Bus) => ({
  request: <C extends RequestContract>(contract: C, input: InputOf<C>): Promise<OutputOf<C>> =>
    bus.request(contract, input, { principal: ADMIN }),
});
