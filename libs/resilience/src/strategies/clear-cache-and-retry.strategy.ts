import { cannotRepeat } from './repeat-after-waits.ts';
import { healed, notHealed, type Strategy } from './strategy.ts';

/** Deletes the corrupt entry and reads again, this time from the source. */
export const clearCacheAndRetry: Strategy = {
  name: 'CLEAR_CACHE_AND_RETRY',
  needs: '`clearCache`, and a call that may be repeated',
  missing: (call) => (call.site.options.clearCache ? cannotRepeat(call) : 'there is no `clearCache`'),
  async run(call) {
    const { clearCache } = call.site.options;
    await call.bounded((async () => clearCache?.(call.error, ...(call.args as never[])))());
    const refused = call.reserveRepeat();
    if (refused !== null) return notHealed(`the cache was cleared, but it is not repeated: ${refused}`);
    const attempted = await call.repeat();
    return attempted.ok
      ? healed(attempted.value, 'succeeded after the cache was cleared')
      : notHealed(`the cache was cleared, but ${attempted.why}`);
  },
};
