import { describe, expect, it } from '@jest/globals';
import { failure, rejection, wrapFailing } from '../../test/healing-fixture.ts';

const endpoints = {
  primary: 'one',
  backups: ['two', 'three'],
  at: (endpoint: string, args: unknown[]) => [endpoint, ...args.slice(1)],
};

describe('SWITCH_API_ENDPOINT', () => {
  it('calls the backups in their order', async () => {
    const { wrapped, calls, why } = wrapFailing([failure('503'), failure('503')], {
      idempotent: true,
      endpoints,
    });
    expect(await wrapped('one', 7)).toBe('fresh');
    expect(calls).toEqual([
      ['one', 7],
      ['two', 7],
      ['three', 7],
    ]);
    expect(why('SWITCH_API_ENDPOINT')).toBe('three responded in place of one');
  });

  it('never sends a write that may have happened to a backup', async () => {
    const { wrapped, calls } = wrapFailing([failure('503')], { endpoints });
    await rejection(wrapped('one'));
    expect(calls).toHaveLength(1);
    const write = wrapFailing([failure('ECONNREFUSED'), failure('ETIMEDOUT')], { endpoints, retry: false });
    await rejection(write.wrapped('one'));
    expect(write.calls.map(([endpoint]) => endpoint)).toEqual(['one', 'two']);
  });

  it('calls the backup at once while the primary’s breaker is open, without the retry budget', async () => {
    const { wrapped, calls, environment } = wrapFailing([failure('503')], {
      idempotent: true,
      endpoints,
      breaker: { consecutiveFailures: 1 },
    });
    while (environment.budget.take());
    for (let i = 0; i < 5; i++) expect(await wrapped('one')).toBe('fresh');
    expect(calls.map(([endpoint]) => endpoint)).toEqual(['one', 'two', 'two', 'two', 'two', 'two']);
  });

  it('stops calling a backup that is dead, too', async () => {
    const errors = Array.from({ length: 100 }, () => failure('503'));
    const { wrapped, calls } = wrapFailing(errors, { idempotent: true, endpoints, retry: false });
    for (let i = 0; i < 8; i++) await rejection(wrapped('one'));
    expect(calls.filter(([endpoint]) => endpoint === 'two')).toHaveLength(5);
  });
});
