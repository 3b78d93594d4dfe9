import { healed, notHealed, type Strategy } from './strategy.ts';

/**
 * Drops the connections to the dependency, once for all calls that fail together, and calls again at once.
 */
export const resetConnection: Strategy = {
  name: 'RESET_CONNECTION',
  needs: '`resetConnection`; for the repeat, a call that may be repeated',
  missing: (call) => (call.site.options.resetConnection ? null : 'there is no `resetConnection`'),
  async run(call) {
    await call.bounded(call.site.resetConnection());
    const forbidden = call.mustNotRepeat();
    if (forbidden !== null) return notHealed(`connections were reset, but it is not repeated: ${forbidden}`);
    const refused = call.reserveRepeat();
    if (refused !== null) return notHealed(`connections were reset, but it is not repeated: ${refused}`);
    const attempted = await call.repeat();
    return attempted.ok
      ? healed(attempted.value, 'succeeded on a new connection')
      : notHealed(`connections were reset, but ${attempted.why}`);
  },
};
