import { remedyRow, targetSchema } from '@gridworks/contracts';
import { ALLOWED, endsProcess, type GuardDecision, type ProposedAct, refuse } from './guard-decision.ts';

const GUARD = 'valid-target';

/**
 * Refuses a target that is missing, malformed or a wildcard, a process that does not belong to the named
 * service or server, a remedy for instances on a server, and a remedy that is not in the catalogue.
 */
export function validTarget({ remedy, target }: ProposedAct): GuardDecision {
  const parsed = targetSchema.safeParse(target);
  if (!parsed.success) return refuse(GUARD, 'the target is not the name of one process');
  const { kind, name, process } = parsed.data;
  if (process !== name && !process.startsWith(`${name}-`))
    return refuse(GUARD, `${process} is not a process of ${name}`);
  const row = remedyRow(remedy);
  if (!row) return refuse(GUARD, 'the catalogue has no such remedy');
  if (!row.targets.includes(kind))
    return refuse(GUARD, `${remedy} is for instances of services, and ${name} is a ${kind}`);
  return ALLOWED;
}

/**
 * Refuses to disrupt the deciding process itself: it is alive, and its successor would find the act without
 * an outcome.
 */
export function notMyself({ remedy, target }: ProposedAct, self: string): GuardDecision {
  if (target.process !== self || !endsProcess(remedy)) return ALLOWED;
  return refuse('not-myself', `${self} is the process that decides this, so it is alive`);
}
