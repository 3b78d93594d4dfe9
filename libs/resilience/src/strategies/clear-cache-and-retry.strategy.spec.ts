import { describe, expect, it } from '@jest/globals';
import { failure, rejection, wrapFailing } from '../../test/healing-fixture.ts';

describe('CLEAR_CACHE_AND_RETRY', () => {
  it('clears the corrupt entry and reads again', async () => {
    const cleared: unknown[] = [];
    const { wrapped, records } = wrapFailing([failure('CORRUPT')], {
      idempotent: true,
      clearCache: (error, key) => void cleared.push([(error as { code: string }).code, key]),
    });
    expect(await wrapped('partner-1')).toBe('fresh');
    expect(cleared).toEqual([['CORRUPT', 'partner-1']]);
    expect(records[0]!.healedBy).toBe('CLEAR_CACHE_AND_RETRY');
  });

  it('is tried once only', async () => {
    let cleared = 0;
    const { wrapped, calls } = wrapFailing([failure('CORRUPT'), failure('CORRUPT'), failure('CORRUPT')], {
      idempotent: true,
      clearCache: () => void cleared++,
    });
    await rejection(wrapped());
    expect([cleared, calls.length]).toEqual([1, 2]);
  });

  it('neither clears nor repeats without `clearCache`, or for a write', async () => {
    const nothing = wrapFailing([failure('CORRUPT')], { idempotent: true });
    await rejection(nothing.wrapped());
    expect(nothing.why('CLEAR_CACHE_AND_RETRY')).toBe('there is no `clearCache`');
    let cleared = 0;
    const write = wrapFailing([failure('CORRUPT')], { clearCache: () => void cleared++ });
    await rejection(write.wrapped());
    expect([cleared, nothing.calls.length, write.calls.length]).toEqual([0, 1, 1]);
  });
});
