import { setTimeout as sleep } from 'node:timers/promises';
import type { Incident, RemedyName, Target } from '@gridworks/contracts';
import { type CaptureClaim, CaptureClaims } from '../src/captures/capture-claims.ts';
import type { CaptureLimits } from '../src/captures/settle-captured.ts';
import type { ActLedger } from '../src/guards/act.ts';
import { ActLedgerRepository } from '../src/guards/act-ledger.repository.ts';
import { type Lease, LeaseKeeper } from '../src/guards/lease.ts';
import { type PauseDocument, PauseRepository } from '../src/guards/pause.repository.ts';
import type { HealingContext } from '../src/healing/healing-context.ts';
import { DEFAULT_LIMITS, type HealingLimits } from '../src/healing/healing-limits.ts';
import { IncidentDriver } from '../src/healing/incident-driver.ts';
import { IncidentRepository } from '../src/incidents/incident.repository.ts';
import type { IncidentRecord } from '../src/incidents/incident-record.ts';
import { ErrorIntake } from '../src/intake/error-intake.ts';
import { SymptomIntake } from '../src/intake/symptom-intake.ts';
import { IncidentMailer } from '../src/notifications/incident-mailer.ts';
import { PLAYBOOK, type PlaybookRule } from '../src/playbook/playbook.ts';
import type { RemedyCatalogue, RemedyContext } from '../src/remedies/remedy.ts';
import { bad, good } from '../src/verification/probe.ts';
import { PulseRegistry } from '../src/verification/pulse-registry.ts';
import { MemoryBucket } from './memory-bucket.ts';

/** The playbook of production, a hundred times as fast; cooldowns ten times, so that a busy machine outruns none. */
export const FAST_PLAYBOOK: readonly PlaybookRule[] = PLAYBOOK.map((rule) => ({
  ...rule,
  holdMs: rule.holdMs / 100,
  ladder: rule.ladder.map((rung) => ({
    ...rung,
    cooldownMs: rung.cooldownMs / 10,
    stabilisationMs: 5,
    verifyTimeoutMs: rung.verifyTimeoutMs / 100,
  })),
}));

export const FAST_LIMITS: HealingLimits = {
  ...DEFAULT_LIMITS,
  chain: { limit: 1000, windowMs: 600_000 },
  fleetBreaker: { limit: 1000, windowMs: 600_000 },
  actsPerServicePerHour: 1000,
  pollEveryMs: 2,
  dependentsGraceMs: 10,
  patienceMs: 1000,
  observeTarget: { everyMs: 10, steadyMs: 15, forMs: 100 },
};

export const FAST_CAPTURES: CaptureLimits = { holdMs: 50, quietMs: 150, escalateMs: 600, recurrenceMs: 600 };

export interface ObservedAct {
  readonly remedy: RemedyName;
  readonly target: Target;
  readonly at: number;
  readonly incident: Incident | null;
}

/**
 * Healers over buckets in memory, in a world whose processes are healthy or unhealthy as the test sets them.
 */
export class SimulatedHealing {
  readonly incidentBucket = new MemoryBucket<IncidentRecord>();
  readonly leaseBucket = new MemoryBucket<Lease>();
  readonly ledgerBucket = new MemoryBucket<ActLedger>();
  readonly pauseBucket = new MemoryBucket<PauseDocument>();
  readonly claimBucket = new MemoryBucket<CaptureClaim>();
  /** Processes that do not respond. */
  readonly unhealthy = new Set<string>();
  /** Everything that was done, and for whom two were done at once. */
  readonly acts: ObservedAct[] = [];
  readonly overlaps: string[] = [];
  readonly mails: { id: string; status: Incident['status'] }[] = [];
  /** The same, whole: what the mail is written from. */
  readonly mailed: Incident[] = [];
  /** The clock of all healers; `aheadMs` makes minutes pass at once. Timers go on as they are. */
  aheadMs = 0;
  readonly clock = (): number => Date.now() + this.aheadMs;
  readonly healers: {
    context: HealingContext;
    captures: ErrorIntake;
    intake: SymptomIntake;
    driver: IncidentDriver;
    mailer: IncidentMailer;
  }[] = [];
  /**
   * The effect of a remedy; by default every remedy but `observe-only` and `page-human` makes its target
   * healthy.
   */
  cure: (remedy: RemedyName, target: Target) => Promise<void> | void = (remedy, { process }) => {
    if (remedy !== 'observe-only' && remedy !== 'page-human') this.unhealthy.delete(process);
  };
  actMs = 5;
  captureLimits: Partial<CaptureLimits> = {};
  readonly #busy = new Set<string>();
  readonly #sweeps: NodeJS.Timeout[] = [];

  healer(instance = 'healer', limits: Partial<HealingLimits> = {}, boot = `${instance}-boot`) {
    const { clock } = this;
    const incidents = new IncidentRepository(this.incidentBucket, () => undefined);
    this.incidentBucket.watch((key, stored) => incidents.onStored(key, stored));
    const mailer = new IncidentMailer(
      incidents,
      {
        incident: async (incident) => {
          this.mails.push({ id: incident.id, status: incident.status });
          this.mailed.push(incident);
        },
      },
      { instance, boot, recipients: 1 },
      clock,
      { log: () => undefined },
    );
    const pulses = new PulseRegistry(clock);
    const logger = { log: () => undefined };
    const context: HealingContext = {
      self: instance,
      incidents,
      leases: new LeaseKeeper(this.leaseBucket, { instance, boot }, 200, clock),
      ledger: new ActLedgerRepository(this.ledgerBucket, clock),
      pauses: new PauseRepository(this.pauseBucket, clock),
      remedies: this.#remedies(),
      prober: {
        probe: async ({ process }) =>
          this.unhealthy.has(process) ? bad('it does not answer') : good('it answers'),
      },
      pulses,
      playbook: FAST_PLAYBOOK,
      limits: { ...FAST_LIMITS, ...limits },
      clock,
      logger,
      notify: (id, kind) => mailer.notify(id, kind),
    };
    // In this world every responding process also sends pulses, all the time.
    pulses.reachedSince = () => true;
    pulses.of = (process) =>
      this.unhealthy.has(process)
        ? null
        : ({
            receivedAt: clock() + 1,
            previous: null,
            pulse: { state: 'ready', boot_id: '', event_loop_lag_ms: 0, dependencies: [] },
          } as unknown as ReturnType<PulseRegistry['of']>);
    const driver = new IncidentDriver(context);
    const intake = new SymptomIntake(context, driver, { dependentsMs: 30_000, recurrenceMs: 50 });
    const captures = new ErrorIntake(context, new CaptureClaims(this.claimBucket, clock), {
      ...FAST_CAPTURES,
      ...this.captureLimits,
    });
    const healer = { context, captures, intake, driver, mailer };
    this.healers.push(healer);
    const sweep = setInterval(() => {
      intake.resume();
      mailer.sweep();
    }, 50);
    const poll = setInterval(() => void captures.poll(), 10);
    this.#sweeps.push(sweep, poll);
    return healer;
  }

  records(): IncidentRecord[] {
    return this.healers[0]!.context.incidents.all();
  }

  async stop(): Promise<void> {
    for (const sweep of this.#sweeps) clearInterval(sweep);
    for (const { intake, driver, mailer, context } of this.healers) {
      intake.stop();
      context.incidents.close();
      await driver.stop();
      await mailer.stop();
    }
  }

  #remedies(): RemedyCatalogue {
    const remedy = (name: RemedyName) => ({
      name,
      apply: async ({ actionId, target }: RemedyContext) => {
        const stored = await Promise.all(
          (await this.incidentBucket.keys()).map((key) => this.incidentBucket.get(key)),
        );
        const incident = stored
          .map((one) => one!.value.incident)
          .find(({ actions }) => actions.some(({ id, state }) => id === actionId && state === 'intended'));
        this.acts.push({ remedy: name, target, at: Date.now(), incident: incident ?? null });
        if (name === 'observe-only' || name === 'page-human') return 'looked';
        if (this.#busy.has(target.process)) this.overlaps.push(target.process);
        this.#busy.add(target.process);
        await sleep(this.actMs);
        await this.cure(name, target);
        this.#busy.delete(target.process);
        return `did ${name}`;
      },
    });
    return {
      'platform.ensure-running': remedy('platform.ensure-running'),
      'platform.restart': remedy('platform.restart'),
      'platform.replace': remedy('platform.replace'),
      'instance.reset-connections': remedy('instance.reset-connections'),
      'instance.clear-cache': remedy('instance.clear-cache'),
      'instance.drain-and-exit': remedy('instance.drain-and-exit'),
      'postgres.end-statement': remedy('postgres.end-statement'),
      'postgres.end-session': remedy('postgres.end-session'),
      'disk.remove-temporary-files': remedy('disk.remove-temporary-files'),
      'disk.compress-logs': remedy('disk.compress-logs'),
      'disk.remove-old-logs': remedy('disk.remove-old-logs'),
      'observe-only': remedy('observe-only'),
      'page-human': remedy('page-human'),
    };
  }
}
