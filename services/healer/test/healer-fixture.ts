import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Bus } from '@gridworks/bus';
import { type Incident, newId, type ServiceName, type Symptom, symptomObserved } from '@gridworks/contracts';
import { AdminNotifier } from '@gridworks/notifications';
import { createLogger, newTraceparent } from '@gridworks/observability';
import { type NatsServer, type SmtpServerHandle, startNats, startSmtp } from '@gridworks/testing';
import { Healer, type HealerOptions, type HealerParts } from '../src/healer.ts';
import { DEFAULT_LIMITS } from '../src/healing/healing-limits.ts';
import { LocalSupervisor } from '../src/platform/local-supervisor.ts';
import { type FakeInstance, SIGNING_KEY, startFakeInstance } from './fake-instance.ts';
import { type FakePlatform, startFakePlatform } from './fake-platform.ts';

export interface RunningHealer {
  readonly healer: Healer;
  readonly parts: HealerParts;
  readonly bus: Bus;
  stop(): Promise<void>;
}

/** Real NATS with the allow-lists of production, real SMTP, a platform on a real socket, and as many healers as wanted. */
export class HealerFixture {
  readonly instances = new Map<string, FakeInstance>();
  readonly #healers = new Set<RunningHealer>();

  private constructor(
    readonly nats: NatsServer,
    readonly smtp: SmtpServerHandle,
    readonly platform: FakePlatform,
    readonly monitorBus: Bus,
    readonly stateDir: string,
  ) {}

  static async start(): Promise<HealerFixture> {
    const [nats, smtp, platform, stateDir] = await Promise.all([
      startNats({ withPermissions: true }),
      startSmtp(),
      startFakePlatform(),
      mkdtemp(join(tmpdir(), 'gridworks-healer-')),
    ]);
    platform.has(
      'billing',
      'billing-2',
      'auth',
      'support',
      'gateway',
      'monitor',
      'healer',
      'nats',
      'postgres',
      'redis',
    );
    const monitorBus = await Bus.connect({
      servers: nats.url,
      ...nats.credentials('monitor'),
      service: 'monitor',
      instance: 'monitor',
      signingKey: SIGNING_KEY,
    });
    return new HealerFixture(nats, smtp, platform, monitorBus, stateDir);
  }

  /** A connection of another service, which the caller closes. */
  connect(service: ServiceName): Promise<Bus> {
    return Bus.connect({
      servers: this.nats.url,
      ...this.nats.credentials(service),
      service,
      instance: service,
      signingKey: SIGNING_KEY,
    });
  }

  async instance(
    service: Parameters<typeof startFakeInstance>[1],
    name: string = service,
  ): Promise<FakeInstance> {
    const instance = await startFakeInstance(this.nats, service, name);
    this.instances.set(name, instance);
    return instance;
  }

  options(more: Partial<HealerOptions> = {}): HealerOptions {
    const logger = createLogger({
      service: 'healer',
      instance: 'healer',
      level: process.env.LOG_LEVEL ?? 'silent',
    });
    const mail = {
      SMTP_URL: this.smtp.url,
      EMAIL_FROM: 'portal@gridworks.example',
      ADMIN_EMAILS: ['admin@gridworks.example'],
      PORTAL_URL: 'http://127.0.0.1:8080',
    };
    return {
      instance: 'healer',
      boot: randomBytes(6).toString('hex'),
      platform: new LocalSupervisor(this.platform.socketPath, this.platform.token),
      servers: {
        nats: { url: this.nats.url, ...this.nats.credentials('healer') },
        postgres: undefined,
        redis: undefined,
      },
      limits: DEFAULT_LIMITS,
      windows: { dependentsMs: 30_000, recurrenceMs: 10_000 },
      leaseMs: 1500,
      stateDir: this.stateDir,
      busCooldownMs: 15_000,
      mailSender: new AdminNotifier(mail, logger),
      recipients: 1,
      logger,
      ...more,
    };
  }

  /** A healer without a bus. */
  lonely(more: Partial<HealerOptions> = {}): Healer {
    return new Healer(this.options(more));
  }

  /** A healer, consuming symptoms as in production. */
  async healer(more: Partial<HealerOptions> = {}): Promise<RunningHealer> {
    const options = this.options(more);
    const healer = new Healer(options);
    const bus = await Bus.connect({
      servers: this.nats.url,
      ...this.nats.credentials('healer'),
      service: 'healer',
      instance: options.instance,
      signingKey: SIGNING_KEY,
      logger: options.logger,
    });
    const parts = await healer.open(bus);
    const consumption = await bus.consume(
      symptomObserved,
      'healer_observe-symptom',
      (event) => healer.observe(event.payload, event.traceparent ?? null),
      { concurrency: 1 },
    );
    healer.watchdog.start();
    healer.start();
    const running: RunningHealer = {
      healer,
      parts,
      bus,
      stop: async () => {
        this.#healers.delete(running);
        const stopping = consumption.stop();
        await healer.stop();
        await stopping;
        await bus.close();
      },
    };
    this.#healers.add(running);
    return running;
  }

  /** Publishes a symptom as monitor does. */
  async report(one: Symptom, traceparent: string = newTraceparent()): Promise<Symptom> {
    await this.monitorBus.publish(symptomObserved, one, { traceparent, id: newId('event') });
    return one;
  }

  /** Every published incident. */
  incidents(running: RunningHealer): Incident[] {
    return running.parts.incidents
      .all()
      .filter(({ hold_until, merged_into }) => hold_until === null && merged_into === null)
      .map(({ incident }) => incident);
  }

  async stop(): Promise<void> {
    for (const running of this.#healers) await running.stop().catch(() => undefined);
    for (const instance of this.instances.values()) await instance.stop().catch(() => undefined);
    await this.monitorBus.close().catch(() => undefined);
    await Promise.all([this.nats.stop(), this.smtp.stop(), this.platform.stop()]);
    await rm(this.stateDir, { recursive: true, force: true });
  }
}
