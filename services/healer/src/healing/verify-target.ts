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
  /** The patient is well, and what stands on it is not. */
  | { readonly outcome: 'dependent-unhealthy'; readonly dependent: TreatedTarget; readonly why: string }
  | { readonly outcome: 'unhealthy'; readonly why: string }
  | { readonly outcome: 'superseded' };

/** How things stood before the act; what a verification compares with. */
export interface Before {
  /** Instances that were well: none of them may be worse afterwards. */
  readonly healthy: readonly string[];
  /** Boot of the patient, when it was known and has to be another one now. */
  readonly boot: string | null;
}

/**
 * Watches the patient until it has been well without a break for the stabilisation window: an independent probe, the
 * signal that began it, and its neighbours. `unknown` is never taken for well.
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
  let why = 'it was not looked at in time';
  let logged = '';
  let dependentsUnhealthySince: number | null = null;
  for (;;) {
    abort.throwIfAborted();
    const result = await prober.probe(treating.target);
    const latest = incidents.get(id);
    if (!latest || isSuperseded(record, latest)) return { outcome: 'superseded' };
    const stillOpen =
      (before.boot !== null && result.boot === before.boot
        ? `${treating.target.process} has not ended yet`
        : null) ??
      signalStillOpen(latest, treating, since, pulses, signalRow(rule.signal).proof) ??
      worseDependent(context, latest, before.healthy);
    const seen = result.status === 'good' ? (stillOpen ?? 'healthy') : `${result.status}: ${result.detail}`;
    if (seen !== logged) logger.debug({ incident: id, seen }, 'looked at the patient');
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
 * An instance that was well before the act and is not now. Not one that said goodbye or has an incident of its own, and not one that
 * joined this incident: that one is treated itself when it does not recover with the patient.
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
  return worse === undefined ? null : `${worse} was well before and is not now`;
}

/** What joined the incident as a consequence and is still ill. */
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
