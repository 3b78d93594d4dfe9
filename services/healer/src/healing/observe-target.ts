import { setTimeout as sleep } from 'node:timers/promises';
import { signalRow } from '@gridworks/contracts';
import { isSoft } from '../incidents/correlation.ts';
import type { IncidentRecord, TreatedTarget } from '../incidents/incident-record.ts';
import { escalate, resolve, treatRest } from '../incidents/treatment.ts';
import type { PlaybookRule } from '../playbook/playbook.ts';
import { isCleared, signalStillOpen } from '../verification/originating-signal.ts';
import { SteadyProof } from '../verification/steady-proof.ts';
import type { HealingContext } from './healing-context.ts';
import { isSuperseded } from './perform-act.ts';

/**
 * After an escalation: does nothing but probe the target, slowly, and resolves the incident when the target
 * is healthy. True when the state has changed, false when the target was observed for long enough.
 */
export async function observeTarget(
  context: HealingContext,
  record: IncidentRecord,
  rule: PlaybookRule,
  abort: AbortSignal,
): Promise<boolean> {
  const { clock, incidents, limits, prober, pulses } = context;
  const { id } = record.incident;
  const began = clock();
  const confirmation = signalRow(rule.signal).proof;
  const proof = new SteadyProof(limits.observeTarget.steadyMs);
  if (!record.gave_up)
    await incidents.change(id, (latest) =>
      isSuperseded(record, latest)
        ? latest
        : escalate(latest, 'The ladder has come to its end.', true, clock()),
    );
  context.notify(id, 'escalated');
  while (clock() - began < limits.observeTarget.forMs) {
    abort.throwIfAborted();
    await sleep(limits.observeTarget.everyMs, undefined, { signal: abort });
    const latest = incidents.get(id);
    if (!latest?.gave_up || latest.incident.status === 'resolved') return true;
    const stillOpen = signalStillOpen(latest, latest.treating, began, pulses, confirmation);
    if (confirmation === 'cleared') {
      const rest = isCleared(latest, latest.treating) ? restOf(latest) : null;
      if (stillOpen !== null && !rest) continue;
      if (rest) {
        await incidents.change(id, (now) => (now.gave_up ? treatRest(now, rest, clock()) : now));
        return true;
      }
      await incidents.change(id, (now) => resolveIfOpen(now, 'The signal was cleared.', clock()));
      return true;
    }
    const result = await prober.probe(latest.treating.target);
    if (!proof.observe(result, stillOpen, clock())) continue;
    await incidents.change(id, (now) =>
      resolveIfOpen(now, `${result.detail}, without anything more being done.`, clock()),
    );
    return true;
  }
  return false;
}

/** A symptom that the reported signal explained, and that is still firing without it. */
function restOf({ incident, treating }: IncidentRecord): TreatedTarget | null {
  const { process } = treating.target;
  const rest = incident.symptoms.find(
    ({ signal, state, target }) =>
      state === 'firing' && target.process === process && signal !== treating.signal && isSoft(signal),
  );
  return rest ? { signal: rest.signal, target: rest.target } : null;
}

const resolveIfOpen = (record: IncidentRecord, proof: string, now: number): IncidentRecord =>
  record.incident.status === 'resolved' ? record : resolve(record, proof, now);
