import { describe, expect, it } from '@jest/globals';
import { failure, rejection, wrapFailing } from '../../test/healing-fixture.ts';

describe('ESCALATE', () => {
  it('does nothing, whatever else could be done', async () => {
    for (const error of [failure('INVALID'), failure('never seen before'), new Error('boom')]) {
      const { wrapped, calls, records } = wrapFailing([error], {
        idempotent: true,
        criticality: 'optional',
        defaultValue: 0,
        cache: { key: () => 'k' },
        endpoints: { primary: 'one', backups: ['two'], at: (_, args) => args },
        resetConnection: async () => {
          throw new Error('must not be called');
        },
      });
      expect(await rejection(wrapped())).toBe(error);
      expect(calls).toHaveLength(1);
      expect(records).toMatchObject([{ healedBy: null, steps: [], decision: { strategy: 'ESCALATE' } }]);
    }
  });
});
