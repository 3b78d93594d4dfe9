import type { FailedCall } from '../healing/failed-call.ts';
import { healed, notHealed, type StrategyResult } from './strategy.ts';

/**
 * Repeats until it succeeds, until it fails in a way that forbids another repeat, or until attempts, time or
 * budget are used up. `waitMs(n)` gives the wait before the repeat n = 0, 1, 2, ...; null: no further repeat.
 */
export async function repeatAfterWaits(
  call: FailedCall,
  attempts: number,
  waitMs: (repeat: number) => number | null,
): Promise<StrategyResult> {
  let why = '';
  const ended = (reason: string) => notHealed(why === '' ? reason : `${why}; ${reason}`);
  for (let n = 0; n < attempts; n++) {
    const ms = waitMs(n);
    if (ms === null) return ended('the dependency requested a longer wait than is allowed');
    const refused = call.reserveRepeat();
    if (refused !== null) return ended(refused);
    if (!(await call.wait(ms))) {
      call.releaseRepeat();
      return ended(
        call.signal?.aborted ? 'the caller has cancelled' : `no time left to wait ${Math.round(ms)} ms`,
      );
    }
    const attempted = await call.repeat();
    if (attempted.ok) return healed(attempted.value, `repeat ${n + 1} succeeded`);
    why = attempted.why;
    if (!call.latest.transient || call.latest.kind === 'circuit_open') break;
    const forbidden = call.mustNotRepeat();
    if (forbidden !== null) return ended(forbidden);
  }
  return notHealed(why);
}

/** The call site's limits for repeats; null when it allows none. */
export function repeatLimits(call: FailedCall) {
  const { retry } = call.site.options;
  if (retry === false) return null;
  return {
    attempts: retry?.attempts ?? 3,
    baseMs: retry?.baseMs ?? 50,
    capMs: retry?.capMs ?? 2_000,
    maxRetryAfterMs: retry?.maxRetryAfterMs ?? 30_000,
  };
}

/** The reason why this call site may not, or cannot, repeat this call now; null when it can. */
export function cannotRepeat(call: FailedCall): string | null {
  if (call.site.options.retry === false) return 'repeats are switched off here';
  return call.mustNotRepeat() ?? call.budgetSpent();
}
