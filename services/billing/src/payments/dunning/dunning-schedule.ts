import { type DeclineKind, declineKind } from '../states/decline-codes.ts';

const DAY_MS = 86_400_000;

/** What is done about an invoice whose payment failed, and on which day after the first failure: the one place that says so. */
export const DUNNING_STEPS = [
  { day: 1, does: 'retry' },
  { day: 3, does: 'retry' },
  { day: 5, does: 'retry' },
  { day: 7, does: 'retry' },
  { day: 10, does: 'warn' },
  /** The grace ends: the invoice is overdue. */
  { day: 14, does: 'end' },
] as const;
export type DunningDeed = (typeof DUNNING_STEPS)[number]['does'];

/** When the grace of a case ends that began at this moment. */
export const graceEnds = (startedAt: Date): Date => atDay(startedAt, DUNNING_STEPS.at(-1)?.day ?? 0);

export interface DueStep {
  /** Steps that are done then. */
  readonly done: number;
  readonly does: DunningDeed;
  /** When the step after this one is due; null after the last. */
  readonly nextAt: Date | null;
}

/** When the first step is due. */
export const firstStepAt = (startedAt: Date): Date => atDay(startedAt, DUNNING_STEPS[0].day);

/**
 * The step that is due, after `done` of them; null when none is. After an outage several are: then retries that were missed become one,
 * but a warning comes before the end, which then waits for a day: nobody loses access without having been warned.
 */
export function dueStep(startedAt: Date, done: number, now: Date): DueStep | null {
  const due = (index: number) => {
    const step = DUNNING_STEPS[index];
    return step !== undefined && atDay(startedAt, step.day) <= now;
  };
  if (!due(done)) return null;
  let index = done;
  while (
    DUNNING_STEPS[index]?.does === 'retry' &&
    DUNNING_STEPS[index + 1]?.does === 'retry' &&
    due(index + 1)
  )
    index++;
  const step = DUNNING_STEPS[index];
  const next = DUNNING_STEPS[index + 1];
  if (!step) return null;
  const planned = next ? atDay(startedAt, next.day) : null;
  const earliest = step.does === 'warn' ? new Date(now.getTime() + DAY_MS) : now;
  return { done: index + 1, does: step.does, nextAt: planned && planned < earliest ? earliest : planned };
}

/**
 * Whether a payment method may be charged again after its last refusal: not after a hard one, and not where only the payer in a browser
 * can help. Another payment method may always be.
 */
export function mayRetry(
  last: { readonly code: string; readonly methodId: string | null },
  methodId: string,
): boolean {
  const kind: DeclineKind = declineKind(last.code);
  return last.methodId !== methodId || kind === 'soft';
}

const atDay = (startedAt: Date, day: number): Date => new Date(startedAt.getTime() + day * DAY_MS);
