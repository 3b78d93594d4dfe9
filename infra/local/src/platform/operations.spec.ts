import { describe, expect, it } from '@jest/globals';
import { FencedError, OperationReusedError, PlatformOperations } from './operations.ts';

function counted() {
  let acts = 0;
  return { act: async () => ++acts, count: () => acts };
}
const operation = (operationId: string, epoch: number, over = {}) => ({
  operationId,
  epoch,
  act: 'restart',
  target: 'billing',
  ...over,
});

describe('Operations', () => {
  it('acts once for an id that comes twice, also at the same moment', async () => {
    const operations = new PlatformOperations<number>();
    const { act, count } = counted();
    const outcomes = await Promise.all(
      [1, 1, 1].map((epoch) => operations.perform(operation('a', epoch), act)),
    );
    expect(await operations.perform(operation('a', 1), act)).toBe(1);
    expect(outcomes).toEqual([1, 1, 1]);
    expect(count()).toBe(1);
  });

  it('repeats a failed result instead of trying again', async () => {
    const operations = new PlatformOperations<number>();
    let tries = 0;
    const fail = async () => {
      tries++;
      throw new Error('no');
    };
    await expect(operations.perform(operation('a', 1), fail)).rejects.toThrow('no');
    await expect(operations.perform(operation('a', 1), fail)).rejects.toThrow('no');
    expect(tries).toBe(1);
  });

  it('refuses an epoch below the highest seen on the target, and only there', async () => {
    const operations = new PlatformOperations<number>();
    const { act, count } = counted();
    await operations.perform(operation('a', 7), act);
    await expect(operations.perform(operation('b', 6), act)).rejects.toThrow(FencedError);
    await operations.perform(operation('c', 7), act);
    await operations.perform(operation('d', 1, { target: 'auth' }), act);
    expect(count()).toBe(3);
  });

  it('returns the result to a repetition even when its epoch is outdated by now', async () => {
    const operations = new PlatformOperations<number>();
    const { act } = counted();
    await operations.perform(operation('a', 1), act);
    await operations.perform(operation('b', 2), act);
    expect(await operations.perform(operation('a', 1), act)).toBe(1);
  });

  it('refuses an id that was used for another act', async () => {
    const operations = new PlatformOperations<number>();
    const { act } = counted();
    await operations.perform(operation('a', 1), act);
    await expect(operations.perform(operation('a', 1, { act: 'stop' }), act)).rejects.toThrow(
      OperationReusedError,
    );
    await expect(operations.perform(operation('a', 1, { target: 'auth' }), act)).rejects.toThrow(
      OperationReusedError,
    );
  });
});
