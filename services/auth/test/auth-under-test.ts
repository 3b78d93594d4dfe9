import { Bus, BusServer } from '@gridworks/bus';
import {
  createSession,
  credentialDigest,
  newId,
  type OutputOf,
  type Principal,
  registerPartner,
  type ServiceName,
  verifyCredential,
} from '@gridworks/contracts';
import { createLogger } from '@gridworks/observability';
import { CONFIG, HealthRegistry, LOGGER } from '@gridworks/runtime';
import {
  eventually,
  type NatsServer,
  type PostgresServer,
  type RedisServer,
  startNats,
  startPostgres,
  startRedis,
} from '@gridworks/testing';
import { expect } from '@jest/globals';
import { Test, type TestingModule } from '@nestjs/testing';
import type { AuthConfig } from '../src/auth.config.ts';
import { AuthModule } from '../src/auth.module.ts';

process.env.LOG_LEVEL = 'silent';
const signingKey = 'a signing key for tests, of no worth';

/** Real servers, with the allow-lists of production, and as many instances of auth as a test starts. */
export class AuthUnderTest {
  readonly nats: NatsServer;
  readonly postgres: PostgresServer;
  readonly redis: RedisServer;
  readonly databaseUrl: string;
  readonly #closing: (() => Promise<unknown>)[] = [];

  private constructor(nats: NatsServer, postgres: PostgresServer, redis: RedisServer, databaseUrl: string) {
    this.nats = nats;
    this.postgres = postgres;
    this.redis = redis;
    this.databaseUrl = databaseUrl;
  }

  static async start(): Promise<AuthUnderTest> {
    const [nats, postgres, redis] = await Promise.all([
      startNats({ withPermissions: true }),
      startPostgres(),
      startRedis(),
    ]);
    return new AuthUnderTest(nats, postgres, redis, await postgres.createServiceDatabase('auth'));
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

  async startInstance(
    instance = 'auth',
    config: Partial<AuthConfig> = {},
  ): Promise<{ module: TestingModule; health: HealthRegistry; stop(): Promise<void> }> {
    const bus = await this.connect('auth', instance);
    const health = new HealthRegistry();
    const globals = [
      { provide: CONFIG, useValue: { REDIS_URL: this.redis.url, ...config } },
      { provide: Bus, useValue: bus },
      { provide: HealthRegistry, useValue: health },
      { provide: LOGGER, useValue: createLogger({ service: 'auth', instance, level: 'silent' }) },
    ];
    const module = await Test.createTestingModule({
      imports: [
        { module: class TestRuntime {}, global: true, providers: globals, exports: globals },
        AuthModule.persistence(this.databaseUrl),
        AuthModule,
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
    return { module, health, stop };
  }

  /** The gateway's bus, once the instances answer: starting holds the event loop up, and they refuse stale requests. */
  async startGateway(): Promise<Bus> {
    const gateway = await this.connect('gateway');
    await eventually(
      async () => {
        const digest = credentialDigest('never issued');
        const answer = gateway.request(verifyCredential, { kind: 'session', digest });
        await expect(answer).rejects.toMatchObject({ code: 'AUTH.CREDENTIAL_REFUSED' });
      },
      { timeoutMs: 15_000 },
    );
    return gateway;
  }

  query<R extends Record<string, unknown>>(sql: string, values: unknown[] = []): Promise<R[]> {
    return this.postgres.query<R>(sql, values, this.databaseUrl);
  }

  async stop(): Promise<void> {
    for (const close of this.#closing) await close();
    await Promise.all([this.nats.stop(), this.postgres.stop(), this.redis.stop()]);
  }
}

export const PASSWORD = 'correct horse battery';

/** What a test does through the gateway's bus, again and again. */
export class PortalUser {
  constructor(private readonly gateway: Bus) {}

  /** Registers a partner with an owner of a new address, or of the one that is given. */
  register(
    email = `${newId('request').toLowerCase()}@example.com`,
  ): Promise<OutputOf<typeof registerPartner>> {
    return this.gateway.request(registerPartner, { name: 'Ada Energy', email, password: PASSWORD });
  }

  logIn(email: string, password = PASSWORD, client_ip?: string): Promise<OutputOf<typeof createSession>> {
    return this.gateway.request(createSession, { email, password, ...(client_ip ? { client_ip } : {}) });
  }

  /** What the gateway does with a credential it meets anew. */
  async verify(kind: 'api_key' | 'session', secret: string): Promise<Principal> {
    const digest = credentialDigest(secret);
    return (await this.gateway.request(verifyCredential, { kind, digest })).principal;
  }

  /** A new partner's owner, logged in. */
  async owner(): Promise<Principal> {
    const { user } = await this.register();
    return this.verify('session', (await this.logIn(user.email)).token);
  }
}
