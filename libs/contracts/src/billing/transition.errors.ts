import { AppError, defineError } from '../values/app-error.ts';

export const TRANSITION_FORBIDDEN = defineError({
  code: 'BILLING.TRANSITION_FORBIDDEN',
  kind: 'conflict',
  title: 'The state does not allow this step',
});

/** Which states may follow each state. A state without followers is final. */
export type TransitionTable<S extends string> = Readonly<Record<S, readonly S[]>>;

/** The refusal of a step that the table does not have. `details` has `from`, `to` and what is `allowed`. */
export function forbiddenTransition<S extends string>(table: TransitionTable<S>, from: S, to: S): AppError {
  const allowed = table[from];
  return new AppError(TRANSITION_FORBIDDEN, {
    detail:
      allowed.length === 0
        ? `${from} is final: nothing follows it.`
        : `${to} does not follow ${from}. Allowed: ${allowed.join(', ')}.`,
    details: { from, to, allowed },
  });
}
