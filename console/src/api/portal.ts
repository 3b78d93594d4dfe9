import { type Operations, Portal } from '@gridworks/sdk';
import { type LogInAgain, repeatAfterLogIn } from './repeat-after-log-in.ts';
import { repeatAfterStepUp, type StepUp } from './repeat-after-step-up.ts';

/**
 * An operation of the SDK. A list resolves with its one requested page, since no page of the console reads a
 * whole collection.
 */
type Wrapped<T> = {
  [K in keyof T]: T[K] extends (...args: infer A) => infer R
    ? (...args: A) => Promise<Awaited<R>>
    : Wrapped<T[K]>;
};
export type Api = Wrapped<Operations>;

const SECOND_FACTOR_MISSING = 'AUTH.SECOND_FACTOR_MISSING';

/** The build that the gateway serves, from each of its responses; a page of another build is stale. */
let servedBuild: string | null = null;
const onBuild = new Set<(build: string) => void>();

/** Calls `listener` with each new build; at once when a build is known already. */
export function onServedBuild(listener: (build: string) => void): void {
  onBuild.add(listener);
  if (servedBuild) listener(servedBuild);
}

async function send(input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> {
  const response = await fetch(input, init);
  const build = response.headers.get('console-build');
  if (build && build !== servedBuild) {
    servedBuild = build;
    for (const listener of onBuild) listener(build);
  }
  return response;
}

/**
 * The client of the SDK. Only the SDK retries (connection failures, 408, 425, 429 and 5xx, after the time in
 * the response or after up to 0.5 and 1 s), so queries do not. The browser sends the session cookie; the SDK
 * remembers the token for writes from the response that contains the user.
 */
export const portal = new Portal({
  fetch: send,
  retries: 2,
  backoffMs: 500,
  longestWaitMs: 5000,
  timeoutMs: 15_000,
  limit: 600,
  breakerOpenMs: 5000,
});

/** Opens the log-in dialog, once the page can do that. */
let logInAgain: LogInAgain = () => Promise.resolve(false);
export const onLoggedOut = (ask: LogInAgain): void => {
  logInAgain = ask;
};

/** Opens the dialog that asks for a proof, once the page can do that. */
let stepUp: StepUp = () => Promise.resolve(false);
export const onStepUpRequired = (ask: StepUp): void => {
  stepUp = ask;
};

/** Shows an admin where to add the second factor that he must have, once the page can do that. */
let addSecondFactor: () => void = () => undefined;
export const onSecondFactorMissing = (show: () => void): void => {
  addSecondFactor = show;
};

/**
 * Every operation of the API. A call that finds the session ended, or that needs a fresh proof of who the user is, waits for
 * its dialog and is then repeated.
 */
export const api = wrap(portal as unknown as Record<string, unknown>) as unknown as Api;

function wrap(table: Record<string, unknown>): Record<string, unknown> {
  return new Proxy(table, {
    get: (target, name) => {
      const value = target[name as string];
      if (typeof value === 'function')
        return (...args: unknown[]) => {
          const call = async () => await value.apply(target, args);
          const proved = () => repeatAfterStepUp(call, () => stepUp());
          return repeatAfterLogIn(proved, () => logInAgain()).catch(showMissing);
        };
      return typeof value === 'object' && value !== null ? wrap(value as Record<string, unknown>) : value;
    },
  });
}

function showMissing(error: unknown): never {
  if ((error as { code?: string }).code === SECOND_FACTOR_MISSING) addSecondFactor();
  throw error;
}
