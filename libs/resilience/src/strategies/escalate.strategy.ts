import { notHealed, type Strategy } from './strategy.ts';

/** Does nothing here: the caller gets the error, and the report says that somebody else must act. */
export const escalate: Strategy = {
  name: 'ESCALATE',
  needs: 'nothing',
  missing: () => null,
  async run() {
    return notHealed('nothing is right to do here; reported');
  },
};
