import type { Pulse, ServerName, ServiceName, Symptom } from '@gridworks/contracts';
import type { InstanceProbe } from '../src/pulses/tracked-instance.ts';
import { ROUND_MS, Watch } from '../src/watch/watch.ts';

const STEP_MS = 50;
const PROBE_MS = 500;
const START = Date.UTC(2026, 0, 5, 10);

export interface SimulatedInstance {
  service: ServiceName;
  name: string;
  boot: number;
  startedAt: number;
  sequence: number;
  state: Pulse['state'];
  /** `frozen`: its sockets accept and nothing responds. `gone`: nothing listens. */
  life: 'alive' | 'frozen' | 'gone';
  /** Over the bus, under its name and boot. */
  respondsToPing: boolean;
  /** Alive, but no pulse of its reaches us. */
  muted: boolean;
  lagMs: number;
  nextPulseAt: number;
  lost: Record<string, number>;
  down: string[];
  /** What its pulses say otherwise. */
  says: (now: number) => Partial<Pulse>;
}

export interface SimulatedServer {
  boot: number;
  life: 'alive' | 'frozen' | 'gone';
}

/**
 * A whole system in virtual time: instances that send pulses, servers that respond, and a watch that observes
 * them.
 */
export class SimulatedSystem {
  now = START;
  watch: Watch;
  readonly published: { symptom: Symptom; atMs: number }[] = [];
  readonly instances = new Map<string, SimulatedInstance>();
  readonly servers = new Map<ServerName, SimulatedServer>(
    (['nats', 'postgres', 'redis'] as const).map((name) => [name, { boot: 1, life: 'alive' }]),
  );
  /** Milliseconds until the next pulse; replaced by tests that shake it. */
  pulseGap: (instance: SimulatedInstance) => number = () => 1000;
  httpOpen = true;
  /** Our own process is held up until then. */
  heldUpUntil = 0;
  readonly #probes = new Map<string, number>();
  readonly #nextCheck = new Map<ServerName, number>();
  readonly #checks: { endsAt: number; end: () => void }[] = [];
  #inbox: Pulse[] = [];

  constructor(services: readonly ServiceName[] = ['gateway', 'auth', 'billing', 'support', 'healer']) {
    this.watch = new Watch('monitor', () => '00-trace');
    for (const service of services) this.start(service, service);
  }

  get elapsedMs(): number {
    return this.now - START;
  }

  start(service: ServiceName, name: string): void {
    const boot = (this.instances.get(name)?.boot ?? 0) + 1;
    this.instances.set(name, {
      service,
      name,
      boot,
      startedAt: this.now,
      sequence: 0,
      state: 'ready',
      life: 'alive',
      muted: false,
      respondsToPing: true,
      lagMs: 1,
      nextPulseAt: this.now,
      lost: { nats: 0, postgres: 0, redis: 0 },
      down: [],
      says: () => ({}),
    });
  }

  instance(name: string): SimulatedInstance {
    return this.instances.get(name)!;
  }

  signals(): string[] {
    return this.published.map(({ symptom: s }) => `${s.state} ${s.signal} ${s.target.process}`);
  }

  /** Whom monitor knows. */
  names(): string[] {
    return this.watch.instances.all().map(({ pulse }) => pulse.instance);
  }

  /** Milliseconds from `since` (in elapsed ms) to the first symptom that fires with this signal. */
  publishedAfter(signal: string, since: number): number | null {
    const found = this.published.find(({ symptom, atMs }) => symptom.signal === signal && atMs >= since);
    return found ? found.atMs - since : null;
  }

  run(ms: number): void {
    for (const until = this.now + ms; this.now < until; this.now += STEP_MS) this.#step();
  }

  /** Sets the clock that everybody reads; what is due stays due in as much time. */
  setClock(ms: number): void {
    this.now += ms;
    for (const one of this.instances.values()) {
      one.nextPulseAt += ms;
      one.startedAt += ms;
    }
    for (const [name, at] of this.#nextCheck) this.#nextCheck.set(name, at + ms);
    for (const [key, at] of this.#probes) this.#probes.set(key, at + ms);
    for (const check of this.#checks) check.endsAt += ms;
  }

  /** The last pulse of one that is stopped on purpose. */
  stop(name: string): void {
    const one = this.instance(name);
    one.state = 'draining';
    this.#pulse(one);
    one.state = 'stopped';
    this.#pulse(one);
    one.life = 'gone';
  }

  restartMonitor(cold: boolean): void {
    const memory = structuredClone(this.watch.remember());
    this.watch = new Watch('monitor', () => '00-trace');
    this.watch.resume(memory, this.now, cold);
    this.#probes.clear();
    this.#checks.length = 0;
  }

  #step(): void {
    for (const one of this.instances.values()) {
      if (one.life !== 'alive' || this.now < one.nextPulseAt) continue;
      one.nextPulseAt = this.now + this.pulseGap(one);
      this.#pulse(one);
    }
    if (this.now < this.heldUpUntil) return;
    for (const pulse of this.#inbox.splice(0)) this.watch.onPulse(pulse, this.now);
    this.watch.busIs(this.servers.get('nats')!.life !== 'gone', this.now);
    this.#check();
    this.watch.gatewayHttp.checked(
      this.httpOpen && this.instance('gateway').life === 'alive' ? null : 'shut',
      3,
      this.now,
    );
    if (this.now % ROUND_MS !== 0) return;
    const round = this.watch.round(this.now);
    this.published.push(...round.published.map(({ symptom }) => ({ symptom, atMs: this.elapsedMs })));
    for (const { pulse } of round.suspects) this.#probe(pulse.instance, pulse.boot_id);
    for (const [key, endsAt] of this.#probes) if (this.now >= endsAt) this.#probed(key);
  }

  #pulse(one: SimulatedInstance): void {
    if (one.muted || this.servers.get('nats')!.life !== 'alive') return;
    this.#inbox.push({
      service: one.service,
      instance: one.name,
      boot_id: `boot-${one.boot}`,
      pid: 100 + one.boot,
      started_at: new Date(one.startedAt).toISOString(),
      sent_at: new Date(this.now).toISOString(),
      sequence: ++one.sequence,
      state: one.state,
      health_url: 'http://127.0.0.1:1',
      resident_bytes: 1,
      event_loop_lag_ms: one.lagMs,
      in_flight: 0,
      requests: { ok: 0, failed: 0 },
      dependencies: [...this.servers].map(([name, server]) => ({
        name,
        critical: name !== 'redis',
        status: one.down.includes(name) ? 'down' : 'up',
        connections_lost: one.lost[name] ?? 0,
        boot: `${name}-${server.boot}`,
      })),
      degraded: [],
      ...one.says(this.now),
    });
  }

  #probe(name: string, bootId: string): void {
    const key = `${name}|${bootId}`;
    if (this.#probes.has(key)) return;
    const life = this.instances.get(name)?.life;
    this.#probes.set(key, this.now + (life === 'frozen' ? PROBE_MS : STEP_MS));
  }

  #probed(key: string): void {
    this.#probes.delete(key);
    const [name = '', bootId = ''] = key.split('|');
    const one = this.instances.get(name);
    const life = one?.life ?? 'gone';
    const response = ({ alive: 'pass', frozen: 'timeout', gone: 'refused' } as const)[life];
    const probe: InstanceProbe = {
      http: response,
      bus: one?.respondsToPing === false ? 'refused' : response,
      detail: response,
    };
    this.watch.probed({ instance: name, bootId }, probe, this.now);
  }

  #check(): void {
    for (const [name, server] of this.servers) {
      if (this.now < (this.#nextCheck.get(name) ?? 0)) continue;
      const took = server.life === 'frozen' ? 800 : STEP_MS;
      this.#nextCheck.set(name, this.now + Math.max(1000, took));
      const { life, boot } = server;
      this.#checks.push({
        endsAt: this.now + took,
        end: () =>
          this.watch.checked(
            name,
            life === 'alive'
              ? { ok: true, latencyMs: took, boot: `${name}-${boot}` }
              : { ok: false, latencyMs: took, timedOut: life === 'frozen', error: life },
            this.now,
          ),
      });
    }
    const ended = this.#checks.filter(({ endsAt }) => endsAt <= this.now);
    for (const check of ended) {
      this.#checks.splice(this.#checks.indexOf(check), 1);
      check.end();
    }
  }
}
