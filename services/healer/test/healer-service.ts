import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Bus, BusServer, publicKeyOf } from '@gridworks/bus';
import type { ServiceName } from '@gridworks/contracts';
import { createLogger } from '@gridworks/observability';
import { CONFIG, HealthRegistry, LOGGER, loadConfig, ServiceInfo } from '@gridworks/runtime';
import type { Type } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { createHealer } from '../src/create-healer.ts';
import { healerConfig } from '../src/healer.config.ts';
import { HealerModule } from '../src/healer.module.ts';
import type { Healer } from '../src/healer.ts';
import { SIGNING_KEY } from './fake-instance.ts';
import type { HealerFixture } from './healer-fixture.ts';

process.env.LOG_LEVEL ??= 'silent';

export interface HealerService {
  readonly healer: Healer;
  /** The healer's own connection, and one of the gateway. */
  readonly bus: Bus;
  readonly gateway: Bus;
  /** What Nest has made of this class. */
  get<T>(provider: Type<T>): T;
  /** A connection of another service. Closed with the healer. */
  connect(service: ServiceName): Promise<Bus>;
  stop(): Promise<void>;
}

/** The healer as it is put together in production, all its consumers included. */
export async function startHealerService(
  fixture: HealerFixture,
  databaseUrl: string,
  environment: Record<string, string> = {},
): Promise<HealerService> {
  const stateDir = await mkdtemp(join(tmpdir(), 'gridworks-healer-'));
  const { user, password } = fixture.nats.credentials('healer');
  const config = loadConfig('healer', healerConfig, {
    NATS_URL: fixture.nats.url,
    NATS_USER: user,
    NATS_PASSWORD: password,
    DATABASE_URL: databaseUrl,
    SIGNING_PUBLIC_KEY: publicKeyOf(SIGNING_KEY),
    PLATFORM_SOCKET: fixture.platform.socketPath,
    PLATFORM_TOKEN: fixture.platform.token,
    SMTP_URL: fixture.smtp.url,
    ADMIN_EMAILS: 'admin@gridworks.example',
    HEALER_STATE_DIR: stateDir,
    LOG_LEVEL: 'silent',
    ...environment,
  });
  const logger = createLogger({ service: 'healer', instance: 'healer', level: 'silent' });
  const buses: Bus[] = [];
  const connect = async (service: ServiceName): Promise<Bus> => {
    const connected = await Bus.connect({
      servers: fixture.nats.url,
      ...fixture.nats.credentials(service),
      service,
      instance: service,
      signingKey: SIGNING_KEY,
      logger,
    });
    buses.push(connected);
    return connected;
  };
  const [bus, gateway] = [await connect('healer'), await connect('gateway')];
  const healer = createHealer(config);
  const globals = [
    { provide: Bus, useValue: bus },
    { provide: HealthRegistry, useValue: new HealthRegistry() },
    { provide: LOGGER, useValue: logger },
    { provide: CONFIG, useValue: config },
    { provide: ServiceInfo, useValue: new ServiceInfo('healer', 'healer', '0') },
  ];
  const module = await Test.createTestingModule({
    imports: [
      { module: class TestRuntime {}, global: true, providers: globals, exports: globals },
      HealerModule.persistence(config.DATABASE_URL),
      HealerModule.forHealer(healer),
    ],
  }).compile();
  const app = module.createNestMicroservice({
    strategy: new BusServer(bus, { complete: true }),
    logger: false,
  });
  healer.watchdog.start();
  healer.start();
  await app.listen();
  return {
    healer,
    bus,
    gateway,
    get: (provider) => app.get(provider),
    connect,
    stop: async () => {
      await healer.stop();
      await app.close();
      for (const each of buses) await each.close();
      await rm(stateDir, { recursive: true, force: true });
    },
  };
}
