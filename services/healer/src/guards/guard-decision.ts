import { type RemedyName, remedyRow, type Target } from '@gridworks/contracts';

/** An act that the healer is about to do, as the guards see it. */
export interface ProposedAct {
  readonly id: string;
  readonly incidentId: string;
  readonly rule: string;
  readonly remedy: RemedyName;
  readonly target: Target;
}

/**
 * The decision of a guard. `suggest`: the act becomes a suggestion to a human. `wait`: not now, try again in
 * a moment. No act is ever dropped silently.
 */
export type GuardDecision =
  | { readonly allowed: true }
  | {
      readonly allowed: false;
      readonly guard: string;
      readonly reason: string;
      readonly next: 'suggest' | 'wait';
    };

export const ALLOWED: GuardDecision = Object.freeze({ allowed: true });

export const refuse = (
  guard: string,
  reason: string,
  next: 'suggest' | 'wait' = 'suggest',
): GuardDecision => ({
  allowed: false,
  guard,
  reason,
  next,
});

/** Returns the first refusal, or ALLOWED. Guards after a refusal are not called. */
export function firstRefusal(...guards: readonly (() => GuardDecision)[]): GuardDecision {
  for (const guard of guards) {
    const verdict = guard();
    if (!verdict.allowed) return verdict;
  }
  return ALLOWED;
}

/**
 * The remedy ends a process: it takes it away from its callers for a moment, or replaces it, which costs them nothing when
 * all goes well. Only few may run at once. A remedy that is not in the catalogue counts as well: the guards fail closed.
 */
export const endsProcess = (remedy: RemedyName): boolean => {
  const row = remedyRow(remedy);
  return row === undefined || row.effect === 'disruptive' || row.endsProcess === true;
};

/** The remedy only observes. The platform starts a process that ended, whatever the healer does. */
export const onlyObserves = (remedy: RemedyName): boolean => remedyRow(remedy)?.effect === 'none';

/** The remedy does nothing to the target. No guard refuses to observe or to page a human. */
export const isHarmless = (remedy: RemedyName): boolean => remedyRow(remedy)?.verb === null;
