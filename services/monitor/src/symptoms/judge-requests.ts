import type { ServerTracker } from '../checks/servers/server-tracker.ts';
import type { TrackedInstance } from '../pulses/tracked-instance.ts';
import type { Condition } from './condition.ts';
import { condition, explained } from './judge-instance.ts';
import { overloadOf } from './judge-pulses.ts';

/** Older pulses say nothing about now. */
const FRESH_MS = 3000;
/** For so long, ms, the figures of requests are explained by a fault that is over: they are of the time before. */
const EXPLAINED_FOR_MS = 20_000;

/**
 * Faults that show in the figures of requests alone. They are judged last: while a process has a fault of its own, or is
 * becoming too busy, or a server has one, that fault explains the figures of all that call it. Of a gateway and a service
 * behind it, the service is the one to treat.
 */
export class RequestJudge {
  #explainedUntil = Number.NEGATIVE_INFINITY;
  /** Until then the figures of a gateway are those of the service behind it. */
  #behindUntil = Number.NEGATIVE_INFINITY;

  /** `faults`: what is wrong with instances otherwise, now. */
  judge(
    instances: readonly TrackedInstance[],
    faults: readonly Condition[],
    servers: ReadonlyMap<string, ServerTracker>,
    now: number,
  ): Condition[] {
    const fresh = instances.filter((one) => one.received && !one.unresponsive && now - one.seenAt < FRESH_MS);
    const isBusy = fresh.some(({ processor }) => processor.isBusyLately(now));
    if (isBusy || faults.length > 0) this.#explainedUntil = now + EXPLAINED_FOR_MS;
    if (now < this.#explainedUntil) return [];
    const services = fresh.filter(({ pulse }) => pulse.service !== 'gateway');
    const behind = services.flatMap((one) => this.#of(one, servers, now));
    // Full pulses come at different seconds: the gateway's may be the first that is beyond for long enough, and the last that is not.
    if (behind.length > 0 || services.some(({ figures }) => figures.isSuspected))
      this.#behindUntil = now + EXPLAINED_FOR_MS;
    if (now < this.#behindUntil) return behind;
    return fresh
      .filter(({ pulse }) => pulse.service === 'gateway')
      .flatMap((one) => this.#of(one, servers, now));
  }

  /** What fails is slow, and what is slow is little: an instance has one of these faults at a time. */
  #of(known: TrackedInstance, servers: ReadonlyMap<string, ServerTracker>, now: number): Condition[] {
    // Requests that the instance sheds because of a flood have a signal of their own.
    if (overloadOf(known) !== undefined || explained(known.pulse.service, servers, now)) return [];
    const [first] = known.figures.faults();
    return first ? [condition(known, first.signal, known.seenAt, first.evidence)] : [];
  }
}
