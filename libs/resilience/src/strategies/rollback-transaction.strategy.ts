import { fullJitter } from '../healing/backoff.ts';
import { repeatAfterWaits, repeatLimits } from './repeat-after-waits.ts';
import { notHealed, type Strategy } from './strategy.ts';

/** Undoes the transaction and repeats it from its start. A part of an outer transaction is never repeated. */
export const rollbackTransaction: Strategy = {
  name: 'ROLLBACK_TRANSACTION',
  needs: '`transaction`',
  missing: (call) => {
    if (!call.site.options.transaction) return 'there is no `transaction`';
    return call.site.options.retry === false ? 'repeats are switched off here' : null;
  },
  async run(call) {
    // Unless the rollback reports otherwise, it is unknown which part of the transaction still has an effect.
    call.forbidRepeats('the rollback failed');
    const outcome = await call.bounded(call.site.options.transaction!.rollback(call.error));
    if (outcome === 'outer') {
      call.forbidRepeats('the transaction began outside of this call and must be repeated whole');
      return notHealed(call.mustNotRepeat() ?? '');
    }
    call.forbidRepeats(null);
    if (outcome === 'rolled_back') call.undone();
    const forbidden = call.mustNotRepeat();
    if (forbidden !== null) return notHealed(`rolled back, but not repeated: ${forbidden}`);
    const limits = repeatLimits(call)!;
    return repeatAfterWaits(call, limits.attempts, (n) =>
      fullJitter(n, limits.baseMs, limits.capMs, call.site.environment.random),
    );
  },
};
