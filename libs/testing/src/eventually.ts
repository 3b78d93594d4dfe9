import { setTimeout as sleep } from 'node:timers/promises';
import { allowedMs } from './allowed-ms.ts';

export interface EventuallyOptions {
  /** For how long to try on a quiet machine, in milliseconds; longer on a busy one. Default 5000. */
  readonly timeoutMs?: number;
  /** Pause between two tries, in milliseconds. Default 20. */
  readonly everyMs?: number;
}

/**
 * Tries until the assertion neither throws nor returns `false`, and returns its result. When the time is up,
 * throws the error of the last try, so that a failing test shows the condition that was not met.
 */
export async function eventually<T>(
  assertion: () => T | Promise<T>,
  { timeoutMs = 5000, everyMs = 20 }: EventuallyOptions = {},
): Promise<Exclude<T, false>> {
  const began = performance.now();
  for (;;) {
    let failure: unknown;
    try {
      const result = await assertion();
      if (result !== false) return result as Exclude<T, false>;
      failure = new Error(`still not true after ${timeoutMs} ms: ${assertion}`);
    } catch (error) {
      failure = error;
    }
    if (performance.now() - began >= allowedMs(timeoutMs)) throw failure;
    await sleep(everyMs);
  }
}
