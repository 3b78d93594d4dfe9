import { setTimeout as sleep } from 'node:timers/promises';
import { Bus } from '@gridworks/bus';
import { EVENT_STREAM, type ForecastView, type Pulse } from '@gridworks/contracts';
import type { Logger } from '@gridworks/observability';
import { LOGGER, ServiceInfo } from '@gridworks/runtime';
import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { AnomalyWatch } from '../anomalies/anomaly-watch.ts';
import { CheckJudge } from '../check-runs/check-judge.ts';
import { CheckRunner } from '../check-runs/check-runner.ts';
import { CheckSettingsRepository } from '../check-runs/check-settings.repository.ts';
import { type CheckOutcome, OUTER_CHECKS, type RunnableCheck } from '../checks/check-outcome.ts';
import { showDatabaseFigures } from '../checks/database/database-metrics.ts';
import { SessionsCheck } from '../checks/database/sessions.check.ts';
import { EventLogCheck, type EventLogReading } from '../checks/events/event-log.check.ts';
import { EventLogMetrics } from '../checks/events/event-log-metrics.ts';
import { GatewayHttpCheck } from '../checks/processes/gateway-http.check.ts';
import { InstanceCheck } from '../checks/processes/instance.check.ts';
import { SERVER_CHECKS, type ServerCheck } from '../checks/servers/server-check.ts';
import { HealthRecorder } from '../health/health-recorder.ts';
import { publicChecks } from '../health/public-health.ts';
import { type SystemHealth, systemHealth } from '../health/system-health.ts';
import { MetricHistory } from '../metrics/metric-history.ts';
import type { TrackedInstance } from '../pulses/tracked-instance.ts';
import { EventLog } from '../symptoms/event-log.ts';
import { SessionJudge } from '../symptoms/judge-sessions.ts';
import { openTrace } from '../symptoms/open-trace.ts';
import { SymptomPublisher } from '../symptoms/symptom-publisher.ts';
import { coreChecks } from './core-checks.ts';
import { forecastViews } from './forecast-views.ts';
import { RegistryRepository } from './registry.repository.ts';
import { ROUND_MS, Watch } from './watch.ts';

const READ_SESSIONS_EVERY_MS = 1000;
const READ_FIGURES_EVERY_MS = 10_000;
const JUDGE_EVERY_MS = 1000;
const REMEMBER_EVERY_MS = 5000;
const RETRY_MS = 250;
/** A bus that responds while its store does not must not keep monitor from watching everything else. */
const RECALL_ATTEMPTS = 10;
/** The state is stored before a symptom is published, but is not waited for longer than this. */
const MEMORY_FIRST_MS = 200;

/**
 * Gives pulses, checks and time to the watch, and does what its rounds request. It never acts on a target.
 */
@Injectable()
export class WatchLoop implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #watch: Watch;
  readonly #log = new EventLog();
  readonly #sessionJudge = new SessionJudge();
  readonly #logMetrics = new EventLogMetrics();
  #lastReading: (EventLogReading & { readonly at: number }) | null = null;
  readonly #probing = new Set<string>();
  /** Boots of healers to which the open symptoms were published, by instance. */
  readonly #briefed = new Map<string, string>();
  readonly #stop = new AbortController();
  readonly #running: Promise<void>[] = [];
  #timer: NodeJS.Timeout | undefined;
  #began = false;
  #storing = true;
  /** Grows when the open symptoms must be published again to all healers. */
  #briefing = 0;
  #recallAttempts = 0;

  constructor(
    private readonly bus: Bus,
    private readonly registry: RegistryRepository,
    private readonly publisher: SymptomPublisher,
    private readonly recorder: HealthRecorder,
    private readonly gatewayHttp: GatewayHttpCheck,
    private readonly instance: InstanceCheck,
    private readonly eventLog: EventLogCheck,
    private readonly sessions: SessionsCheck,
    private readonly history: MetricHistory,
    private readonly anomalies: AnomalyWatch,
    private readonly checks: CheckRunner,
    private readonly judge: CheckJudge,
    private readonly settings: CheckSettingsRepository,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(SERVER_CHECKS) private readonly servers: readonly ServerCheck[],
    @Inject(OUTER_CHECKS) private readonly outerChecks: readonly RunnableCheck[],
    info: ServiceInfo,
  ) {
    this.#watch = new Watch(info.instance, openTrace);
  }

  onApplicationBootstrap(): void {
    this.#running.push(this.#begin());
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#stop.abort();
    clearInterval(this.#timer);
    await Promise.all([...this.#running, this.checks.stop()]);
    await this.publisher.close();
    if (this.#began) await this.registry.saveLast(this.#watch.remember());
    await this.recorder.close();
  }

  /** The present health. */
  health(): SystemHealth {
    const { instances, servers, gatewayHttp } = this.#watch;
    const connected = this.bus.state() === 'connected';
    return systemHealth(
      { instances: instances.all(), servers: servers.values(), gatewayHttp, connected },
      Date.now(),
    );
  }

  /** What is watched that may run out, the soonest end first. */
  forecasts(): ForecastView[] {
    const now = Date.now();
    return forecastViews(this.#watch.forecasts, this.#watch.instances.all(), now);
  }

  /** The state of the streams as it was read last, `at` in ms since the epoch; null before the first reading. */
  eventLogReading(): (EventLogReading & { readonly at: number }) | null {
    return this.#lastReading;
  }

  /** The last pulse of each instance that is not silent. */
  latestPulses(): Pulse[] {
    const silent = new Set(this.#watch.instances.silent(Date.now()));
    return this.#watch.instances
      .all()
      .filter((known) => known.received && !silent.has(known))
      .map(({ pulse }) => pulse);
  }

  /** Nothing is judged before the stored state was read: a missing instance would not be noticed. */
  async #begin(): Promise<void> {
    const signal = this.#stop.signal;
    while (!signal.aborted && !(await this.#recall())) await pause(RETRY_MS, signal);
    if (signal.aborted) return;
    this.#began = true;
    const pulses = this.bus.listenPulse((pulse) => this.#onPulse(pulse));
    const off = this.bus.onState((state) => this.#watch.busIs(state === 'connected', Date.now()));
    signal.addEventListener('abort', () => {
      pulses.stop();
      off();
    });
    this.#watch.busIs(this.bus.state() === 'connected', Date.now());
    this.#repeat(READ_SESSIONS_EVERY_MS, () => this.#readSessions());
    this.#repeat(READ_FIGURES_EVERY_MS, () =>
      this.sessions.figures().then(showDatabaseFigures, () => undefined),
    );
    this.#running.push(this.#followSettings());
    this.checks.troubled = (component, now) => this.#watch.troubled(component, now);
    this.checks.start([
      ...coreChecks({
        watch: this.#watch,
        servers: this.servers,
        gatewayHttp: this.gatewayHttp,
        probe: (pulse, timeoutMs) => this.instance.probe(pulse, timeoutMs),
        onStored: (server) => this.#stored(server),
        readEventLog: () => this.#readLog(),
      }),
      ...this.outerChecks,
    ]);
    this.#repeat(JUDGE_EVERY_MS, () => this.#record());
    this.#repeat(REMEMBER_EVERY_MS, () => this.#remember());
    this.#timer = setInterval(() => this.#round(), ROUND_MS);
  }

  /** Until the bus has given the settings, the checks run with their defaults. */
  async #followSettings(): Promise<void> {
    const signal = this.#stop.signal;
    const follow = () =>
      this.settings.follow().then(
        () => true,
        () => false,
      );
    while (!signal.aborted && !(await follow())) await pause(RETRY_MS, signal);
    signal.addEventListener('abort', () => this.settings.stop(), { once: true });
    if (signal.aborted) this.settings.stop();
  }

  async #recall(): Promise<boolean> {
    try {
      const found = await this.registry.load();
      if (found) this.#watch.resume(found.memory, Date.now(), found.cold);
      const facts = { instances: found?.memory.instances.length ?? 0, cold: found?.cold ?? true };
      this.logger.log('monitor.memory_read', facts);
      return true;
    } catch (error) {
      const unreadable = (error as { kind?: string }).kind === 'internal';
      const refused = this.bus.state() === 'connected' && ++this.#recallAttempts >= RECALL_ATTEMPTS;
      if (this.bus.state() === 'connected' && (unreadable || refused)) {
        this.logger.log('monitor.memory_unreadable', { error });
        return true;
      }
      return false;
    }
  }

  #onPulse(pulse: Pulse): void {
    const now = Date.now();
    if (this.#watch.onPulse(pulse, now)) void this.#remember();
    if (this.#watch.instances.accepted(pulse)) this.history.record(pulse, now);
    if (pulse.service === 'healer' && pulse.state === 'ready') this.#brief(pulse);
  }

  /** Publishes the open symptoms to every healer as soon as it is ready. */
  #brief({ instance, boot_id: bootId }: Pulse): void {
    if (this.#briefed.get(instance) === bootId) return;
    this.#briefed.set(instance, bootId);
    const occasion = this.#briefing === 0 ? bootId : `${bootId}-${this.#briefing}`;
    void this.publisher.republish(this.#watch.open(), occasion).catch((error: unknown) => {
      this.logger.log('symptom.republish_failed', { error });
      this.#briefed.delete(instance);
    });
  }

  #round(): void {
    const { published, suspects } = this.#watch.round(Date.now());
    for (const suspect of suspects) void this.#probe(suspect);
    if (published.length === 0) return;
    // The next monitor must know each published symptom, to be able to clear it.
    void Promise.race([this.#remember(), sleep(MEMORY_FIRST_MS)]).then(() =>
      this.publisher.publish(published),
    );
  }

  async #probe({ pulse }: TrackedInstance): Promise<void> {
    const { instance, boot_id: bootId } = pulse;
    if (this.#probing.has(instance)) return;
    this.#probing.add(instance);
    try {
      const probe = await this.instance.probe(pulse);
      if (this.#watch.probed({ instance, bootId }, probe, Date.now())) void this.#remember();
    } finally {
      this.#probing.delete(instance);
    }
  }

  #stored({ name }: ServerCheck): void {
    if (name !== 'nats') return;
    const storing = !this.#watch.servers.get('nats')!.storeSuspicious;
    this.publisher.storing(storing);
    // Symptoms that were confirmed while nothing was stored never arrived: the open symptoms are published
    // again.
    if (storing && !this.#storing) {
      this.#briefed.clear();
      this.#briefing++;
    }
    this.#storing = storing;
  }

  async #record(): Promise<void> {
    const now = Date.now();
    this.#watch.found('checks', this.judge.judge(now));
    this.#watch.odd(this.anomalies.persisting());
    const health = this.health();
    this.recorder.update(
      [...health.checks, ...publicChecks(health), ...this.judge.rows(now)],
      performance.now(),
    );
  }

  async #readLog(): Promise<CheckOutcome> {
    if (this.bus.state() !== 'connected')
      return { passed: false, responseMs: null, detail: 'the bus is away' };
    const started = performance.now();
    const healers = this.#watch.instances.of('healer');
    const reading = await this.eventLog.read(
      healers.some(({ pulse, unresponsive }) => pulse.state === 'ready' && !unresponsive),
    );
    this.#logMetrics.update(reading);
    const events = reading.streams.find(({ stream }) => stream === EVENT_STREAM.name);
    if (events) this.#watch.used(events, Date.now());
    this.#lastReading = { ...reading, at: Date.now() };
    this.#watch.found('streams', this.#log.update(reading, Date.now()));
    return { passed: true, responseMs: performance.now() - started, detail: null };
  }

  /** A server that does not respond has a check of its own, and its sessions are as they were seen last. */
  async #readSessions(): Promise<void> {
    const sessions = await this.sessions.read().catch(() => null);
    if (sessions) this.#watch.found('sessions', this.#sessionJudge.update(sessions, Date.now()));
  }

  #remember(): Promise<void> {
    return this.registry.save(this.#watch.remember());
  }

  /** Repeats `work`, each time `everyMs` after the last run began, and never twice at once. */
  #repeat(everyMs: number, work: () => Promise<void>): void {
    const run = async () => {
      while (!this.#stop.signal.aborted) {
        const started = performance.now();
        await work().catch((error: unknown) => this.logger.log('monitor_task.failed', { error }));
        await pause(Math.max(50, everyMs - (performance.now() - started)), this.#stop.signal);
      }
    };
    this.#running.push(run());
  }
}

const pause = (ms: number, signal: AbortSignal): Promise<unknown> =>
  sleep(ms, undefined, { signal }).catch(() => undefined);
