import type { ServerName } from '@gridworks/contracts';
import { classify } from '@gridworks/resilience';
import type { CheckResult } from './server-tracker.ts';

/** How one server is checked. */
export interface ServerCheck {
  readonly name: ServerName;
  /** Resolves with the identity of the server's boot, null while unknown. Throws when the server is away. */
  probe(signal: AbortSignal): Promise<string | null>;
  /**
   * Writes, for servers that must store data. Throws when the write failed, and `StoreNotJudged` when the
   * failure says nothing about the store.
   */
  store?(signal: AbortSignal): Promise<void>;
}

/** A write that failed for a reason that is no fault of the store. */
export class StoreNotJudged extends Error {
  override readonly name = 'StoreNotJudged';
}

/** Injects the checks of all servers: `@Inject(SERVER_CHECKS) checks: readonly ServerCheck[]`. */
export const SERVER_CHECKS = Symbol('SERVER_CHECKS');

/**
 * A failure so shortly before the timeout counts as a timeout, not as a refusal. So does an error of the kind
 * `timeout`, since an earlier caller may have begun to wait before this one. Milliseconds.
 */
const SILENCE_BEFORE_END_MS = 100;

/** The server accepts connections and does not respond. The classifier knows the name as a timeout. */
export class SilentServerError extends Error {
  override readonly name = 'TimeoutError';
}

/** Checks a server once. Never throws, and takes no longer than the timeout: then it counts as unresponsive. */
export async function probeServer(check: ServerCheck, timeoutMs: number): Promise<CheckResult> {
  const started = performance.now();
  const abort = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no response within ${timeoutMs} ms`)), timeoutMs);
  });
  const response = check.probe(abort.signal);
  response.catch(() => undefined); // it may reject after the race has ended
  try {
    const boot = await Promise.race([response, late]);
    return { ok: true, latencyMs: performance.now() - started, boot };
  } catch (error) {
    const latencyMs = performance.now() - started;
    const text = error instanceof Error ? error.message || error.constructor.name : String(error);
    const timedOut =
      latencyMs >= timeoutMs - SILENCE_BEFORE_END_MS ||
      classify(error, { dependency: check.name }).kind === 'timeout';
    return { ok: false, latencyMs, timedOut, error: text };
  } finally {
    clearTimeout(timer);
    abort.abort();
  }
}

/**
 * Whether the server stores what it is given: null, or the reason why not; undefined when that was not found
 * out. Never throws, and takes no longer than the timeout: a store that does does not work. The bus tries twice, for a
 * second each.
 */
export async function probeStore(check: ServerCheck, timeoutMs: number): Promise<string | null | undefined> {
  const abort = AbortSignal.timeout(timeoutMs);
  const late = Promise.withResolvers<never>();
  const end = () => late.reject(new Error(`nothing was stored within ${timeoutMs} ms`));
  abort.addEventListener('abort', end, { once: true });
  const stored = check.store?.(abort) ?? Promise.resolve();
  stored.catch(() => undefined); // it may reject after the race has ended
  try {
    await Promise.race([stored, late.promise]);
    return null;
  } catch (error) {
    if (error instanceof StoreNotJudged) return undefined;
    const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : '';
    return error instanceof Error ? `${error.message}${cause}` : String(error);
  } finally {
    abort.removeEventListener('abort', end);
  }
}
