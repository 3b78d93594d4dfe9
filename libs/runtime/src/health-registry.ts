import type { Pulse } from '@gridworks/contracts';
import type { DependencyProbe, PoolUse } from '@gridworks/observability';
import { redactText } from '@gridworks/redaction';
import { type DependencyStatus, PROBE_TIMEOUT_MS, ProbeWatch } from './probe-watch.ts';

/** The state of one dependency, from the last check. */
export interface DependencyHealth {
  readonly name: string;
  readonly critical: boolean;
  readonly status: DependencyStatus;
  readonly detail: string | null;
  /** Milliseconds of the last successful check. */
  readonly latencyMs: number | null;
  readonly checkedAt: Date | null;
  readonly connectionsLost: number;
  readonly boot: string | null;
  /** Undefined where connections are not pooled. */
  readonly pool: PoolUse | undefined;
  /** Null where there is no outbox, or it is not known. */
  readonly outboxWaiting: number | null;
}

const CHECK_EVERY_MS = 1000;
/** While a critical dependency is missing, the instance serves nothing, so every tenth of a second counts. */
const CHECK_MISSING_EVERY_MS = 100;

/**
 * The dependencies of this process and their states. They are checked once a second in the background, so a
 * health request costs nothing and an unhealthy server is never flooded with checks; a missing critical
 * dependency is checked more often until it is there.
 */
export class HealthRegistry {
  readonly #watches = new Map<string, ProbeWatch>();
  readonly #degraded = new Map<string, string>();
  readonly #changeListeners: (() => void)[] = [];
  readonly #checkListeners: (() => void)[] = [];
  readonly #onHealthy: (dependency: string) => void;
  #readFrontend: (() => Pulse['frontend']) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isRunning = false;
  /** `performance.now()` of the next check of all dependencies. */
  #dueAt = 0;
  #isHurried = false;
  #last = '';

  /** @param onHealthy called after each successful check of a dependency */
  constructor(onHealthy: (dependency: string) => void = () => undefined) {
    this.#onHealthy = onHealthy;
  }

  /** Adds a dependency, and checks it at once. Throws when the name is taken. */
  register(probe: DependencyProbe): void {
    if (this.#watches.has(probe.name)) throw new Error(`a dependency ${probe.name} is registered already`);
    const watch = new ProbeWatch(probe, PROBE_TIMEOUT_MS, this.#onHealthy);
    this.#watches.set(probe.name, watch);
    void watch.check().then(() => this.#compare());
  }

  /** Sets in words how the service is degraded, for `/health` and the pulse; null when it is not any more. */
  setDegraded(key: string, text: string | null): void {
    if (text === null) this.#degraded.delete(key);
    else this.#degraded.set(key, text);
    this.#compare();
  }

  /** All reasons why the service is degraded. */
  degraded(): string[] {
    const ofProbes = [...this.#watches.values()].map(({ probe }) => probe.degraded());
    return [...new Set([...this.#degraded.values(), ...ofProbes.filter((text) => text !== null)])];
  }

  /** Gives the pulses of the gateway what its pages report. `read` is called for each pulse. */
  setFrontend(read: () => Pulse['frontend']): void {
    this.#readFrontend = read;
  }

  /** The reports of pages of the console about themselves; undefined in a service that serves none. */
  frontend(): Pulse['frontend'] {
    return this.#readFrontend?.();
  }

  /** The pool of connections of this process; undefined when it has none. */
  pool(): { use(): PoolUse; set(mode: PoolUse['mode'], size: number): void } | undefined {
    for (const { probe } of this.#watches.values())
      if (probe.pool && probe.setPool) return { use: probe.pool.bind(probe), set: probe.setPool.bind(probe) };
    return undefined;
  }

  dependencies(): DependencyHealth[] {
    return [...this.#watches.values()].map((watch) => ({
      name: watch.probe.name,
      critical: watch.probe.critical,
      status: watch.status,
      detail: watch.detail === null ? null : redactText(watch.detail),
      latencyMs: watch.latencyMs,
      checkedAt: watch.checkedAt,
      connectionsLost: watch.probe.connectionsLost(),
      boot: watch.probe.boot(),
      pool: watch.probe.pool?.(),
      outboxWaiting: watch.probe.outboxWaiting?.() ?? null,
    }));
  }

  /**
   * Names of the critical dependencies that are not known to be up: while there is one, the instance is not
   * ready.
   */
  missing(): string[] {
    return [...this.#watches.values()]
      .filter(({ probe, status }) => probe.critical && status !== 'up')
      .map(({ probe }) => probe.name);
  }

  /**
   * Drops and renews the connections of all dependencies but one. Returns the names of those that succeeded.
   */
  async resetAll({ except }: { except: string }): Promise<string[]> {
    const names = await Promise.all(
      [...this.#watches.values()].map(async ({ probe }) => {
        if (probe.name === except) return null;
        try {
          await probe.reset();
          return probe.name;
        } catch {
          return null; // the dependency is away; its own reconnecting continues
        }
      }),
    );
    void this.check();
    return names.filter((name) => name !== null);
  }

  /** Checks all dependencies now; resolves when each check has ended or timed out. */
  async check(): Promise<void> {
    await Promise.all([...this.#watches.values()].map((watch) => watch.check()));
    this.#compare();
    for (const listener of this.#checkListeners) listener();
  }

  /** Called when a status or the list of degradations changed. */
  onChange(listener: () => void): void {
    this.#changeListeners.push(listener);
  }

  /** Called after each round of checks. */
  onCheck(listener: () => void): void {
    this.#checkListeners.push(listener);
  }

  start(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#dueAt = performance.now() + CHECK_EVERY_MS;
    this.#plan();
  }

  stop(): void {
    this.#isRunning = false;
    clearTimeout(this.#timer);
  }

  /** Sets the time of the next check: soon while something critical is missing. */
  #plan(): void {
    if (!this.#isRunning) return;
    clearTimeout(this.#timer);
    const wait = Math.max(0, this.#dueAt - performance.now());
    this.#isHurried = this.missing().length > 0;
    this.#timer = setTimeout(
      () => this.#next(),
      this.#isHurried ? Math.min(wait, CHECK_MISSING_EVERY_MS) : wait,
    );
  }

  #next(): void {
    if (performance.now() >= this.#dueAt) {
      this.#dueAt = performance.now() + CHECK_EVERY_MS;
      void this.check();
    } else void this.#checkMissing();
    this.#plan();
  }

  async #checkMissing(): Promise<void> {
    const missing = this.missing();
    await Promise.all(
      [...this.#watches.values()]
        .filter(({ probe }) => missing.includes(probe.name))
        .map((watch) => watch.check()),
    );
    this.#compare();
  }

  #compare(): void {
    if (!this.#isHurried && this.missing().length > 0) this.#plan();
    const statuses = [...this.#watches.values()].map(({ probe, status }) => `${probe.name}=${status}`);
    const now = [...statuses, ...this.degraded()].join('\n');
    if (now === this.#last) return;
    this.#last = now;
    for (const listener of this.#changeListeners) listener();
  }
}
