import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Bus, BusServer } from '@gridworks/bus';
import { createPause, getIncident, listIncidents, listPauses, removePause } from '@gridworks/contracts';
import { createLogger } from '@gridworks/observability';
import { CONFIG, HealthRegistry, LOGGER, loadConfig, ServiceInfo } from '@gridworks/runtime';
import { eventually, type PostgresServer, startPostgres } from '@gridworks/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Test } from '@nestjs/testing';
import { healerConfig } from '../src/healer.config.ts';
import { HealerModule } from '../src/healer.module.ts';
import { createHealer } from '../src/healing/create-healer.ts';
import { SIGNING_KEY } from './fake-instance.ts';
import { HealerFixture } from './healer-fixture.ts';
import { symptom } from './symptoms.ts';

process.env.LOG_LEVEL = 'silent';

/** The service as it is put together in production, with PostgreSQL away when it starts. */
describe('the healer as a service', () => {
  let fixture: HealerFixture;
  let postgres: PostgresServer;
  let gateway: Bus;
  let databaseUrl: string;
  let stop: () => Promise<void>;

  beforeAll(async () => {
    [fixture, postgres] = await Promise.all([HealerFixture.start(), startPostgres()]);
    databaseUrl = await postgres.createServiceDatabase('healer');
    await postgres.kill9();
    await fixture.instance('billing');
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
    });
    const logger = createLogger({ service: 'healer', instance: 'healer', level: 'silent' });
    const connect = (service: 'healer' | 'gateway') =>
      Bus.connect({
        servers: fixture.nats.url,
        ...fixture.nats.credentials(service),
        service,
        instance: service,
        signingKey: SIGNING_KEY,
        logger,
      });
    const bus = await connect('healer');
    gateway = await connect('gateway');
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
    const app = module.createNestMicroservice({ strategy: new BusServer(bus), logger: false });
    healer.watchdog.start();
    healer.start();
    await app.listen();
    stop = async () => {
      await healer.stop();
      await app.close();
      await bus.close();
      await gateway.close();
      await fixture.stop();
      await postgres.stop();
      await rm(stateDir, { recursive: true, force: true });
    };
  }, 60_000);
  afterAll(() => stop?.());

  it('heals, tells and can be paused without PostgreSQL, and writes history when it is back', async () => {
    const pause = await gateway.request(createPause, {
      scope: 'service:auth',
      reason: 'a deploy',
      seconds: 60,
    });
    expect(pause).toMatchObject({ effect: 'pause', scope: 'service:auth' });
    expect((await gateway.request(listPauses, {})).data).toEqual([pause]);
    expect(await gateway.request(removePause, { id: pause.id })).toEqual(pause);
    await expect(gateway.request(removePause, { id: pause.id })).rejects.toMatchObject({
      code: 'HEALER.PAUSE_NOT_FOUND',
    });

    await fixture.tell(symptom('instance.restarted'));
    const incident = await eventually(
      async () => {
        const { data } = await gateway.request(listIncidents, {});
        expect(data).toMatchObject([{ status: 'resolved', mailed_at: expect.any(String) }]);
        return data[0]!;
      },
      { timeoutMs: 15_000 },
    );
    expect(await gateway.request(getIncident, { id: incident.id })).toEqual(incident);
    expect((await gateway.request(listIncidents, { status: 'open' })).data).toEqual([]);
    expect((await gateway.request(listIncidents, { starting_after: incident.id })).data).toEqual([]);

    await postgres.restart();
    await eventually(
      async () => {
        const rows = await postgres.query<{ n: string }>(
          `select count(*) as n from healing_events where incident_id = $1`,
          [incident.id],
          databaseUrl,
        );
        expect(Number(rows[0]?.n)).toBe(incident.timeline.length);
      },
      { timeoutMs: 25_000, everyMs: 200 },
    );
  }, 60_000);

  it('refuses an environment that makes no sense', () => {
    expect(() =>
      loadConfig('healer', healerConfig, { HEALER_DRY_RUN: 'perhaps', HEALER_CHAIN_LIMIT: '0' }),
    ).toThrow(/HEALER_CHAIN_LIMIT[\s\S]*|HEALER_DRY_RUN/);
  });
});
