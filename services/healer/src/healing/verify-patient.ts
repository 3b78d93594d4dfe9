import { setTimeout as sleep } from 'node:timers/promises';
import { type IncidentAction, signalRow } from '@gridworks/contracts';
import { type IncidentRecord, isOfCaptures, type Patient } from '../incidents/incident-record.ts';
import type { Rule, Rung } from '../playbook/playbook.ts';
import { signalStillOpen } from '../verification/originating-signal.ts';
import { SteadyProof } from '../verification/steady-proof.ts';
import type { HealingContext } from './healing-context.ts';
import { isSuperseded } from './perform-act.ts';

export type Verification =
  | { readonly outcome: 'well'; readonly proof: string }
  /** The patient is well, and what stands on it is not. */
  | { readonly outcome: 'dependent-ill'; readonly dependent: Patient; readonly why: string }
  | { readonly outcome: 'not-well'; readonly why: string }
  | { readonly outcome: 'superseded' };

/** How things stood before the act; what a verification compares with. */
export interface Before {
  /** Instances that were well: none of them may be worse afterwards. */
  readonly well: readonly string[];
  /** Boot of the patient, when it was known and has to be another one now. */
  readonly boot: string | null;
}

/**
 * Watches the patient until it has been well without a break for the stabilisation window: an independent probe, the
 * signal that began it, and its neighbours. `unknown` is never taken for well.
 */
export async function verifyPatient(
  context: HealingContext,
  record: IncidentRecord,
  { rule, rung, action }: { rule: Rule; rung: Rung; action: IncidentAction },
  before: Before,
  abort: AbortSignal,
): Promise<Verification> {
  const { clock, incidents, limits, logger, prober, pulses } = context;
  const { id } = record.incident;
  const { patient } = record;
  const since = Date.parse(action.ended_at ?? action.intended_at);
  const proof = new SteadyProof(rung.stabilisationMs);
  const end = clock() + rung.verifyTimeoutMs;
  let why = 'it was not looked at in time';
  let told = '';
  let dependentsIllSince: number | null = null;
  for (;;) {
    abort.throwIfAborted();
    const result = await prober.probe(patient.target);
    const latest = incidents.get(id);
    if (!latest || isSuperseded(record, latest)) return { outcome: 'superseded' };
    const stillOpen =
      (before.boot !== null && result.boot === before.boot
        ? `${patient.target.process} has not ended yet`
        : null) ??
      signalStillOpen(latest, patient, since, pulses, signalRow(rule.signal).proof) ??
      worseNeighbour(context, latest, before.well);
    const seen = result.status === 'good' ? (stillOpen ?? 'well') : `${result.status}: ${result.detail}`;
    if (seen !== told) logger.debug({ incident: id, seen }, 'looked at the patient');
    told = seen;
    if (proof.look(result, stillOpen, clock())) {
      const ill = await firstIllDependent(context, latest);
      if (!ill)
        return { outcome: 'well', proof: `${result.detail}, steadily for ${rung.stabilisationMs} ms.` };
      dependentsIllSince ??= clock();
      if (clock() - dependentsIllSince >= limits.dependentsGraceMs)
        return { outcome: 'dependent-ill', dependent: ill.patient, why: ill.why };
      why = ill.why;
    } else {
      if (seen !== 'well') why = seen;
      if (clock() >= end) return { outcome: 'not-well', why };
    }
    await sleep(limits.lookEveryMs, undefined, { signal: abort });
  }
}

/**
 * An instance that was well before the act and is not now. Not one that said goodbye or has an incident of its own, and not one that
 * joined this incident: that one is treated itself when it does not recover with the patient.
 */
function worseNeighbour(
  { incidents, pulses }: HealingContext,
  record: IncidentRecord,
  well: readonly string[],
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
  const worse = well.find(
    (process) =>
      process !== record.patient.target.process &&
      pulses.of(process) !== null &&
      !pulses.isWell(process) &&
      !own.has(process),
  );
  return worse === undefined ? null : `${worse} was well before and is not now`;
}

/** What joined the incident as a consequence and is still ill. */
async function firstIllDependent(
  { prober }: HealingContext,
  { incident, patient }: IncidentRecord,
): Promise<{ patient: Patient; why: string } | null> {
  const firing = new Map<string, Patient>();
  for (const { signal, state, target } of incident.symptoms)
    if (state === 'firing' && target.process !== patient.target.process)
      firing.set(target.process, { signal, target });
  for (const dependent of firing.values()) {
    const { status, detail } = await prober.probe(dependent.target);
    if (status !== 'good') return { patient: dependent, why: detail };
  }
  return null;
}
