import { describe, expect, it } from '@jest/globals';
import { failure, rejection, wrapFailing } from '../../test/healing-fixture.ts';

describe('ROLLBACK_TRANSACTION', () => {
  it('rolls back and repeats the whole transaction', async () => {
    const order: string[] = [];
    const deadlock = failure('40P01');
    const { wrapped, calls, records } = wrapFailing([deadlock], {
      transaction: {
        rollback: async (error) => {
          expect(error).toBe(deadlock);
          order.push(`rollback after ${calls.length}`);
          return 'rolled_back';
        },
      },
    });
    expect(await wrapped()).toBe('fresh');
    expect(order).toEqual(['rollback after 1']);
    expect(records[0]!.healedBy).toBe('ROLLBACK_TRANSACTION');
  });

  it('does not repeat a part of an outer transaction', async () => {
    const { wrapped, calls, why } = wrapFailing([failure('40P01')], {
      transaction: { rollback: async () => 'outer' },
      retry: { attempts: 1 },
    });
    expect(await rejection(wrapped())).toMatchObject({ code: '40P01' });
    expect(calls).toHaveLength(1);
    expect(why('ROLLBACK_TRANSACTION')).toMatch(/must be repeated whole/);
  });

  it('may repeat after a lost connection when the work was certainly undone', async () => {
    const decided = { kind: 'connection_lost', transient: true, strategy: 'ROLLBACK_TRANSACTION' } as const;
    const classify = () => ({ ...decided, confidence: 1, why: '', rule: '' });
    const undone = wrapFailing(
      [failure('X')],
      { transaction: { rollback: async () => 'rolled_back' } },
      { classify },
    );
    expect(await undone.wrapped()).toBe('fresh');
    const unclear = wrapFailing(
      [failure('X')],
      { transaction: { rollback: async () => 'none' } },
      { classify },
    );
    await rejection(unclear.wrapped());
    expect(unclear.calls).toHaveLength(1);
  });

  it('does not repeat when the rollback fails', async () => {
    const { wrapped, calls } = wrapFailing([failure('40P01')], {
      transaction: {
        rollback: async () => {
          throw failure('57P01');
        },
      },
    });
    await rejection(wrapped());
    expect(calls).toHaveLength(1);
  });
});
