import { type RemedyName, remedyRow, type Target } from '@gridworks/contracts';

/** What somebody wants to do, as the guards see it. */
export interface ProposedAct {
  readonly id: string;
  readonly incidentId: string;
  readonly rule: string;
  readonly remedy: RemedyName;
  readonly target: Target;
}

/**
 * What a guard says. `suggest`: not by itself, a human is asked. `wait`: not now; ask again in a moment.
 * Nothing is ever dropped silently.
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

/** The first refusal, or leave to go on. Later guards are not even asked. */
export function firstRefusal(...guards: readonly (() => GuardDecision)[]): GuardDecision {
  for (const guard of guards) {
    const verdict = guard();
    if (!verdict.allowed) return verdict;
  }
  return ALLOWED;
}

/**
 * Takes a process away from its callers for a moment, so that only few may run at once. A remedy that is not in the
 * catalogue counts as disruptive: the guards fail closed.
 */
export const isDisruptive = (remedy: RemedyName): boolean =>
  (remedyRow(remedy)?.effect ?? 'disruptive') === 'disruptive';

/** What the healer may do without may also be watched: the platform starts what ended, whatever the healer does. */
export const onlyObserves = (remedy: RemedyName): boolean => remedyRow(remedy)?.effect === 'none';

/** Does nothing at all: no guard ever stands in the way of looking on and of asking a human. */
export const isHarmless = (remedy: RemedyName): boolean => remedyRow(remedy)?.verb === null;
