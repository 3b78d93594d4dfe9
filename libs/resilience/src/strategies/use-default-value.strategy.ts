import { healed, type Strategy } from './strategy.ts';

/** Returns a value that the developer declared good enough. */
export const useDefaultValue: Strategy = {
  name: 'USE_DEFAULT_VALUE',
  needs: '`defaultValue`; not for money',
  missing: (call) => {
    if (!('defaultValue' in call.site.options)) return 'there is no `defaultValue`';
    return call.mustBeTrue();
  },
  async run(call) {
    const { defaultValue } = call.site.options;
    const value =
      typeof defaultValue === 'function'
        ? (defaultValue as (...args: readonly unknown[]) => unknown)(...call.args)
        : defaultValue;
    return healed(value, 'the default value replaces the result');
  },
};
