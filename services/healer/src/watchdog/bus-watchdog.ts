import { setTimeout as sleep } from 'node:timers/promises';
import type { Incident, Pause, RemedyName, Symptom, Target } from '@gridworks/contracts';
import { type Logger, newTraceparent, traceIdOf } from '@gridworks/observability';
import { notDryRun } from '../guards/dry-run.ts';
import { firstRefusal } from '../guards/guard-decision.ts';
import { notPaused } from '../guards/pause.ts';
import { describeSpan, describeTrouble } from '../incidents/describe.ts';
import { openIncident } from '../incidents/incident.ts';
import type { IncidentRecord } from '../incidents/incident-record.ts';
import { entry, revise } from '../incidents/revision.ts';
import { conclude, decide, escalate, intend, suggest } from '../incidents/treatment.ts';
import { explainDecision, PLAYBOOK, ruleFor } from '../playbook/playbook.ts';
import type { RemedyCatalogue } from '../remedies/remedy.ts';
import type { BusCondition, BusProbe } from './bus-probe.ts';
import { OwnClock } from './own-clock.ts';
import { symptomOfMine } from './symptom-of-mine.ts';
import { EMPTY_STATE, type WatchdogFile, type WatchdogState } from './watchdog-file.ts';

const NATS: Target = { kind: 'server', name: 'nats', process: 'nats' };
const ROUND_MS = 500;
/** The platform restarts NATS by itself; only after this time the watchdog requests a start. */
const GONE_FOR_MS = 3000;
const MAIL_EVERY_MS = 5000;
/** An act whose intent cannot be written is retried after this time. */
const RETRY_ACT_MS = 1000;
const MAX_KEPT_SYMPTOMS = 50;

type BusSignal = 'server.unresponsive' | 'server.restarted' | 'server.not-storing';

export interface BusWatchdogOptions {
  readonly busProbe: BusProbe;
  readonly remedies: Pick<RemedyCatalogue, 'platform.restart' | 'platform.ensure-running'>;
  readonly file: WatchdogFile;
  readonly dryRun: boolean;
  /** Minimum time between two acts, in milliseconds. */
  readonly cooldownMs: number;
  /** After this time (milliseconds) the mail is sent without the bus. */
  readonly escalateAfterMs: number;
  /** As last read from the bus. */
  readonly pauses: () => readonly Pause[];
  readonly mail: (incident: Incident) => Promise<unknown>;
  /** NATS is back: stores the incident there and continues it like any other. */
  readonly handOver: (record: IncidentRecord, mailed: boolean) => Promise<void>;
  readonly clock: () => number;
  readonly logger: Pick<Logger, 'log'>;
}

/**
 * Heals NATS without using it. Everything else that the healer does needs the bus. When the bus itself hangs,
 * the watchdog restarts it through the platform port and keeps its intent in a file until the bus is back.
 */
export class BusWatchdog {
  readonly #ownClock = new OwnClock();
  readonly #abort = new AbortController();
  #state: WatchdogState = EMPTY_STATE;
  #goneSince: number | null = null;
  #lastHealthy: number;
  #work: Promise<void> | undefined;
  #mailing: Promise<void> | undefined;
  #mailAgainAt = 0;
  #actAgainAt = 0;
  /** The file is older than the state in memory. */
  #isUnwritten = false;
  #condition: BusCondition = 'suspicious';
  /** Symptoms that were reported outside of the stream, by id and state. */
  readonly #noted = new Map<string, Symptom>();

  constructor(private readonly options: BusWatchdogOptions) {
    this.#lastHealthy = options.clock();
  }

  start(): void {
    this.#work ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#work?.catch(() => undefined);
  }

  /**
   * Whether an incident of NATS waits for the bus: symptoms of NATS must not be handled before it is stored.
   */
  hasIncident(): boolean {
    return this.#state.record !== null;
  }

  /** Whether NATS is not known to work now: then no write can be relied on. */
  isSuspicious(): boolean {
    return this.#state.record !== null || this.#condition !== 'healthy';
  }

  /**
   * Adds another symptom to the timeline of the incident of NATS, so that its mail shows it. A repeated
   * symptom is ignored. The symptom gets an incident of its own when it is published.
   */
  async note(symptom: Symptom): Promise<void> {
    const key = `${symptom.id}|${symptom.state}`;
    if (this.#noted.has(key) || this.#noted.size >= MAX_KEPT_SYMPTOMS) return;
    this.#noted.set(key, symptom);
    const { record } = this.#state;
    if (record)
      await this.#keep({ ...this.#state, record: recordDown(record, symptom, this.options.clock()) });
  }

  async #run(): Promise<void> {
    const { clock, file, logger, busProbe } = this.options;
    this.#state = await file.read();
    while (!this.#abort.signal.aborted) {
      if (this.#ownClock.wasHeldUp(clock(), ROUND_MS)) busProbe.forgive();
      let condition: BusCondition = 'suspicious';
      try {
        condition = await busProbe.probe();
        this.#condition = condition;
        await this.#round(condition);
        if (this.#isUnwritten) await this.#write();
      } catch (error) {
        logger.log('bus_watchdog.round_failed', { error });
      }
      this.#ownClock.expect(clock(), ROUND_MS);
      // While something seems wrong the watchdog probes more often.
      const pause = condition === 'healthy' ? ROUND_MS : ROUND_MS / 5;
      await sleep(pause, undefined, { signal: this.#abort.signal }).catch(() => undefined);
    }
  }

  async #round(condition: BusCondition): Promise<void> {
    const { clock } = this.options;
    const now = clock();
    if (condition !== 'gone') this.#goneSince = null;
    if (condition === 'healthy') {
      this.#lastHealthy = now;
      if (this.#state.record) await this.#handOver(this.#state.record);
      return;
    }
    if (this.#state.record) await this.#mailWhenDue(this.#state.record);
    if (condition === 'hangs') return this.#act('server.unresponsive', 'platform.restart');
    if (condition === 'not-storing') return this.#act('server.not-storing', 'platform.restart');
    if (condition !== 'gone') return;
    this.#goneSince ??= now;
    if (now - this.#goneSince >= GONE_FOR_MS) return this.#act('server.restarted', 'platform.ensure-running');
  }

  async #act(signal: BusSignal, remedy: RemedyName): Promise<void> {
    const { clock, cooldownMs, dryRun, logger, pauses, busProbe } = this.options;
    const now = clock();
    if (this.#state.record?.gave_up || now - this.#state.last_act_at < cooldownMs) return;
    if (now < this.#actAgainAt) return;
    let record = this.#state.record ?? this.#open(signal, now);
    if (signal === 'server.not-storing' && wasRestarted(record)) return this.#giveUp(record);
    const boot = busProbe.boot();
    // Two healers that see the same boot hang request the same operation, which the platform does once.
    const operation = boot
      ? `restart-${boot}-${record.incident.actions.length}`
      : `act-${record.incident.id}-${now}`;
    const act = { id: operation, incidentId: record.incident.id, rule: 'bus-watchdog', remedy, target: NATS };
    const verdict = firstRefusal(
      () => notDryRun(dryRun),
      () => notPaused(act, pauses(), now),
    );
    if (!verdict.allowed) {
      record = escalate(
        suggest(record, act, `${verdict.reason}.`, now),
        'An admin must repair NATS.',
        true,
        now,
      );
      await this.#keep({ ...this.#state, record });
      return this.#mail(record);
    }
    const text = `About to apply ${remedy} to nats without the bus, since the bus itself is down.`;
    const pending = record.incident.actions.find(({ state }) => state === 'intended');
    if (pending)
      record = conclude(
        record,
        pending.id,
        'unknown',
        'It is not known whether the action was done: the healer ended in between.',
        now,
      );
    const unwritten = record;
    record = intend(record, { id: act.id, remedy, target: NATS, epoch: now }, text, now);
    try {
      await this.options.file.write({ ...this.#state, record, last_act_at: now });
    } catch (error) {
      return this.#postpone(unwritten, remedy, (error as Error).message);
    }
    this.#state = { ...this.#state, record, last_act_at: now };
    logger.log('bus_watchdog.remedy_started', { incident: record.incident.id, remedy });
    let outcome: string;
    let state: 'done' | 'failed' = 'done';
    try {
      const context = {
        actionId: act.id,
        epoch: now,
        signal,
        target: NATS,
        evidence: {},
        abort: this.#abort.signal,
      };
      outcome = await this.options.remedies[remedy as 'platform.restart'].apply(context);
    } catch (error) {
      if (this.#abort.signal.aborted) throw error;
      state = 'failed';
      outcome = `${remedy} on nats failed: ${(error as Error).message.slice(0, 300)}.`;
    }
    const latest = this.#state.record ?? record; // a symptom may have been added meanwhile
    await this.#keep({ ...this.#state, record: conclude(latest, act.id, state, outcome, clock()) });
  }

  /**
   * Without a stored intent nothing is done: a crash in between would do it twice. An admin is mailed, and
   * the act is retried.
   */
  async #postpone(record: IncidentRecord, remedy: RemedyName, reason: string): Promise<void> {
    const now = this.options.clock();
    this.#actAgainAt = now + RETRY_ACT_MS;
    const text = `${remedy} on nats was not done: its intent cannot be stored (${reason.slice(0, 200)}). The action follows as soon as the write succeeds.`;
    const isTold = record.incident.timeline.some(
      ({ what, text: escalated }) => what === 'escalated' && escalated === text,
    );
    const escalated = isTold ? record : escalate(record, text, false, now);
    await this.#keep({ ...this.#state, record: escalated });
    this.#mail(escalated);
  }

  #open(signal: BusSignal, now: number): IncidentRecord {
    const { busProbe } = this.options;
    const error = signal === 'server.not-storing' ? { error: busProbe.storeError() } : {};
    const evidence = { seen_by: 'healer', boot: busProbe.boot(), ...error };
    const symptom = symptomOfMine(signal, NATS, { beganAt: this.#lastHealthy, now, evidence });
    const traceparent = newTraceparent();
    const opened = openIncident(symptom, {
      now,
      holdUntil: null,
      traceparent,
      traceId: traceIdOf(traceparent),
      experiment: null,
    });
    const rule = ruleFor(PLAYBOOK, signal, NATS);
    const noted = [...this.#noted.values()].reduce((one, symptom) => recordDown(one, symptom, now), opened);
    return decide(noted, { rule: rule.name, text: explainDecision(rule, NATS) }, now);
  }

  /**
   * A restart does not repair a disk: escalates to an admin, and the incident ends when the store works
   * again.
   */
  async #giveUp(record: IncidentRecord): Promise<void> {
    const text = `NATS stores nothing, even after a restart (${this.options.busProbe.storeError()}). An admin must check its disk.`;
    const escalated = escalate(record, text, true, this.options.clock());
    await this.#keep({ ...this.#state, record: escalated });
    this.#mail(escalated);
  }

  async #handOver(record: IncidentRecord): Promise<void> {
    await this.#mailing;
    await this.options.handOver(record, this.#state.mailed);
    this.#noted.clear();
    await this.#keep({ ...this.#state, record: null, mailed: false });
  }

  async #mailWhenDue(record: IncidentRecord): Promise<void> {
    const { clock, escalateAfterMs } = this.options;
    if (this.#state.mailed || clock() - Date.parse(record.incident.observed_at) < escalateAfterMs) return;
    const text = `NATS is not back after ${describeSpan(escalateAfterMs)}; an admin is mailed while healing continues.`;
    const escalated =
      record.incident.status === 'escalated' ? record : escalate(record, text, false, clock());
    if (escalated !== record) await this.#keep({ ...this.#state, record: escalated });
    this.#mail(escalated);
  }

  /** The only mail that is sent without a claim: there is no bus to claim it in. Never waited for. */
  #mail({ incident }: IncidentRecord): void {
    const { clock, logger, mail } = this.options;
    if (this.#state.mailed || this.#mailing || clock() < this.#mailAgainAt) return;
    this.#mailAgainAt = clock() + MAIL_EVERY_MS;
    this.#mailing = mail(incident)
      .then(() => this.#keep({ ...this.#state, mailed: true }))
      .catch((error: unknown) => logger.log('bus_watchdog.mail_failed', { error }))
      .finally(() => {
        this.#mailing = undefined;
      });
  }

  /** Keeps the state in memory and in the file. A failed write never stops healing and is retried later. */
  async #keep(state: WatchdogState): Promise<void> {
    this.#state = state;
    await this.#write();
  }

  async #write(): Promise<void> {
    try {
      await this.options.file.write(this.#state);
      this.#isUnwritten = false;
    } catch (error) {
      if (!this.#isUnwritten) this.options.logger.log('bus_watchdog.file_unwritten', { error });
      this.#isUnwritten = true;
    }
  }
}

const wasRestarted = ({ incident }: IncidentRecord): boolean =>
  incident.actions.some(({ remedy, state }) => remedy === 'platform.restart' && state === 'done');

function recordDown(record: IncidentRecord, { signal, state, target }: Symptom, now: number): IncidentRecord {
  if (target.process === NATS.process) return record;
  const trouble = describeTrouble(signal, target);
  const text =
    state === 'firing' ? `Monitor reports meanwhile: ${trouble}.` : `No longer observed: ${trouble}.`;
  return revise(record, {}, [entry(now, 'joined', text)]);
}
