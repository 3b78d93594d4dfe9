import type { CauseSignal, RemedyName, Target } from '@gridworks/contracts';

/** What a remedy is given: the target that the symptom named, and under which lease. */
export interface RemedyContext {
  readonly actionId: string;
  readonly epoch: number;
  readonly signal: CauseSignal;
  readonly target: Target;
  /** Stops waiting when it aborts. What was begun is not undone. */
  readonly abort: AbortSignal;
}

export interface Remedy {
  readonly name: RemedyName;
  /** Does it, and answers what was done as a sentence. Throws when it was not, or not surely, done. */
  apply(context: RemedyContext): Promise<string>;
}

/** The closed catalogue: a remedy that is not in it cannot be asked for. */
export type RemedyCatalogue = Readonly<Record<RemedyName, Remedy>>;
