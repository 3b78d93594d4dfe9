import { describe, expect, it } from '@jest/globals';
import { failure, rejection, wrapFailing } from '../../test/healing-fixture.ts';

describe('RETRY_WITH_BACKOFF', () => {
  it('repeats an idempotent call until it succeeds', async () => {
    const { wrapped, calls, records } = wrapFailing([failure('ECONNRESET'), failure('ETIMEDOUT')], {
      idempotent: true,
    });
    expect(await wrapped('a', 1)).toBe('fresh');
    expect(calls).toEqual([
      ['a', 1],
      ['a', 1],
      ['a', 1],
    ]);
    expect(records).toMatchObject([{ healedBy: 'RETRY_WITH_BACKOFF' }]);
  });

  it('never repeats a write that may have happened', async () => {
    for (const code of ['ECONNRESET', 'ETIMEDOUT']) {
      for (const idempotent of [undefined, false]) {
        const original = failure(code);
        const { wrapped, calls, why } = wrapFailing([original], { idempotent });
        expect(await rejection(wrapped())).toBe(original);
        expect(calls).toHaveLength(1);
        expect(why('RETRY_WITH_BACKOFF')).toMatch(/may have happened/);
      }
    }
  });

  it('repeats a write that certainly did not happen, and stops once one may have', async () => {
    const surely = wrapFailing([failure('ECONNREFUSED')]);
    expect(await surely.wrapped()).toBe('fresh');
    const original = failure('ECONNREFUSED');
    const then = wrapFailing([original, failure('ECONNRESET'), failure('ECONNREFUSED')]);
    expect(await rejection(then.wrapped())).toBe(original);
    expect(then.calls).toHaveLength(2);
  });

  it('does not repeat a write after an unsure classification', async () => {
    const unsure = { kind: 'connection_refused', transient: true, strategy: 'RETRY_WITH_BACKOFF' } as const;
    const { wrapped, calls } = wrapFailing(
      [failure('X')],
      {},
      { classify: () => ({ ...unsure, confidence: 0.6, why: 'its words say so', rule: 'words' }) },
    );
    await rejection(wrapped());
    expect(calls).toHaveLength(1);
  });

  it('repeats a write whose repeats the other side recognises', async () => {
    const key = (...args: unknown[]) => args[0] as string | undefined;
    const { wrapped, calls } = wrapFailing([failure('ETIMEDOUT'), failure('ETIMEDOUT')], {
      idempotencyKey: key,
      money: true,
    });
    expect(await wrapped('order-1')).toBe('fresh');
    expect(calls).toHaveLength(3);
    const without = wrapFailing([failure('ETIMEDOUT')], { idempotencyKey: key });
    await rejection(without.wrapped(undefined));
    expect(without.calls).toHaveLength(1);
  });

  it('ends after its attempts, and throws the first error', async () => {
    const errors = Array.from({ length: 9 }, () => failure('ECONNRESET'));
    const { wrapped, calls } = wrapFailing(errors, { idempotent: true, retry: { attempts: 2 } });
    expect(await rejection(wrapped())).toBe(errors[0]);
    expect(calls).toHaveLength(3);
  });

  it('ends at a failure that a repeat cannot help, and tries nothing else then', async () => {
    const { wrapped, calls, records } = wrapFailing([failure('ECONNRESET'), failure('INVALID')], {
      idempotent: true,
      defaultValue: 'default',
    });
    expect(await rejection(wrapped())).toMatchObject({ code: 'ECONNRESET' });
    expect(calls).toHaveLength(2);
    expect(records[0]!.steps).toHaveLength(1);
  });

  it('does not wait beyond the deadline of the caller', async () => {
    const { wrapped, calls, why } = wrapFailing([failure('ECONNRESET', { retryAfterMs: 5_000 })], {
      idempotent: true,
      deadlineMs: 1_000,
    });
    await rejection(wrapped());
    expect(calls).toHaveLength(1);
    expect(why('RETRY_WITH_BACKOFF')).toMatch(/no time left/);
  });

  it('stops waiting when the caller cancels', async () => {
    const controller = new AbortController();
    const original = failure('ECONNRESET', { retryAfterMs: 20_000 });
    const { wrapped, calls } = wrapFailing([original], { idempotent: true });
    const outcome = rejection(wrapped({ signal: controller.signal }));
    setImmediate(() => controller.abort());
    expect(await outcome).toBe(original);
    expect(calls).toHaveLength(1);
  });

  it('can be switched off', async () => {
    const { wrapped, calls } = wrapFailing([failure('ECONNREFUSED')], { idempotent: true, retry: false });
    await rejection(wrapped());
    expect(calls).toHaveLength(1);
  });
});
