import type { CauseSignal, RemedyName, Target } from '@gridworks/contracts';

/** The input of a remedy: the target that the symptom named, and the lease's epoch. */
export interface RemedyContext {
  readonly actionId: string;
  readonly epoch: number;
  readonly signal: CauseSignal;
  readonly target: Target;
  /** Of the latest symptom of this signal and target. Untrusted: it may narrow what is done, and never allow it. */
  readonly evidence: Readonly<Record<string, unknown>>;
  /** Stops waiting when it aborts. An act that was begun is not undone. */
  readonly abort: AbortSignal;
}

export interface Remedy {
  readonly name: RemedyName;
  /**
   * Applies the remedy and returns the outcome as a sentence. Throws when it was not, or not surely, applied.
   */
  apply(context: RemedyContext): Promise<string>;
}

/** The closed catalogue: a remedy that is not in it cannot be applied. */
export type RemedyCatalogue = Readonly<Record<RemedyName, Remedy>>;
