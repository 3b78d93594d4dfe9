import { healed, type Strategy } from './strategy.ts';

/** Leaves an optional call out: the caller gets undefined. */
export const skipOperation: Strategy = {
  name: 'SKIP_OPERATION',
  needs: "`criticality: 'optional'`; not for money",
  missing: (call) => {
    if (call.site.options.criticality !== 'optional') return "it is not `criticality: 'optional'`";
    return call.mustBeTrue();
  },
  async run() {
    return healed(undefined, 'left out, it is optional');
  },
};
