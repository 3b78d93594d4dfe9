import { setTimeout as sleep } from 'node:timers/promises';
import { allowedMs } from './allowed-ms.ts';

export interface EventuallyOptions {
  /** How long to go on trying on a quiet machine, in milliseconds; longer on a busy one. 5000. */
  readonly timeoutMs?: number;
  /** Pause between two tries, in milliseconds. 20. */
  readonly everyMs?: number;
}

/**
 * Tries until the assertion neither throws nor answers `false`, and answers what it answered. When the time is
 * up it throws what the last try threw, so that a failing test says what it still waited for.
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
