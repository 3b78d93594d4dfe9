import type { Pulse } from '@gridworks/contracts';
import {
  appearing,
  type InstanceProbe,
  type RememberedInstance,
  type TrackedInstance,
} from './tracked-instance.ts';

/** After this silence an instance is probed. A probe costs it two small responses, so it may come soon. */
export const SUSPECT_AFTER_MS = 1500;
/**
 * An instance counts as unresponsive only after this silence, and with `FAILED_PROBES` failed probes in both
 * ways.
 */
export const UNRESPONSIVE_AFTER_MS = 2000;
export const FAILED_PROBES = 2;
/** When nothing listens, the process is gone and the platform restarts it, which may take this long. */
export const GONE_AFTER_MS = 5000;
/** A dead instance that was not restarted for this time was removed by a human. */
export const FORGET_AFTER_MS = 3_600_000;
/** An unconfirmed instance is forgotten when its pulses stop for this time. */
export const FORGET_UNCONFIRMED_AFTER_MS = 5000;
/** Further unconfirmed instances are ignored. */
const MOST_UNCONFIRMED = 50;
const LAG_HIGH_MS = 1000;
const LAG_LOW_MS = 500;
const READY_PULSES = 2;

/** Requests that the instance has refused because its connections ran out. */
const refusedBy = ({ dependencies }: Pulse): number =>
  dependencies.reduce((sum, { pool }) => sum + (pool?.refused_total ?? 0), 0);

/**
 * Tracks which instances should run, and whether they do. It takes pulses and results of probes, and reads no
 * clock: every method takes the time, in epoch ms.
 */
export class InstanceTracker {
  readonly #instances = new Map<string, TrackedInstance>();
  /**
   * Names whose pulses arrive, but under which no process has responded yet. Nothing is reported about them,
   * and nothing is stored.
   */
  readonly #unconfirmed = new Map<string, TrackedInstance>();
  /** Boots that reported `stopped`: a late pulse of such a boot must not bring it back. */
  readonly #departed = new Map<string, string>();

  all(): TrackedInstance[] {
    return [...this.#instances.values()];
  }

  of(service: string): TrackedInstance[] {
    return this.all().filter(({ pulse }) => pulse.service === service);
  }

  /** Whether an instance is silent, unresponsive, restarted, overloaded, or not ready. */
  troubled({ seenAt, unresponsive, restart, pulse }: TrackedInstance, now: number): boolean {
    return (
      unresponsive !== null ||
      restart !== null ||
      pulse.state !== 'ready' ||
      now - seenAt >= SUSPECT_AFTER_MS ||
      pulse.degraded.some((text) => text.startsWith('overload:'))
    );
  }

  /** Applies a pulse. Returns true when the state to be stored changed (not for an ordinary pulse). */
  onPulse(pulse: Pulse, now: number): boolean {
    if (this.#departed.get(pulse.instance) === pulse.boot_id) return false;
    const known = this.#instances.get(pulse.instance);
    if (pulse.state === 'stopped') return this.#depart(pulse, known);
    if (!known) return this.#meet(pulse, now);
    if (known.pulse.boot_id !== pulse.boot_id) return this.#replace(known, pulse, now);
    if (known.received && pulse.sequence <= known.pulse.sequence) return false;
    const changed = known.pulse.state !== pulse.state || known.unresponsive !== null;
    known.unresponsive = null;
    note(known, pulse, now);
    return changed;
  }

  /** Whether this pulse is the latest of a confirmed instance: not repeated, not late, and not of an unknown name. */
  accepted(pulse: Pulse): boolean {
    return this.#instances.get(pulse.instance)?.pulse === pulse;
  }

  /**
   * Instances that are to be probed: silent for long enough, or not yet confirmed. The instance of monitor that asks is
   * never silent to itself, but is confirmed as any other.
   */
  suspects(now: number, self: string): TrackedInstance[] {
    const silent = this.silent(now).filter(({ pulse }) => pulse.instance !== self);
    return [...silent, ...this.#unconfirmed.values()];
  }

  silent(now: number): TrackedInstance[] {
    return this.all().filter(({ seenAt }) => now - seenAt >= SUSPECT_AFTER_MS);
  }

  /** Applies the result of a probe of this boot. Returns true when the state to be stored changed. */
  probed(instance: string, bootId: string, probe: InstanceProbe, now: number): boolean {
    const known = this.#instances.get(instance);
    if (!known) return this.#confirm(instance, bootId, probe);
    if (known.pulse.boot_id !== bootId) return false;
    known.lastProbe = probe;
    // Once unresponsive, only a pulse ends it: over HTTP another boot may respond on the same port.
    if (known.unresponsive) return false;
    if (probe.http === 'pass' || probe.bus === 'pass') {
      known.failedProbes = 0;
      return false;
    }
    if (now - known.seenAt < SUSPECT_AFTER_MS) return false; // a pulse came meanwhile
    known.failedProbes++;
    return this.judge(known, now);
  }

  /**
   * Ends what is over: restarts whose new boot reports `ready`, and names under which no process ever
   * responded.
   */
  settle(now: number): void {
    for (const [name, { seenAt }] of this.#unconfirmed)
      if (now - seenAt >= FORGET_UNCONFIRMED_AFTER_MS) this.#unconfirmed.delete(name);
    for (const known of this.#instances.values()) {
      if (known.readyPulses >= READY_PULSES) known.restart = null;
    }
  }

  /**
   * Discards time in which no pulse could arrive: silence during it proves nothing. No pulse counts as later
   * than now.
   */
  shift(ms: number, now: number): void {
    for (const known of this.#instances.values()) {
      known.seenAt = Math.min(known.seenAt + ms, now);
      known.bootSeenAt = Math.min(known.bootSeenAt + ms, now);
      if (known.unreadySince !== null) known.unreadySince = Math.min(known.unreadySince + ms, now);
    }
  }

  /** No pulse could arrive until now: all silence begins anew. */
  forgive(now: number): void {
    for (const known of this.#instances.values()) {
      known.seenAt = now;
      known.failedProbes = 0;
    }
  }

  remember(): RememberedInstance[] {
    return this.all().map(({ pulse, seenAt, leaving, restart, unresponsive }) => {
      // Figures are no state: the next pulse has newer ones.
      const { contracts: _contracts, machine: _machine, durations: _durations, ...facts } = pulse;
      return { pulse: facts, seenAt, leaving, restart, unresponsive };
    });
  }

  /**
   * Continues from the state of an earlier monitor. `cold`: so much may have happened meanwhile that a new
   * boot means nothing; present instances are accepted as they are, and only one that hangs is reported.
   */
  resume(instances: readonly RememberedInstance[], now: number, cold: boolean): void {
    for (const one of instances) {
      const known = { ...appearing(one.pulse, now), received: false, leaving: one.leaving || cold };
      if (!cold) {
        known.restart = one.restart;
        known.unresponsive = one.unresponsive;
      }
      this.#instances.set(one.pulse.instance, known);
    }
  }

  /** Judges a silent instance. Returns true when something changed. */
  judge(known: TrackedInstance, now: number): boolean {
    const silentMs = now - known.seenAt;
    if (known.failedProbes < FAILED_PROBES || silentMs < UNRESPONSIVE_AFTER_MS) return false;
    const gone = known.lastProbe?.http === 'refused';
    if (gone && (known.leaving || silentMs > FORGET_AFTER_MS)) {
      return this.#instances.delete(known.pulse.instance);
    }
    if (known.unresponsive || (gone && silentMs < GONE_AFTER_MS)) return false;
    known.unresponsive = {
      beganAt: known.seenAt,
      evidence: {
        pid: known.pulse.pid,
        boot_id: known.pulse.boot_id,
        silent_ms: Math.round(silentMs),
        last_pulse: known.pulse.sent_at,
        last_state: known.pulse.state,
        process_gone: gone,
        probe: known.lastProbe,
      },
    };
    return true;
  }

  #meet(pulse: Pulse, now: number): boolean {
    const met = this.#unconfirmed.get(pulse.instance);
    if (!met && this.#unconfirmed.size >= MOST_UNCONFIRMED) return false;
    const same = met?.pulse.boot_id === pulse.boot_id ? met : appearing(pulse, now);
    this.#unconfirmed.set(pulse.instance, note(same, pulse, now));
    return false;
  }

  /** Only a response of the same boot over the bus counts: another process may respond on the health port. */
  #confirm(instance: string, bootId: string, probe: InstanceProbe): boolean {
    const met = this.#unconfirmed.get(instance);
    if (met?.pulse.boot_id !== bootId || probe.bus !== 'pass') return false;
    this.#unconfirmed.delete(instance);
    this.#instances.set(instance, met);
    return true;
  }

  #depart(pulse: Pulse, known: TrackedInstance | undefined): boolean {
    this.#unconfirmed.delete(pulse.instance);
    this.#departed.set(pulse.instance, pulse.boot_id);
    if (known?.pulse.boot_id !== pulse.boot_id) return false;
    return this.#instances.delete(pulse.instance);
  }

  #replace(known: TrackedInstance, pulse: Pulse, now: number): boolean {
    if (pulse.started_at < known.pulse.started_at) return false; // a late pulse of the previous boot
    const replaces = pulse.replaces_pid === known.pulse.pid;
    // The platform has it take over once it is ready. Until then the present process is the instance, also while it is slow.
    if (replaces && pulse.state !== 'ready' && now - known.seenAt < GONE_AFTER_MS) return false;
    const next = appearing(pulse, now);
    next.unresponsive = known.unresponsive;
    // After a confirmed silence the new boot ends it, and is no second failure.
    if (!known.leaving && !known.unresponsive && !(replaces && pulse.state === 'ready')) {
      next.restart = {
        previousBoot: known.pulse.boot_id,
        previousPid: known.pulse.pid,
        beganAt: known.restart?.beganAt ?? known.seenAt,
        times: (known.restart?.times ?? 0) + 1,
      };
    }
    this.#instances.set(pulse.instance, note(next, pulse, now));
    return true;
  }
}

function note(known: TrackedInstance, pulse: Pulse, now: number): TrackedInstance {
  const seconds = (Date.parse(pulse.sent_at) - Date.parse(known.pulse.sent_at)) / 1000;
  if (seconds > 0) {
    if (refusedBy(pulse) > refusedBy(known.pulse)) known.refusedAt = now;
    known.errorsPerSecond = (pulse.requests.failed - known.pulse.requests.failed) / seconds;
    known.requestsPerSecond = (pulse.requests.ok - known.pulse.requests.ok) / seconds + known.errorsPerSecond;
  }
  const lag = pulse.event_loop_lag_ms;
  if (lag >= LAG_HIGH_MS) known.laggingPulses = Math.max(1, known.laggingPulses + 1);
  else if (lag < LAG_LOW_MS) known.laggingPulses = Math.min(0, known.laggingPulses);
  known.disk.observe(pulse);
  known.memory.observe(pulse, now);
  known.processor.observe(pulse, now);
  known.figures.observe(pulse, now);
  known.skewMs = Date.parse(pulse.sent_at) - now;
  known.pulse = pulse;
  known.seenAt = now;
  known.received = true;
  known.failedProbes = 0;
  known.lastProbe = null;
  known.leaving = pulse.state === 'draining';
  known.unreadySince = pulse.state === 'ready' ? null : (known.unreadySince ?? now);
  known.readyPulses = pulse.state === 'ready' ? known.readyPulses + 1 : 0;
  if (known.readyPulses >= READY_PULSES) known.unresponsive = null;
  return known;
}
