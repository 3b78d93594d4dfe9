/** Asks the user to prove again who they are. Resolves with whether they have. */
export type StepUp = () => Promise<boolean>;

const STEP_UP_REQUIRED = 'AUTH.STEP_UP_REQUIRED';

/** Repeats the call once when it needed a fresh proof and the user has given one since. */
export async function repeatAfterStepUp<T>(call: () => Promise<T>, stepUp: StepUp): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if ((error as { code?: string }).code !== STEP_UP_REQUIRED) throw error;
    if (!(await stepUp())) throw error;
    return call();
  }
}
