import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Bus, BusServer } from '@gridworks/bus';
import type { ServiceName } from '@gridworks/contracts';
import { createLogger } from '@gridworks/observability';
import { CONFIG, HealthRegistry, LOGGER, loadConfig, ServiceInfo } from '@gridworks/runtime';
import { type PostgresServer, startPostgres } from '@gridworks/testing';
import { Test } from '@nestjs/testing';
import { healerConfig } from '../src/healer.config.ts';
import { HealerModule } from '../src/healer.module.ts';
import { createHealer } from '../src/healing/create-healer.ts';
import { ModelDesk } from '../src/model/model-desk.ts';
import { VerdictRepository } from '../src/model/verdict.repository.ts';
import { SIGNING_KEY } from './fake-instance.ts';
import { HealerFixture } from './healer-fixture.ts';

export interface HealerWithModel {
  readonly fixture: HealerFixture;
  readonly postgres: PostgresServer;
  readonly databaseUrl: string;
  readonly desk: ModelDesk;
  readonly verdicts: VerdictRepository;
  busOf(service: ServiceName): Bus;
  stop(): Promise<void>;
}

/** The service as it is put together in production, with real NATS and PostgreSQL, and a model at this address. */
export async function startHealerWithModel(environment: Record<string, string>): Promise<HealerWithModel> {
  const [fixture, postgres] = await Promise.all([HealerFixture.start(), startPostgres()]);
  const databaseUrl = await postgres.createServiceDatabase('healer');
  const stateDir = await mkdtemp(join(tmpdir(), 'gridworks-healer-'));
  const { user, password } = fixture.nats.credentials('healer');
  const config = loadConfig('healer', healerConfig, {
    NATS_URL: fixture.nats.url,
    NATS_USER: user,
    NATS_PASSWORD: password,
    DATABASE_URL: databaseUrl,
    SIGNING_KEY,
    PLATFORM_SOCKET: fixture.platform.socketPath,
    PLATFORM_TOKEN: fixture.platform.token,
    SMTP_URL: fixture.smtp.url,
    ADMIN_EMAILS: 'admin@gridworks.example',
    HEALER_STATE_DIR: stateDir,
    LOG_LEVEL: 'silent',
    ...environment,
  });
  const logger = createLogger({ service: 'healer', instance: 'healer', level: 'silent' });
  const buses = new Map<ServiceName, Bus>();
  for (const service of ['healer', 'gateway', 'billing'] as const)
    buses.set(
      service,
      await Bus.connect({
        servers: fixture.nats.url,
        ...fixture.nats.credentials(service),
        service,
        instance: service,
        signingKey: SIGNING_KEY,
        logger,
      }),
    );
  const busOf = (service: ServiceName): Bus => buses.get(service) as Bus;
  const healer = createHealer(config);
  const globals = [
    { provide: Bus, useValue: busOf('healer') },
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
  const app = module.createNestMicroservice({ strategy: new BusServer(busOf('healer')), logger: false });
  healer.start();
  await app.listen();
  return {
    fixture,
    postgres,
    databaseUrl,
    desk: app.get(ModelDesk),
    verdicts: app.get(VerdictRepository),
    busOf,
    stop: async () => {
      await healer.stop();
      await app.close();
      for (const bus of buses.values()) await bus.close();
      await fixture.stop();
      await postgres.stop();
      await rm(stateDir, { recursive: true, force: true });
    },
  };
}
