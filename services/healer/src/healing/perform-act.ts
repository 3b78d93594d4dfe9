import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { withSpan } from '@gridworks/observability';
import {
  endsProcess,
  type GuardDecision,
  isHarmless,
  onlyObserves,
  type ProposedAct,
} from '../guards/guard-decision.ts';
import type { IncidentRecord } from '../incidents/incident-record.ts';
import { entry, revise } from '../incidents/revision.ts';
import { climb, conclude, escalate, intend, suggest } from '../incidents/treatment.ts';
import type { PlaybookRule, Rung } from '../playbook/playbook.ts';
import { guardAct } from './guard-act.ts';
import type { HealingContext } from './healing-context.ts';

const TURN_EVERY_MS = 100;

/**
 * Takes one rung: runs the guards, records the intent, applies the remedy, records the outcome. A refusal
 * becomes a suggestion and a mail. Ends early when the incident changes meanwhile.
 */
export async function performAct(
  context: HealingContext,
  record: IncidentRecord,
  { rule, rung }: { rule: PlaybookRule; rung: Rung },
  abort: AbortSignal,
): Promise<void> {
  const { incidents, clock, limits } = context;
  const { id } = record.incident;
  const { target, signal } = record.treating;
  const evidence =
    record.incident.symptoms.findLast((one) => one.signal === signal && one.target.process === target.process)
      ?.evidence ?? {};
  let remedy = (await nothingIsWrongAnyMore(context, record, rung, abort)) ? 'observe-only' : rung.remedy;
  let act: ProposedAct = { id: `act_${randomUUID()}`, incidentId: id, rule: rule.name, remedy, target };

  const patience = clock() + limits.patienceMs;
  let epoch = 0;
  for (;;) {
    abort.throwIfAborted();
    const verdict = await withSpan('healer.guard', { remedy, target: target.process }, () =>
      ready(context, record, act, { rule, rung }),
    );
    if (verdict.allowed) {
      epoch = verdict.epoch;
      break;
    }
    if (isSuperseded(record, incidents.get(id))) return;
    if (verdict.next === 'suggest' && onlyObserves(remedy)) {
      // The platform restarts the process by itself: this is verified before a human is paged.
      const text = `${remedy} on ${target.process} was not done: ${verdict.reason}. The target is only observed.`;
      await incidents.change(id, (latest) =>
        isSuperseded(record, latest) ? latest : revise(latest, {}, [entry(clock(), 'guarded', text)]),
      );
      remedy = 'observe-only';
      act = { ...act, remedy };
      continue;
    }
    if (verdict.next === 'suggest' || clock() >= patience) {
      await refuse(context, record, act, verdict.reason);
      return;
    }
    await sleep(TURN_EVERY_MS, undefined, { signal: abort });
  }

  const text = `About to apply ${remedy} to ${target.process}.`;
  let intended = false;
  await incidents.change(id, (latest) => {
    intended = !isSuperseded(record, latest);
    return intended ? intend(latest, { id: act.id, remedy, target, epoch }, text, clock()) : latest;
  });
  if (!intended) return;
  await withSpan('healer.act', { remedy, target: target.process }, async () => {
    let state: 'done' | 'failed' = 'done';
    let outcome: string;
    try {
      abort.throwIfAborted();
      outcome = await context.remedies[remedy].apply({
        actionId: act.id,
        epoch,
        signal,
        target,
        evidence,
        abort,
      });
    } catch (error) {
      // The healer is being stopped: the outcome is not known, so the action is left without one.
      if (abort.aborted) throw error;
      state = 'failed';
      outcome = `${remedy} on ${target.process} failed: ${(error as Error).message.slice(0, 300)}.`;
    }
    await incidents.change(id, (latest) => conclude(latest, act.id, state, outcome, clock()));
  });
  if (remedy !== 'page-human') return;
  const reason = `The playbook has no further remedy; an admin must examine ${target.process}.`;
  await incidents.change(id, (latest) => escalate(latest, reason, true, clock()));
  context.notify(id, 'escalated');
}

/** The guards, and the lease under which the target is treated. */
async function ready(
  context: HealingContext,
  record: IncidentRecord,
  act: ProposedAct,
  step: { rule: PlaybookRule; rung: Rung },
): Promise<(GuardDecision & { allowed: false }) | { allowed: true; epoch: number }> {
  const latest = context.incidents.get(act.incidentId) ?? record;
  if (!isHarmless(act.remedy)) {
    const lease = await context.leases.acquire(act.target.process, act.incidentId);
    if (!lease.held) {
      const reason = `${act.target.process} is being treated for incident ${lease.by.incident_id}`;
      return { allowed: false, guard: 'lease', reason, next: 'wait' };
    }
    const verdict = await guardAct(context, latest, act, step);
    return verdict.allowed ? { allowed: true, epoch: lease.epoch } : verdict;
  }
  return { allowed: true, epoch: 0 };
}

async function refuse(
  context: HealingContext,
  record: IncidentRecord,
  act: ProposedAct,
  reason: string,
): Promise<void> {
  const { incidents, clock } = context;
  const { id } = record.incident;
  let refused = false;
  await incidents.change(id, (latest) => {
    refused = !isSuperseded(record, latest);
    if (!refused) return latest;
    const suggested = suggest(latest, act, `${reason}.`, clock());
    const failed = latest.incident.actions.findLast(({ state }) => state === 'failed')?.outcome;
    const text = `An admin is mailed, because ${act.remedy} on ${act.target.process} may not be done now: ${reason}.${failed ? ` Before, ${failed}` : ''}`;
    return escalate(suggested, text, true, clock());
  });
  if (refused) context.notify(id, 'escalated');
}

/** Whether a new diagnosis, a resolution or a takeover has made earlier decisions void. */
export function isSuperseded(seen: IncidentRecord, latest: IncidentRecord | null): boolean {
  return (
    latest === null ||
    latest.incident.status === 'resolved' ||
    latest.gave_up !== seen.gave_up ||
    latest.rung !== seen.rung ||
    latest.rung_action !== seen.rung_action ||
    latest.treating.signal !== seen.treating.signal ||
    latest.treating.target.process !== seen.treating.target.process
  );
}

/**
 * An old symptom (it waited in the stream while no healer was there, or for its turn) says nothing about this
 * moment. Before a process is restarted for it, the process is probed again. Only a process that is surely
 * unhealthy is restarted.
 */
async function nothingIsWrongAnyMore(
  { clock, limits, prober }: HealingContext,
  { incident, treating }: IncidentRecord,
  rung: Rung,
  abort: AbortSignal,
): Promise<boolean> {
  if (!endsProcess(rung.remedy) || incident.actions.some(({ state }) => state !== 'unknown')) return false;
  const observed = Math.max(
    ...incident.symptoms
      .filter(({ target }) => target.process === treating.target.process)
      .map(({ observed_at }) => Date.parse(observed_at)),
  );
  if (clock() - observed < limits.staleAfterMs) return false;
  const patience = clock() + limits.staleAfterMs;
  for (;;) {
    const { status } = await prober.probe(treating.target);
    if (status !== 'unknown' || clock() >= patience) return status !== 'bad';
    await sleep(TURN_EVERY_MS, undefined, { signal: abort });
  }
}

/** Moves on to the next rung, with the reason. */
export async function nextRung(context: HealingContext, record: IncidentRecord, why: string): Promise<void> {
  const { incidents, clock } = context;
  await incidents.change(record.incident.id, (latest) =>
    isSuperseded(record, latest) ? latest : climb(latest, why, clock()),
  );
}
