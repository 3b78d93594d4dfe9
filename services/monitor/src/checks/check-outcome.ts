import type { CheckName, CheckRun } from '@gridworks/contracts';

/** The outcome of one attempt of a check. */
export interface CheckOutcome {
  readonly passed: boolean;
  /** Null when nothing was measured. */
  readonly responseMs: number | null;
  /** Why it failed; of an attempt that passed: what is nearly wrong, which makes the check degraded. */
  readonly detail: string | null;
  /** The step of a business check that failed. */
  readonly step?: CheckRun['step'];
}

/** Work that the runner repeats as the table of checks says. */
export interface RunnableCheck {
  readonly name: CheckName;
  /** False: there is nothing to check, and it never runs. */
  readonly configured: boolean;
  /** Takes little longer than `timeoutMs`. A rejection counts as a failed attempt. */
  attempt(timeoutMs: number): Promise<CheckOutcome>;
}

/**
 * Injects the checks that the watch knows nothing of, external and business ones:
 * `@Inject(OUTER_CHECKS) checks: readonly RunnableCheck[]`.
 */
export const OUTER_CHECKS = Symbol('OUTER_CHECKS');

/** Measures work that passes unless it throws. `describe` turns the error into a sentence without secrets. */
export async function measured(
  work: () => Promise<unknown>,
  describe: (error: unknown) => string = (error) => (error instanceof Error ? error.message : String(error)),
): Promise<CheckOutcome> {
  const started = performance.now();
  try {
    await work();
    return { passed: true, responseMs: performance.now() - started, detail: null };
  } catch (error) {
    return { passed: false, responseMs: null, detail: describe(error) };
  }
}
