import { describe, expect, it } from '@jest/globals';
import { failure, rejection, wrapFailing } from '../../test/healing-fixture.ts';

describe('SKIP_OPERATION', () => {
  it('leaves an optional call out', async () => {
    const { wrapped, calls, records } = wrapFailing([failure('NOCACHE')], { criticality: 'optional' });
    expect(await wrapped()).toBeUndefined();
    expect(calls).toHaveLength(1);
    expect(records[0]!.healedBy).toBe('SKIP_OPERATION');
  });

  it('leaves out nothing else, and never money', async () => {
    for (const options of [
      {},
      { criticality: 'critical' },
      { criticality: 'optional', money: true },
    ] as const) {
      const { wrapped, why } = wrapFailing([failure('NOCACHE')], options);
      expect(await rejection(wrapped())).toMatchObject({ code: 'NOCACHE' });
      expect(why('SKIP_OPERATION')).toMatch(/optional|money/);
    }
  });
});
