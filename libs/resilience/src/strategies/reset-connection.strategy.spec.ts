import { describe, expect, it } from '@jest/globals';
import { failure, rejection, wrapFailing } from '../../test/healing-fixture.ts';

describe('RESET_CONNECTION', () => {
  it('resets once for all calls that fail together, then repeats each', async () => {
    let resets = 0;
    const { wrapped, calls } = wrapFailing([failure('57P01'), failure('57P01'), failure('57P01')], {
      idempotent: true,
      resetConnection: async () => {
        resets++;
        await new Promise((resolve) => setImmediate(resolve));
      },
    });
    expect(await Promise.all([wrapped(), wrapped(), wrapped()])).toEqual(['fresh', 'fresh', 'fresh']);
    expect(resets).toBe(1);
    expect(calls).toHaveLength(6);
  });

  it('resets for a write too, but does not repeat it', async () => {
    let resets = 0;
    const { wrapped, calls, why } = wrapFailing([failure('57P01')], {
      resetConnection: async () => void resets++,
    });
    expect(await rejection(wrapped())).toMatchObject({ code: '57P01' });
    expect([resets, calls.length]).toEqual([1, 1]);
    expect(why('RESET_CONNECTION')).toMatch(/connections were reset, but it is not repeated/);
  });

  it('is skipped where there is nothing to reset, and a repeat is tried', async () => {
    const { wrapped, why, records } = wrapFailing([failure('57P01')], { idempotent: true });
    expect(await wrapped()).toBe('fresh');
    expect(why('RESET_CONNECTION')).toBe('there is no `resetConnection`');
    expect(records[0]!.healedBy).toBe('RETRY_WITH_BACKOFF');
  });

  it('continues when the reset fails', async () => {
    const { wrapped, why } = wrapFailing([failure('57P01')], {
      idempotent: true,
      resetConnection: async () => {
        throw failure('EPOOL');
      },
    });
    expect(await wrapped()).toBe('fresh');
    expect(why('RESET_CONNECTION')).toBe('the strategy itself failed: Error EPOOL');
  });
});
