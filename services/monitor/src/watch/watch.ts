import type { Pulse, ServerName, Signal } from '@gridworks/contracts';
import { SERVERS } from '@gridworks/contracts';
import type { PersistingAnomaly } from '../anomalies/anomaly-watch.ts';
import { GatewayHttpTracker } from '../checks/processes/gateway-http-tracker.ts';
import { ConnectionLosses } from '../checks/servers/connection-losses.ts';
import { type CheckResult, ServerTracker } from '../checks/servers/server-tracker.ts';
import { ForecastWatch } from '../forecasts/forecast-watch.ts';
import { InstanceTracker } from '../pulses/instance-tracker.ts';
import type { InstanceProbe, RememberedInstance, TrackedInstance } from '../pulses/tracked-instance.ts';
import type { Condition } from '../symptoms/condition.ts';
import { AnomalyJudge } from '../symptoms/judge-anomalies.ts';
import { judgeConnections } from '../symptoms/judge-connections.ts';
import { judgeForecasts } from '../symptoms/judge-forecasts.ts';
import { judgeGatewayHttp } from '../symptoms/judge-gateway-http.ts';
import { judgeInstance } from '../symptoms/judge-instance.ts';
import { judgePulses } from '../symptoms/judge-pulses.ts';
import { RequestJudge } from '../symptoms/judge-requests.ts';
import { judgeServer, STORE_SIGNALS } from '../symptoms/judge-server.ts';
import { type OpenSymptom, type OpenTrace, SymptomTracker } from '../symptoms/symptom-tracker.ts';
import { ClockCheck } from './clock-check.ts';

/** How often `round` is called. */
export const ROUND_MS = 100;
/** After the bus came back, all instances need a moment to reconnect. */
export const BUS_GRACE_MS = 2000;
/** The bus counts as able to carry pulses when it responded within this time. */
const BUS_FRESH_MS = 3500;

/** The state that survives a restart of monitor. */
export interface Memory {
  readonly instances: readonly RememberedInstance[];
  readonly boots: Readonly<Partial<Record<ServerName, string>>>;
  readonly symptoms: readonly OpenSymptom[];
}

/** The result of one round. */
export interface Round {
  /** Symptoms that began or ended. */
  readonly published: readonly OpenSymptom[];
  /** Silent instances that should be probed now. */
  readonly suspects: readonly TrackedInstance[];
}

/**
 * Monitor's state and its judgement. It takes pulses and results of checks, reads no clock and opens no
 * socket: every method takes the time, in epoch ms. It observes, and never acts.
 */
export class Watch {
  readonly instances = new InstanceTracker();
  readonly servers = new Map<ServerName, ServerTracker>(
    SERVERS.map((name) => [name, new ServerTracker(name)]),
  );
  readonly forecasts = new ForecastWatch();
  readonly gatewayHttp = new GatewayHttpTracker();
  // Only PostgreSQL is reached through pools; the single connections to the others reconnect by themselves.
  readonly #losses = new ConnectionLosses(new Map([['postgres', this.servers.get('postgres')!]]));
  readonly #clockCheck = new ClockCheck(ROUND_MS);
  readonly #self: string;
  /** Judged by monitor's own connections, so also while no pulse can arrive. */
  #serverSymptoms: SymptomTracker;
  /** Judged by pulses. */
  #instanceSymptoms: SymptomTracker;
  readonly #openTrace: OpenTrace;
  readonly #requests = new RequestJudge();
  readonly #anomalies = new AnomalyJudge();
  #odd: readonly PersistingAnomaly[] = [];
  /** By the check that found them. */
  readonly #extra = new Map<string, readonly Condition[]>();
  #busUp = false;
  #graceUntil = 0;
  #cutOffSince: number | null = null;

  /** `self`: the name of this instance of monitor, which it never judges as silent. */
  constructor(self: string, openTrace: OpenTrace) {
    this.#self = self;
    this.#openTrace = openTrace;
    this.#serverSymptoms = new SymptomTracker(openTrace);
    this.#instanceSymptoms = new SymptomTracker(openTrace);
  }

  /** Applies a pulse. Returns true when the state to be stored changed. */
  onPulse(pulse: Pulse, now: number): boolean {
    const before = this.instances.all().find((known) => known.pulse.instance === pulse.instance);
    if (before?.received) this.#losses.compare(before.pulse, pulse, now);
    const changed = this.instances.onPulse(pulse, now);
    if (this.instances.accepted(pulse)) this.#forecast(pulse, before?.pulse, now);
    return changed;
  }

  /** Applies how much of the room of a stream is used, in bytes. */
  used(stream: { readonly bytes: number; readonly maxBytes: number }, now: number): void {
    this.forecasts.observe('stream', 'server:nats', stream.bytes, stream.maxBytes, now);
  }

  #forecast(pulse: Pulse, before: Pulse | undefined, now: number): void {
    const component = `service:${pulse.instance}`;
    if (before && before.boot_id !== pulse.boot_id) this.forecasts.restart(component);
    const pool = pulse.dependencies.find(({ name }) => name === 'postgres')?.pool;
    if (pool) this.forecasts.observe('connections', component, pool.in_use, pool.max, now);
    const { machine, disk_free_bytes: free, disk_total_bytes: total } = pulse;
    // Another disk is the fullest one now: what was seen of the one before says nothing about it.
    if (before?.disk_folder !== undefined && pulse.disk_folder !== before.disk_folder && machine)
      this.forecasts.restart(`machine:${machine.name}`);
    if (machine && free !== undefined && total)
      this.forecasts.observe('disk', `machine:${machine.name}`, total - free, total, now);
  }

  /** Applies the result of a check of a server. */
  checked(name: ServerName, result: CheckResult, now: number): void {
    this.servers.get(name)?.checked(result, now);
  }

  /** Applies the result of a store check: null, or the reason why the write failed. */
  stored(name: ServerName, error: string | null, now: number): void {
    this.servers.get(name)?.stored(error, now);
  }

  probed(known: { instance: string; bootId: string }, probe: InstanceProbe, now: number): boolean {
    return this.instances.probed(known.instance, known.bootId, probe, now);
  }

  /** The connection to the bus was established or lost. */
  busIs(up: boolean, now: number): void {
    if (up && !this.#busUp) {
      this.#graceUntil = now + BUS_GRACE_MS;
      this.instances.forgive(now);
    }
    this.#busUp = up;
  }

  /** All the faults that a check of its own (streams, sessions, those of the table) found now; they replace those that it found before. */
  found(check: 'streams' | 'sessions' | 'checks', conditions: readonly Condition[]): void {
    this.#extra.set(check, conditions);
  }

  /** All the anomalies that persist now; they replace those of before. */
  odd(anomalies: readonly PersistingAnomaly[]): void {
    this.#odd = anomalies;
  }

  /** Whether a component is in trouble now, or was until a moment ago: this may explain what depends on it. */
  troubled(component: string, now: number): boolean {
    const [kind, name = ''] = component.split(':');
    if (kind === 'server') return this.servers.get(name as ServerName)?.troubled(now) ?? false;
    if (kind === 'http') return this.gatewayHttp.failingSince !== null;
    if (kind !== 'service') return false;
    return this.instances.of(name).some((known) => this.instances.troubled(known, now));
  }

  /** Judges the state. Called every `ROUND_MS`. */
  round(now: number): Round {
    const late = this.#clockCheck.tick(now);
    if (late !== 0) {
      this.#shift(late, now);
      return { published: [], suspects: [] };
    }
    const published = this.#serverSymptoms.evaluate(
      [
        ...[...this.servers.values()].flatMap(judgeServer),
        ...judgeForecasts(this.forecasts, this.instances.all(), now).filter(isOfServer),
        ...this.#found().filter(isOfServer),
      ],
      now,
    );
    if (this.#isCutOff(now)) {
      this.#cutOffSince ??= now;
      return { published, suspects: [] };
    }
    if (this.#cutOffSince !== null) {
      this.#instanceSymptoms.shift(now - this.#cutOffSince);
      this.instances.forgive(now);
      this.#cutOffSince = null;
    }
    // One late response of the bus is no outage, but then no instance is judged as silent either.
    if (this.servers.get('nats')?.failingSince !== null) return { published, suspects: [] };
    for (const known of this.instances.silent(now)) this.instances.judge(known, now);
    published.push(...this.#instanceSymptoms.evaluate(this.#conditions(now), now));
    this.instances.settle(now);
    return { published, suspects: this.instances.suspects(now, this.#self) };
  }

  /** Symptoms that were published and not cleared. */
  open(): OpenSymptom[] {
    return [...this.#serverSymptoms.open(), ...this.#instanceSymptoms.open()];
  }

  remember(): Memory {
    const boots = [...this.servers].flatMap(([name, { boot }]) => (boot === null ? [] : [[name, boot]]));
    return { instances: this.instances.remember(), boots: Object.fromEntries(boots), symptoms: this.open() };
  }

  /**
   * Continues from the state of an earlier monitor. `cold`: from long ago, or from another boot of the bus.
   */
  resume(memory: Memory, now: number, cold: boolean): void {
    this.instances.resume(memory.instances, now, cold);
    const ofServer = ({ symptom }: OpenSymptom) => symptom.target.kind === 'server';
    const trackerOf = (open: OpenSymptom[]) => new SymptomTracker(this.#openTrace, open);
    this.#serverSymptoms = trackerOf(memory.symptoms.filter(ofServer));
    this.#instanceSymptoms = trackerOf(memory.symptoms.filter((open) => !ofServer(open)));
    if (cold) return;
    for (const server of this.servers.values()) {
      const open = (signal: Signal | undefined) => {
        const found = memory.symptoms.find(
          ({ symptom }) => symptom.signal === signal && symptom.target.name === server.name,
        )?.symptom;
        return found ? { beganAt: Date.parse(found.began_at), evidence: found.evidence } : null;
      };
      const boot = memory.boots[server.name] ?? null;
      server.resume(boot, open('server.unresponsive'), open(STORE_SIGNALS[server.name]));
    }
  }

  #conditions(now: number): Condition[] {
    const instances = this.instances.all();
    const faults = instances.flatMap((known) => judgeInstance(known, this.servers, now));
    const ofPulses = judgePulses(instances, this.servers, now);
    const others = [...ofPulses, ...this.#found()];
    const found = [
      ...faults,
      ...ofPulses,
      ...this.#requests.judge(instances, [...faults, ...others.filter(explainsRequests)], this.servers, now),
      ...judgeForecasts(this.forecasts, instances, now).filter((condition) => !isOfServer(condition)),
      ...judgeConnections(this.#losses.confirmed(now), instances),
      ...judgeGatewayHttp(this.gatewayHttp, this.instances.of('gateway'), this.servers, now),
      ...this.#found().filter((condition) => !isOfServer(condition)),
    ];
    const all = [...found, ...this.#found().filter(isOfServer)];
    return [...found, ...this.#anomalies.judge(this.#odd, instances, all, this.servers, now)];
  }

  #found(): Condition[] {
    return [...this.#extra.values()].flat();
  }

  /** No pulse can arrive, or none could until a moment ago. */
  #isCutOff(now: number): boolean {
    const nats = this.servers.get('nats')!;
    const fresh = nats.lastOkAt !== null && Math.abs(now - nats.lastOkAt) < BUS_FRESH_MS;
    if (!this.#busUp || nats.down || !fresh) {
      this.#graceUntil = now + BUS_GRACE_MS;
      return true;
    }
    return now < this.#graceUntil;
  }

  #shift(late: number, now: number): void {
    this.instances.shift(late, now);
    this.#serverSymptoms.shift(late);
    this.#instanceSymptoms.shift(late);
    this.gatewayHttp.forgive(now);
    this.#losses.shift();
    this.#graceUntil = Math.min(this.#graceUntil + late, now + BUS_GRACE_MS);
    if (this.#cutOffSince !== null) this.#cutOffSince = now;
    for (const server of this.servers.values()) server.shift(late, now);
  }
}

/** Faults, beside those of an instance, that show in the figures of requests. */
const EXPLAINS_REQUESTS: readonly Signal[] = [
  'pool.exhausting',
  'memory.filling',
  'disk.filling',
  'database.lock-pile-up',
  'database.slow-statement',
];
const explainsRequests = ({ signal }: Condition): boolean => EXPLAINS_REQUESTS.includes(signal);
const isOfServer = ({ target }: Condition): boolean => target.kind === 'server';
