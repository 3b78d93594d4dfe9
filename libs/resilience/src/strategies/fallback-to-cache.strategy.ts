import { healed, notHealed, type Strategy } from './strategy.ts';

/** Returns the last good value for the same key, if it is not too old. */
export const fallbackToCache: Strategy = {
  name: 'FALLBACK_TO_CACHE',
  needs: '`cache` with a value for the key that is not too old; not for money',
  missing: (call) => call.mustBeTrue() ?? (call.site.cache ? null : 'there is no `cache`'),
  async run(call) {
    const key = call.site.options.cache!.key(...(call.args as never[]));
    const entry = call.site.cache?.get(key);
    return entry
      ? healed(entry.value, `a value from ${Math.round(entry.ageMs)} ms ago replaces the result`)
      : notHealed('there is no value for this key, or it is too old');
  },
};
