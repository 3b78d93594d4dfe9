import { type Bus, StoreCheck } from '@gridworks/bus';
import { incidentChanged, instanceRequest, type ServiceName, type Symptom } from '@gridworks/contracts';
import { type Logger, newTraceparent } from '@gridworks/observability';
import { CaptureClaims, captureClaimSchema, NO_CLAIM } from './captures/capture-claims.ts';
import { type CaptureLimits, DEFAULT_CAPTURE_LIMITS } from './captures/settle-captured.ts';
import { actLedgerSchema, EMPTY_LEDGER } from './guards/act.ts';
import { ActLedgerRepository } from './guards/act-ledger.repository.ts';
import { LEASE_OVER, LeaseKeeper, leaseSchema } from './guards/lease.ts';
import { PauseRepository, pauseOfUnreadable, pausesSchema } from './guards/pause.repository.ts';
import type { HealingContext } from './healing/healing-context.ts';
import type { HealingLimits } from './healing/healing-limits.ts';
import { IncidentDriver } from './healing/incident-driver.ts';
import { IncidentPublisher } from './history/incident-publisher.ts';
import type { CorrelationWindows } from './incidents/correlation.ts';
import { IncidentRepository } from './incidents/incident.repository.ts';
import { incidentRecordSchema } from './incidents/incident-record.ts';
import { ErrorIntake } from './intake/error-intake.ts';
import { SymptomIntake } from './intake/symptom-intake.ts';
import { SymptomRouter } from './intake/symptom-router.ts';
import { watchCaptures } from './intake/watch-captures.ts';
import { IncidentMailer, type MailSender } from './notifications/incident-mailer.ts';
import type { Platform } from './platform/platform.ts';
import { checkPlaybook, PLAYBOOK, type PlaybookRule } from './playbook/playbook.ts';
import { remedyCatalogue } from './remedies/catalogue.ts';
import type { SessionEnder } from './remedies/end-session.remedy.ts';
import type { InstanceControl } from './remedies/instance-control.ts';
import { StoredState } from './state/stored-state.ts';
import { versioned } from './state/versioned.ts';
import { ProtocolProber, type ServerAddresses } from './verification/prober.ts';
import { PulseRegistry } from './verification/pulse-registry.ts';
import { adoptBusIncident } from './watchdog/adopt-bus-incident.ts';
import { BusProbe } from './watchdog/bus-probe.ts';
import { BusWatchdog } from './watchdog/bus-watchdog.ts';
import { OwnSymptoms } from './watchdog/own-symptoms.ts';
import { MonitorWatch } from './watchdog/watch-monitor.ts';
import { PlatformWatch } from './watchdog/watch-platform.ts';
import { watchState } from './watchdog/watch-state.ts';
import { WatchdogFile } from './watchdog/watchdog-file.ts';

export interface HealerOptions {
  /** The platform's name of this process, and the identity of its boot. */
  readonly instance: string;
  readonly boot: string;
  readonly platform: Platform;
  readonly servers: ServerAddresses;
  readonly limits: HealingLimits;
  readonly windows: CorrelationWindows;
  readonly leaseMs: number;
  readonly stateDir: string;
  readonly busCooldownMs: number;
  readonly mailSender: MailSender;
  /** How many admins a mail is sent to. */
  readonly recipients: number;
  readonly logger: Logger;
  readonly playbook?: readonly PlaybookRule[];
  readonly captures?: CaptureLimits;
  /** Ends sessions of PostgreSQL. Without it such a remedy fails, and a human is paged. */
  readonly sessions?: SessionEnder;
  /** The folders whose disks it measures itself. Default: the working folder. */
  readonly diskFolders?: readonly string[];
}

const SWEEP_EVERY_MS = 2000;

/**
 * Puts all parts of the healer together. The bus watchdog runs from `guardBus` on, even before there is a
 * bus; everything else runs from `start` on.
 */
export class Healer {
  readonly watchdog: BusWatchdog;
  readonly pulses: PulseRegistry;
  /** The state in buckets, and which of it cannot be read. */
  readonly state: StoredState;
  #bus: Bus | null = null;
  #parts: HealerParts | null = null;
  #storeCheck: StoreCheck | null = null;
  readonly #endings: (() => void)[] = [];
  readonly #clock = (): number => Date.now();

  constructor(private readonly options: HealerOptions) {
    const { limits, logger, mailSender, platform, servers, stateDir } = options;
    this.pulses = new PulseRegistry(this.#clock);
    this.state = new StoredState(logger);
    this.watchdog = new BusWatchdog({
      busProbe: new BusProbe(
        servers.nats,
        () => this.#bus,
        () => this.#storeCheck,
      ),
      remedies: remedyCatalogue(platform, this.#control(), options.sessions ?? null),
      file: new WatchdogFile(stateDir),
      dryRun: limits.dryRun,
      cooldownMs: options.busCooldownMs,
      escalateAfterMs: limits.escalateAfterMs,
      pauses: () => this.#parts?.pauses.lastKnown() ?? [],
      mail: (incident) => mailSender.incident(incident),
      handOver: async (record, mailed) => {
        if (!this.#parts) throw new Error('the bus is not open yet');
        await adoptBusIncident(this.#parts, this.#parts.driver, record, mailed);
      },
      clock: this.#clock,
      logger,
    });
  }

  /** Opens the buckets and reads them; waits for JetStream. The healer does not act yet. */
  async open(bus: Bus): Promise<HealerParts> {
    const { boot, instance, leaseMs, limits, logger, mailSender, platform, recipients, servers, windows } =
      this.options;
    const playbook = this.options.playbook ?? PLAYBOOK;
    checkPlaybook(playbook);
    this.#bus = bus;
    this.#storeCheck = new StoreCheck(bus, 'healer_store_check');
    const { state } = this;
    const [incidentBucket, leases, acts, pauseBucket, claims] = await Promise.all([
      bus.bucket('healer_incidents', versioned(incidentRecordSchema)),
      state.open(bus, 'healer_leases', versioned(leaseSchema), () => LEASE_OVER),
      state.open(bus, 'healer_limits', versioned(actLedgerSchema), () => EMPTY_LEDGER),
      state.open(bus, 'healer_pauses', pausesSchema, () => pauseOfUnreadable(this.#clock())),
      // These keys share the ledger's bucket; like the ledger they live for a day.
      state.open(bus, 'healer_limits', versioned(captureClaimSchema), () => NO_CLAIM),
    ]);
    const publisher = new IncidentPublisher(
      (incident, publishing) => bus.publish(incidentChanged, incident, publishing),
      logger,
    );
    const incidents = new IncidentRepository(
      state.watch(incidentBucket, 'healer_incidents', null),
      (record) => publisher.changed(record),
    );
    const holder = { instance, boot, recipients };
    const mailer = new IncidentMailer(incidents, mailSender, holder, this.#clock, logger);
    const control = this.#control();
    const context: HealingContext = {
      self: instance,
      incidents,
      leases: new LeaseKeeper(leases, { instance, boot }, leaseMs, this.#clock),
      ledger: new ActLedgerRepository(acts, this.#clock),
      pauses: new PauseRepository(pauseBucket, this.#clock),
      remedies: remedyCatalogue(platform, control, this.options.sessions ?? null),
      prober: new ProtocolProber(
        servers,
        { control, pulses: this.pulses, busIsUp: () => this.#busIsUp() },
        this.options.diskFolders,
      ),
      pulses: this.pulses,
      playbook,
      limits,
      clock: this.#clock,
      logger,
      notify: (id, kind) => mailer.notify(id, kind),
    };
    const driver = new IncidentDriver(context);
    const intake = new SymptomIntake(context, driver, windows);
    const captures = new ErrorIntake(
      context,
      new CaptureClaims(claims, this.#clock),
      this.options.captures ?? DEFAULT_CAPTURE_LIMITS,
    );
    const symptoms = new SymptomRouter(intake, this.watchdog, () => this.#busIsUp());
    this.#parts = { ...context, captures, driver, intake, mailer, publisher, symptoms };
    const watch = incidentBucket.watch(({ key, value, revision }) =>
      incidents.onStored(key, value && { value, revision }),
    );
    this.#endings.push(() => watch.stop());
    await incidents.load();
    return this.#parts;
  }

  /** Subscribes to pulses, watches monitor, and continues open incidents. */
  start(): void {
    const bus = this.#bus as Bus;
    const parts = this.#parts as HealerParts;
    const monitorWatch = new MonitorWatch({
      control: this.#control(),
      busIsUp: () => this.#busIsUp(),
      report: (symptom) => void this.observe(symptom, newTraceparent()).catch(() => undefined),
      clock: this.#clock,
    });
    const listening = bus.listenPulse((pulse) => {
      this.pulses.onPulse(pulse);
      monitorWatch.onPulse(pulse);
    });
    monitorWatch.start();
    const own = new OwnSymptoms(
      parts.incidents,
      (symptom) => this.observe(symptom, newTraceparent()),
      this.#clock,
    );
    const platformWatch = new PlatformWatch({
      platform: this.options.platform,
      symptoms: own,
      clock: this.#clock,
      logger: parts.logger,
    });
    platformWatch.start();
    const resume = (): void => {
      parts.intake.resume();
      parts.mailer.sweep();
      // The bus watchdog then knows the pauses while the bus is away.
      parts.pauses
        .read()
        .then(() => watchState(this.state, own))
        .catch((error: unknown) => parts.logger.log('stored_state.check_failed', { error }));
    };
    const sweep = setInterval(resume, SWEEP_EVERY_MS);
    const off = bus.onState((state) => {
      monitorWatch.forgive();
      if (state === 'connected') resume();
    });
    this.#endings.push(
      () => listening.stop(),
      () => monitorWatch.stop(),
      () => platformWatch.stop(),
      () => clearInterval(sweep),
      watchCaptures(bus, parts),
      off,
    );
    parts.publisher.repeat(parts.incidents.all(), this.#clock());
    resume();
  }

  /** Processes a symptom; see `SymptomRouter.observe`. */
  observe(symptom: Symptom, traceparent: string | null): Promise<void> {
    return (this.#parts as HealerParts).symptoms.observe(symptom, traceparent);
  }

  /** Processes a symptom that did not come by the event stream; see `SymptomRouter.report`. */
  report(symptom: Symptom, traceparent: string | null): Promise<'stored' | 'noted'> {
    return (this.#parts as HealerParts).symptoms.report(symptom, traceparent);
  }

  /** Stops everything at once; the stored state is enough to continue later. */
  async stop(): Promise<void> {
    for (const end of this.#endings) end();
    await this.watchdog.stop();
    if (!this.#parts) return;
    const { intake, driver, incidents, mailer, publisher } = this.#parts;
    intake.stop();
    incidents.close();
    await Promise.all([driver.stop(), mailer.stop()]);
    await publisher.stop();
  }

  #busIsUp(): boolean {
    return this.#bus?.state() === 'connected';
  }

  #control(): InstanceControl {
    return {
      send: async (verb, { name, process }, timeoutMs) => {
        const bus = this.#bus;
        if (!bus) throw new Error('the bus is not there yet');
        return bus.request(
          instanceRequest(name as ServiceName, verb, process),
          {},
          { deadlineMs: timeoutMs },
        );
      },
    };
  }
}

export interface HealerParts extends HealingContext {
  readonly captures: ErrorIntake;
  readonly driver: IncidentDriver;
  readonly intake: SymptomIntake;
  readonly mailer: IncidentMailer;
  readonly publisher: IncidentPublisher;
  readonly symptoms: SymptomRouter;
}
