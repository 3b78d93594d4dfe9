/** Asks the person to log in. Resolves with whether somebody is logged in now. */
export type LogInAgain = () => Promise<boolean>;

const UNAUTHENTICATED = 401;

/** Does the call once more when it failed for want of a session and the person has logged in since. */
export async function repeatAfterLogIn<T>(call: () => Promise<T>, logInAgain: LogInAgain): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if ((error as { status?: number | null }).status !== UNAUTHENTICATED) throw error;
    if (!(await logInAgain())) throw error;
    return call();
  }
}
