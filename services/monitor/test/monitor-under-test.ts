import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Bus, BusServer, type PlanOptions, publicKeyOf } from '@gridworks/bus';
import {
  type Check,
  getCheck,
  getSystemHealth,
  type OutputOf,
  reportSymptom,
  type ServiceName,
  type Symptom,
  symptomObserved,
  watchDeadLetters,
} from '@gridworks/contracts';
import { createLogger } from '@gridworks/observability';
import { classify, fingerprint, HealingEnvironment } from '@gridworks/resilience';
import {
  CallQueue,
  CallReplays,
  CONFIG,
  connectHealing,
  HealthRegistry,
  LOGGER,
  ServiceInfo,
} from '@gridworks/runtime';
import {
  endWithTest,
  eventually,
  type NatsServer,
  type PostgresServer,
  type RedisServer,
  startNats,
  startPostgres,
  startRedis,
} from '@gridworks/testing';
import { asAdmin } from '@gridworks/testing/service';
import { expect } from '@jest/globals';
import { Test } from '@nestjs/testing';
import type { SystemHealth } from '../src/health/system-health.ts';
import { MonitorModule } from '../src/monitor.module.ts';

process.env.LOG_LEVEL = 'silent';
const SIGNING_KEY = 'a signing key for tests, of no worth';
const instanceFile = fileURLToPath(new URL('fixtures/instance.ts', import.meta.url));

/** A real instance in a process of its own. */
export interface Instance {
  readonly pid: number;
  signal(signal: NodeJS.Signals): void;
  /** How many database connections it says that it has lost. */
  lose(connections: number): Promise<void>;
  end(signal: NodeJS.Signals): Promise<void>;
}

/** Monitor over real servers with the allow-lists of production, real instances to watch, and a healer's ear. */
export class MonitorUnderTest {
  readonly nats: NatsServer;
  readonly postgres: PostgresServer;
  readonly redis: RedisServer;
  /** Every symptom that was published to the healer, in order. */
  readonly symptoms: Symptom[] = [];
  /** Traces of the symptoms, by symptom id. */
  readonly traces = new Map<string, Set<string | undefined>>();
  /** How often each symptom was published to the healer as firing. */
  readonly firings = new Map<string, number>();
  /** Symptoms that came outside of the event stream, in the form of `published()`. */
  readonly pastTheStream: string[] = [];
  readonly #databaseUrl: string;
  readonly #folder: string;
  readonly #instances = new Set<ChildProcess>();
  readonly #closing: (() => Promise<unknown>)[] = [];
  readonly #gatewayHttp = createServer((_request, response) => response.end());
  #healer!: Bus;
  #gateway!: Bus;
  #deadLetters = 0;
  #monitor: { stop(): Promise<void>; vanish(): Promise<void> } | undefined;

  private constructor(
    servers: { nats: NatsServer; postgres: PostgresServer; redis: RedisServer },
    databaseUrl: string,
    folder: string,
  ) {
    this.nats = servers.nats;
    this.postgres = servers.postgres;
    this.redis = servers.redis;
    this.#databaseUrl = databaseUrl;
    this.#folder = folder;
  }

  /** `plan`: changes to the streams. */
  static async start(plan: PlanOptions = {}): Promise<MonitorUnderTest> {
    const [nats, postgres, redis] = await Promise.all([
      startNats({ withPermissions: true, plan }),
      startPostgres(),
      startRedis(),
    ]);
    const databaseUrl = await postgres.createServiceDatabase('monitor');
    const folder = await mkdtemp(join(tmpdir(), 'gridworks-monitor-'));
    const under = new MonitorUnderTest({ nats, postgres, redis }, databaseUrl, folder);
    under.#gatewayHttp.listen(0, '127.0.0.1');
    await once(under.#gatewayHttp, 'listening');
    under.#healer = await under.connect('healer');
    under.#gateway = await under.connect('gateway');
    await under.#healer.serve(reportSymptom, ({ state, signal, target }) => {
      under.pastTheStream.push(`${state} ${signal} ${target.process}`);
      return { taken: 'noted' as const };
    });
    const taken = new Set<string>();
    await under.#healer.consume(symptomObserved, 'healer_observe-symptom', async (event) => {
      const { id, state } = event.payload;
      if (state === 'firing') under.firings.set(id, (under.firings.get(id) ?? 0) + 1);
      // An acknowledgement may be lost with the bus; then the event comes again.
      if (taken.has(event.id)) return;
      taken.add(event.id);
      under.symptoms.push(event.payload);
      under.traces.set(id, (under.traces.get(id) ?? new Set()).add(event.traceparent));
    });
    return under;
  }

  /** `firing instance.restarted billing` */
  published(): string[] {
    return this.symptoms.map(({ state, signal, target }) => `${state} ${signal} ${target.process}`);
  }

  /** Waits until all of these were published to the healer, in any order. */
  async receives(...expected: string[]): Promise<void> {
    await eventually(
      () => {
        const published = this.published();
        const missing = expected.filter((one) => !published.includes(one));
        if (missing.length > 0)
          throw new Error(`not told: ${missing.join(', ')}; told: ${published.join(', ')}`);
      },
      { timeoutMs: 20_000, everyMs: 50 },
    );
  }

  /** Waits until this reached the healer past the event stream. */
  async reportsPastTheStream(expected: string): Promise<void> {
    await eventually(() => expect(this.pastTheStream).toContain(expected), {
      timeoutMs: 20_000,
      everyMs: 50,
    });
  }

  forget(): void {
    this.symptoms.length = 0;
  }

  /** `more`: further variables of its configuration. */
  async startMonitor(more: Readonly<Record<string, string>> = {}): Promise<void> {
    const bus = await this.connect('monitor');
    const health = new HealthRegistry();
    const logger = createLogger({ service: 'monitor', instance: 'monitor', level: 'silent' });
    const { port } = this.#gatewayHttp.address() as AddressInfo;
    const info = new ServiceInfo('monitor', 'monitor', '0');
    const environment = new HealingEnvironment({ classify, fingerprint });
    const healing = connectHealing({ bus, info, logger, environment });
    const config = { REDIS_URL: this.redis.url, GATEWAY_URL: `http://127.0.0.1:${port}`, ...more };
    const globals = [
      { provide: Bus, useValue: bus },
      { provide: HealthRegistry, useValue: health },
      { provide: LOGGER, useValue: logger },
      { provide: CONFIG, useValue: config },
      { provide: ServiceInfo, useValue: info },
      { provide: CallQueue, useValue: healing.queue },
      { provide: CallReplays, useValue: healing.replays },
    ];
    const module = await Test.createTestingModule({
      imports: [
        { module: class TestRuntime {}, global: true, providers: globals, exports: globals },
        MonitorModule.persistence(this.#databaseUrl),
        MonitorModule,
      ],
    }).compile();
    const app = module.createNestMicroservice({
      strategy: new BusServer(bus, { complete: true }),
      logger: false,
    });
    await app.listen();
    await healing.replays.start();
    this.#monitor = {
      stop: async () => {
        await healing.replays.stop();
        await app.close();
        await healing.stop();
        await bus.close();
      },
      // Without its bus monitor can neither publish nor store anything: as good as killed.
      vanish: async () => {
        await bus.close();
        await healing.replays.stop();
        await app.close();
        await healing.stop();
      },
    };
  }

  /** Ends monitor on purpose, or as a kill would: with nothing more said. */
  async endMonitor(how: 'stop' | 'vanish'): Promise<void> {
    await this.#monitor?.[how]();
    this.#monitor = undefined;
  }

  async health(): Promise<SystemHealth> {
    return this.asAdmin.request(getSystemHealth, {});
  }

  /** Requests of an admin, as the gateway sends them. */
  get asAdmin() {
    return asAdmin(this.#gateway);
  }

  async check(name: string): Promise<Check> {
    return this.asAdmin.request(getCheck, { name });
  }

  /** Waits until the check is in this state. */
  async seesCheck(name: string, state: Check['state']): Promise<Check> {
    let check: Check | undefined;
    await eventually(
      async () => {
        check = await this.check(name);
        if (check.state !== state)
          throw new Error(`${name} is ${check.state}: ${JSON.stringify(check.last_run)}`);
      },
      { timeoutMs: 40_000, everyMs: 100 },
    );
    return check!;
  }

  /** Waits until monitor has seen it ready. */
  async seesReady(instance: string): Promise<void> {
    await eventually(
      async () => {
        const check = (await this.health()).checks.find(
          ({ component }) => component === `service:${instance}`,
        );
        if (check?.status !== 'pass') throw new Error(`${instance} is ${check?.status}: ${check?.detail}`);
      },
      { timeoutMs: 15_000, everyMs: 100 },
    );
  }

  query<R extends Record<string, unknown>>(sql: string): Promise<R[]> {
    return this.postgres.query<R>(sql, [], this.#databaseUrl);
  }

  async startInstance(service: ServiceName, name: string = service): Promise<Instance> {
    const lostFile = join(this.#folder, `${name}.lost`);
    await writeFile(lostFile, '0');
    const { user, password } = this.nats.credentials(service);
    const child = endWithTest(
      spawn(process.execPath, ['--conditions=source', '--no-warnings', instanceFile], {
        env: {
          PATH: process.env.PATH,
          FIXTURE_SERVICE: service,
          FIXTURE_LOST_FILE: lostFile,
          SERVICE_INSTANCE: name,
          NATS_URL: this.nats.url,
          NATS_USER: user,
          NATS_PASSWORD: password,
          SIGNING_PUBLIC_KEY: publicKeyOf(SIGNING_KEY),
          LOG_LEVEL: 'error',
        },
        stdio: ['ignore', 'ignore', 'inherit'],
      }),
    );
    this.#instances.add(child);
    return {
      pid: child.pid!,
      signal: (signal) => child.kill(signal),
      lose: (connections) => writeFile(lostFile, String(connections)),
      end: async (signal) => {
        const ended = once(child, 'close');
        child.kill(signal);
        await ended;
        this.#instances.delete(child);
      },
    };
  }

  /** A copy of a metered call that billing gave up. */
  async leaveDeadLetter(): Promise<void> {
    const billing = await this.connect('billing');
    const id = `dead-${++this.#deadLetters}`;
    await billing.publishRaw('dead.event.gateway.usage.recorded', '{}', { 'Nats-Msg-Id': id });
  }

  /** What a healer says of the dead letters that wait, from now on. A healer that sends pulses must run, too. */
  async healerCounts(counts: () => OutputOf<typeof watchDeadLetters>): Promise<void> {
    await this.#healer.serve(watchDeadLetters, counts);
  }

  async stop(): Promise<void> {
    for (const child of this.#instances) child.kill('SIGKILL');
    await this.endMonitor('stop');
    for (const close of this.#closing) await close();
    this.#gatewayHttp.close();
    await Promise.all([this.nats.stop(), this.postgres.stop(), this.redis.stop()]);
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** A bus as this service; closed at the end. */
  async connect(service: ServiceName): Promise<Bus> {
    const bus = await Bus.connect({
      servers: this.nats.url,
      ...this.nats.credentials(service),
      service,
      instance: service,
      signingKey: SIGNING_KEY,
      logger: createLogger({ service, instance: service, level: 'silent' }),
    });
    this.#closing.push(() => bus.close());
    return bus;
  }
}
