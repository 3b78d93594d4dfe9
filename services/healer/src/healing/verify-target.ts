import { setTimeout as sleep } from 'node:timers/promises';
import { type IncidentAction, signalRow } from '@gridworks/contracts';
import { type IncidentRecord, isOfCaptures, type TreatedTarget } from '../incidents/incident-record.ts';
import type { PlaybookRule, Rung } from '../playbook/playbook.ts';
import { signalStillOpen } from '../verification/originating-signal.ts';
import { SteadyProof } from '../verification/steady-proof.ts';
import type { HealingContext } from './healing-context.ts';
import { isSuperseded } from './perform-act.ts';

export type Verification =
  | { readonly outcome: 'healthy'; readonly proof: string }
  /** The target is healthy, and a dependent is not. */
  | { readonly outcome: 'dependent-unhealthy'; readonly dependent: TreatedTarget; readonly why: string }
  | { readonly outcome: 'unhealthy'; readonly why: string }
  | { readonly outcome: 'superseded' };

/** The state before the act, with which a verification compares. */
export interface Before {
  /** Instances that were healthy: none of them may be unhealthy afterwards. */
  readonly healthy: readonly string[];
  /** The target's boot before the act. Null when it was unknown or may still be the same. */
  readonly boot: string | null;
}

/**
 * Probes the target until it has been healthy without a break for the stabilisation time: by an independent
 * probe, by the signal of the incident, and by its neighbours. `unknown` never counts as healthy.
 */
export async function verifyTarget(
  context: HealingContext,
  record: IncidentRecord,
  { rule, rung, action }: { rule: PlaybookRule; rung: Rung; action: IncidentAction },
  before: Before,
  abort: AbortSignal,
): Promise<Verification> {
  const { clock, incidents, limits, logger, prober, pulses } = context;
  const { id } = record.incident;
  const { treating } = record;
  const since = Date.parse(action.ended_at ?? action.intended_at);
  const proof = new SteadyProof(rung.stabilisationMs);
  const end = clock() + rung.verifyTimeoutMs;
  let why = 'it was not probed in time';
  let logged = '';
  let dependentsUnhealthySince: number | null = null;
  for (;;) {
    abort.throwIfAborted();
    const result = await prober.probe(treating.target, treating.signal);
    const latest = incidents.get(id);
    if (!latest || isSuperseded(record, latest)) return { outcome: 'superseded' };
    const stillOpen =
      (before.boot !== null && result.boot === before.boot
        ? `${treating.target.process} has not ended yet`
        : null) ??
      signalStillOpen(latest, treating, since, pulses, signalRow(rule.signal).proof) ??
      worseDependent(context, latest, before.healthy);
    const seen = result.status === 'good' ? (stillOpen ?? 'healthy') : `${result.status}: ${result.detail}`;
    if (seen !== logged) logger.log('target.probed', { incident: id, seen });
    logged = seen;
    if (proof.observe(result, stillOpen, clock())) {
      const unhealthy = await firstUnhealthyDependent(context, latest);
      if (!unhealthy)
        return { outcome: 'healthy', proof: `${result.detail}, steadily for ${rung.stabilisationMs} ms.` };
      dependentsUnhealthySince ??= clock();
      if (clock() - dependentsUnhealthySince >= limits.dependentsGraceMs)
        return { outcome: 'dependent-unhealthy', dependent: unhealthy.treating, why: unhealthy.why };
      why = unhealthy.why;
    } else {
      if (seen !== 'healthy') why = seen;
      if (clock() >= end) return { outcome: 'unhealthy', why };
    }
    await sleep(limits.pollEveryMs, undefined, { signal: abort });
  }
}

/**
 * An instance that was healthy before the act and is unhealthy now. Excluded are instances that drained, that
 * have an incident of their own, or that joined this incident: those are treated themselves when they do not
 * recover with the target.
 */
function worseDependent(
  { incidents, pulses }: HealingContext,
  record: IncidentRecord,
  healthy: readonly string[],
) {
  const own = new Set(
    incidents
      .all()
      .filter(
        (other) => other.incident.resolved_at === null && other.hold_until === null && !isOfCaptures(other),
      )
      .map(({ incident }) => incident.cause.target.process),
  );
  for (const { state, target } of record.incident.symptoms) if (state === 'firing') own.add(target.process);
  const worse = healthy.find(
    (process) =>
      process !== record.treating.target.process &&
      pulses.of(process) !== null &&
      !pulses.isHealthy(process) &&
      !own.has(process),
  );
  return worse === undefined ? null : `${worse} was healthy before and is not now`;
}

/** A dependent that joined the incident as a consequence and is still unhealthy. */
async function firstUnhealthyDependent(
  { prober }: HealingContext,
  { incident, treating }: IncidentRecord,
): Promise<{ treating: TreatedTarget; why: string } | null> {
  const firing = new Map<string, TreatedTarget>();
  for (const { signal, state, target } of incident.symptoms)
    if (state === 'firing' && target.process !== treating.target.process)
      firing.set(target.process, { signal, target });
  for (const dependent of firing.values()) {
    const { status, detail } = await prober.probe(dependent.target);
    if (status !== 'good') return { treating: dependent, why: detail };
  }
  return null;
}
