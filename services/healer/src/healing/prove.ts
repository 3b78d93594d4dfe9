import { withSpan } from '@gridworks/observability';
import { describeSpan, describeTrouble } from '../incidents/describe.ts';
import type { IncidentRecord, TreatedTarget } from '../incidents/incident-record.ts';
import { decide, escalate, resolve, startVerifying } from '../incidents/treatment.ts';
import { explainDecision, ruleFor } from '../playbook/playbook.ts';
import type { HealingContext } from './healing-context.ts';
import type { Step } from './next-step.ts';
import { isSuperseded, nextRung } from './perform-act.ts';
import { type Before, verifyTarget } from './verify-target.ts';

/**
 * Verifies the action and records what follows: the end, the next rung, or the dependent that is treated
 * next. `treated`: dependents that were treated already; one that is still unhealthy then is escalated.
 */
export async function prove(
  context: HealingContext,
  record: IncidentRecord,
  step: Step & { do: 'verify' },
  { before, treated }: { before: Before; treated: Set<string> },
  abort: AbortSignal,
): Promise<void> {
  const { clock, incidents } = context;
  const { id } = record.incident;
  const { target } = record.treating;
  const change = (next: (latest: IncidentRecord) => IncidentRecord) =>
    incidents.change(id, (latest) => (isSuperseded(record, latest) ? latest : next(latest)));
  const { stabilisationMs, verifyTimeoutMs } = step.rung;
  const text = `Verifying ${target.process}: it must be healthy for ${describeSpan(stabilisationMs)} within ${describeSpan(verifyTimeoutMs)}.`;
  await change((latest) => startVerifying(latest, text, clock()));

  // A process that was only observed, or perhaps not restarted, may still be the same boot.
  const sameBootIsFine = step.action.state !== 'done' || step.action.remedy === 'observe-only';
  const seen = await withSpan('healer.verify', { target: target.process }, () =>
    verifyTarget(context, record, step, sameBootIsFine ? { ...before, boot: null } : before, abort),
  );
  switch (seen.outcome) {
    case 'superseded':
      return;
    case 'unhealthy':
      return nextRung(context, record, `Not healthy: ${seen.why}.`);
    case 'healthy':
      await change((latest) => resolve(latest, seen.proof, clock()));
      return;
    case 'dependent-unhealthy':
      return treatDependent(context, record, seen.dependent, seen.why, treated);
  }
}

/**
 * The target is healthy and a dependent is not: the dependent is treated next, by its own ladder, in this
 * incident.
 */
async function treatDependent(
  { clock, incidents, notify, playbook }: HealingContext,
  record: IncidentRecord,
  dependent: TreatedTarget,
  why: string,
  treated: Set<string>,
): Promise<void> {
  const { id, cause } = record.incident;
  const healthy = record.treating.target.process;
  const { process } = dependent.target;
  if (treated.has(process) || process === cause.target.process) {
    const reason = `${process} does not become healthy although ${healthy} is: ${why}.`;
    await incidents.change(id, (latest) =>
      isSuperseded(record, latest) ? latest : escalate(latest, reason, true, clock()),
    );
    notify(id, 'escalated');
    return;
  }
  treated.add(process);
  const rule = ruleFor(playbook, dependent.signal, dependent.target);
  const text = `${healthy} is healthy, and ${describeTrouble(dependent.signal, dependent.target)}. ${explainDecision(rule, dependent.target)}`;
  await incidents.change(id, (latest) =>
    isSuperseded(record, latest)
      ? latest
      : decide(latest, { rule: rule.name, text, treating: dependent }, clock()),
  );
}
