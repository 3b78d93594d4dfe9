import { describe, expect, it } from '@jest/globals';
import { failure, rejection, wrapFailing } from '../../test/healing-fixture.ts';

describe('RATE_LIMIT_BACKOFF', () => {
  it('waits as long as requested, not shorter', async () => {
    const { wrapped, records } = wrapFailing([failure('429', { headers: { 'retry-after': '0.05' } })]);
    expect(await wrapped()).toBe('fresh');
    expect(records[0]!.healedBy).toBe('RATE_LIMIT_BACKOFF');
    expect(records[0]!.durationMs).toBeGreaterThanOrEqual(49);
  });

  it('does not start a wait for which the caller has no time', async () => {
    const { wrapped, calls, why } = wrapFailing([failure('429', { headers: { 'retry-after': '2' } })], {
      deadlineMs: 1_000,
    });
    await rejection(wrapped());
    expect(calls).toHaveLength(1);
    expect(why('RATE_LIMIT_BACKOFF')).toBe('the requested wait of 2000 ms is longer than the caller’s time');
  });

  it('respects the time that the caller itself still has', async () => {
    const { wrapped, why } = wrapFailing([failure('429', { retryAfterMs: 300 })], { remainingMs: () => 200 });
    await rejection(wrapped());
    expect(why('RATE_LIMIT_BACKOFF')).toMatch(/longer than the caller’s time/);
  });

  it('does not wait for hours', async () => {
    const { wrapped, why } = wrapFailing([failure('429', { headers: { 'Retry-After': '7200' } })], {
      defaultValue: 'later',
    });
    expect(await wrapped()).toBe('later');
    expect(why('RATE_LIMIT_BACKOFF')).toMatch(/over the allowed 30000 ms/);
  });
});
