import type { Pulse } from '@gridworks/contracts';
import {
  appearing,
  type InstanceProbe,
  type RememberedInstance,
  type TrackedInstance,
} from './tracked-instance.ts';

/** Silent for so long, an instance is probed. Costs it two small answers, so it may be soon. */
export const SUSPECT_AFTER_MS = 1500;
/** Not before this silence is it called unresponsive, and only with `FAILED_PROBES` probes unanswered on both ways. */
export const UNRESPONSIVE_AFTER_MS = 2000;
export const FAILED_PROBES = 2;
/** A process that is gone (nothing listens) is being started again by the platform: that may take this long. */
export const GONE_AFTER_MS = 5000;
/** A dead instance that nobody brought back for so long was taken away by a human. */
export const FORGET_AFTER_MS = 3_600_000;
/** An instance that nobody confirmed is forgotten when its pulses stop for so long. */
export const FORGET_UNCONFIRMED_AFTER_MS = 5000;
/** More unconfirmed ones are not looked at. */
const MOST_UNCONFIRMED = 50;
const LAG_HIGH_MS = 1000;
const LAG_LOW_MS = 500;
/** In so many seconds the weight of what was counted falls to a third. */
const RECENT_SECONDS = 10;
const READY_PULSES = 2;

/**
 * Who should be there, and whether they are. Hears pulses and answers of probes, and keeps no clock: every
 * method is told the time, in epoch ms.
 */
export class InstanceTracker {
  readonly #instances = new Map<string, TrackedInstance>();
  /** Heard of, but no process has answered under that name yet: nothing is said of them, and nothing is remembered. */
  readonly #unconfirmed = new Map<string, TrackedInstance>();
  /** Boots that said goodbye: a late pulse of theirs must not bring them back. */
  readonly #departed = new Map<string, string>();

  all(): TrackedInstance[] {
    return [...this.#instances.values()];
  }

  of(service: string): TrackedInstance[] {
    return this.all().filter(({ pulse }) => pulse.service === service);
  }

  /** Takes a pulse in. Returns true when what should be remembered changed (not for an ordinary pulse). */
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

  /** Instances that are to be asked whether they live: silent for long enough, or never confirmed so far. */
  suspects(now: number): TrackedInstance[] {
    return [...this.silent(now), ...this.#unconfirmed.values()];
  }

  silent(now: number): TrackedInstance[] {
    return this.all().filter(({ seenAt }) => now - seenAt >= SUSPECT_AFTER_MS);
  }

  /** Takes in what a probe of this boot said. Returns true when what should be remembered changed. */
  probed(instance: string, bootId: string, probe: InstanceProbe, now: number): boolean {
    const known = this.#instances.get(instance);
    if (!known) return this.#confirm(instance, bootId, probe);
    if (known.pulse.boot_id !== bootId) return false;
    known.lastProbe = probe;
    // Once unresponsive, only a pulse ends it: over HTTP another boot may answer on the same port.
    if (known.unresponsive) return false;
    if (probe.http === 'pass' || probe.bus === 'pass') {
      known.failedProbes = 0;
      return false;
    }
    if (now - known.seenAt < SUSPECT_AFTER_MS) return false; // a pulse came meanwhile
    known.failedProbes++;
    return this.judge(known, now);
  }

  /** Ends what is over: restarts whose new boot says that it is ready, and names under which no process ever answered. */
  settle(now: number): void {
    for (const [name, { seenAt }] of this.#unconfirmed)
      if (now - seenAt >= FORGET_UNCONFIRMED_AFTER_MS) this.#unconfirmed.delete(name);
    for (const known of this.#instances.values()) {
      if (known.readyPulses >= READY_PULSES) known.restart = null;
    }
  }

  /** Time in which nobody could be heard: silence during it proves nothing. Nobody was heard later than now. */
  shift(ms: number, now: number): void {
    for (const known of this.#instances.values()) {
      known.seenAt = Math.min(known.seenAt + ms, now);
      known.bootSeenAt = Math.min(known.bootSeenAt + ms, now);
      if (known.unreadySince !== null) known.unreadySince = Math.min(known.unreadySince + ms, now);
    }
  }

  /** Nobody could be heard until now. */
  forgive(now: number): void {
    for (const known of this.#instances.values()) {
      known.seenAt = now;
      known.failedProbes = 0;
    }
  }

  remember(): RememberedInstance[] {
    return this.all().map(({ pulse, seenAt, leaving, restart, unresponsive }) => {
      return { pulse, seenAt, leaving, restart, unresponsive };
    });
  }

  /**
   * Begins where an earlier monitor stopped. `cold`: so much may have happened meanwhile that another boot
   * means nothing; whoever is there is taken as he is, and only one that hangs is missed.
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

  /** Decides on a silent instance. Returns true when something changed. */
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

  /** Only its own boot over the bus counts: a health port that answers may be somebody else's. */
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
    if (pulse.started_at < known.pulse.started_at) return false; // a pulse of the boot before, come late
    const next = appearing(pulse, now);
    next.unresponsive = known.unresponsive;
    // After a confirmed silence the new boot is how it ended, and no second trouble.
    if (!known.leaving && !known.unresponsive) {
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
    const faded = Math.exp(-seconds / RECENT_SECONDS);
    known.recent = {
      ok: known.recent.ok * faded + pulse.requests.ok - known.pulse.requests.ok,
      failed: known.recent.failed * faded + pulse.requests.failed - known.pulse.requests.failed,
    };
    known.errorsPerSecond = (pulse.requests.failed - known.pulse.requests.failed) / seconds;
    known.requestsPerSecond = (pulse.requests.ok - known.pulse.requests.ok) / seconds + known.errorsPerSecond;
  }
  const lag = pulse.event_loop_lag_ms;
  if (lag >= LAG_HIGH_MS) known.laggingPulses = Math.max(1, known.laggingPulses + 1);
  else if (lag < LAG_LOW_MS) known.laggingPulses = Math.min(0, known.laggingPulses);
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
