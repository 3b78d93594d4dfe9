import { notHealed, type Strategy } from './strategy.ts';

/**
 * Does nothing here: the caller gets the error, and the report says that the error must be handled elsewhere.
 */
export const escalate: Strategy = {
  name: 'ESCALATE',
  needs: 'nothing',
  missing: () => null,
  async run() {
    return notHealed('no strategy applies; reported');
  },
};
