/** Opens the log-in dialog. Resolves with whether the user is logged in now. */
export type LogInAgain = () => Promise<boolean>;

const UNAUTHENTICATED = 401;

/** Repeats the call once when it failed because the session ended and the user has logged in since. */
export async function repeatAfterLogIn<T>(call: () => Promise<T>, logInAgain: LogInAgain): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if ((error as { status?: number | null }).status !== UNAUTHENTICATED) throw error;
    if (!(await logInAgain())) throw error;
    return call();
  }
}
