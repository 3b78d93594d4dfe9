import { describe, expect, it, jest } from '@jest/globals';
import { CallMerger } from './call-merger.ts';

describe('CallMerger', () => {
  it('merges equal calls within the window, and makes another call after it', async () => {
    let now = 0;
    const merger = new CallMerger(50, 100, () => now);
    const call = jest.fn(async () => call.mock.calls.length);
    expect(await Promise.all([merger.run('a', call), merger.run('a', call), merger.run('b', call)])).toEqual([
      1, 1, 2,
    ]);
    now = 49;
    await merger.run('a', call);
    expect(call).toHaveBeenCalledTimes(2);
    now = 50;
    await merger.run('a', call);
    expect(call).toHaveBeenCalledTimes(3);
    expect(merger.merged).toBe(2);
  });

  it('drops expired calls, and the oldest when there are too many', async () => {
    let now = 0;
    const merger = new CallMerger(50, 3, () => now);
    for (const key of ['a', 'b', 'c', 'd', 'e']) await merger.run(key, async () => key);
    expect(merger.size).toBe(3);
    now = 60;
    await merger.run('f', async () => 'f');
    expect(merger.size).toBe(1);
  });
});
